# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.home import home_space, home_tmp

from tests.unit.studio_app import studio_app

TMP = "/home/sagemaker-user/tmp"


def app_with(**changes):
    return studio_app(home={**studio_app()["home"], **changes})


@pytest.mark.parametrize(
    ("changes", "observed", "command"),
    [
        (
            {"tmp_exists": False, "tmp_is_folder": False, "tmp_link_target": "/opt/x", "tmp_in_home": None},
            f"{TMP} is a link to /opt/x, which does not exist",
            f"rm {TMP}",
        ),
        ({"tmp_is_folder": False}, f"{TMP} is not a folder", f"mv {TMP} {TMP}.bak"),
        (
            {"tmp_link_target": "/tmp", "tmp_in_home": False},  # noqa: S108 - a fact
            f"{TMP} is a link to /tmp, outside of the home",
            f"rm {TMP} && mkdir {TMP}",
        ),
        ({"tmp_in_home": False}, f"{TMP} is on another file system than the home", f"sudo umount {TMP}"),
        (
            {"tmp_writable": False, "read_only": True},
            "/home/sagemaker-user is read-only",
            "findmnt -T /home/sagemaker-user",
        ),
        (
            {"tmp_exists": False, "tmp_is_folder": False, "tmp_in_home": None, "tmp_writable": False},
            f"{TMP} does not exist",
            "sudo chown -R sagemaker-user /home/sagemaker-user",
        ),
    ],
)
def test_a_folder_that_a_job_cannot_use(changes, observed, command):
    found = home_tmp(app_with(**changes))
    assert (found.status, found.observed) == ("failed", observed)
    assert found.reason
    assert found.remediation.endswith(command)


def test_a_link_inside_the_home():
    assert home_tmp(app_with(tmp_link_target="/home/sagemaker-user/data")).status == "ok"


@pytest.mark.parametrize(
    ("inodes", "status"), [(None, "ok"), (10_000, "ok"), (9999, "warning"), (1000, "warning"), (999, "failed")]
)
def test_inodes(inodes, status):
    found = home_space(app_with(free_inodes=inodes), 1, 5)
    assert found.status == status
    assert ("du --inodes" in found.remediation) is (status != "ok")
