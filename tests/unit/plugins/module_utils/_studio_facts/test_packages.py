# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import packages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.packages import (
    DOCKER_PACKAGES,
    parse_status,
)

STATUS = """\
Package: docker-ce-cli
Status: install ok installed
Conffiles:
 /etc/docker: x 0
Version: 5:20.10.24~3-0~ubuntu-jammy
Description: Docker CLI
 Package: no field: this is text

Package: docker.io
Status: deinstall ok config-files
Version: 20.10.21

Package: docker-compose-plugin
Status: install ok half-configured
Version: 2.29.2

Package: containerd.io
Status: hold ok installed
Version: 1.7

Package: bash
Status: install ok installed
Version: 5.1
"""


def test_parse_status():
    found = parse_status(STATUS, DOCKER_PACKAGES)
    assert found == {"docker-ce-cli": "5:20.10.24~3-0~ubuntu-jammy", "containerd.io": "1.7"}


@pytest.mark.parametrize(("status", "found"), [(STATUS, {"docker-ce-cli", "containerd.io"}), (None, set())])
def test_installed_packages(tmp_path, monkeypatch, status, found):
    monkeypatch.setattr(packages, "_STATUS", tmp_path / "status")
    if status:
        (tmp_path / "status").write_text(status)
    assert set(packages.installed_packages()) == found


def test_parse_status_of_nothing():
    assert parse_status("", DOCKER_PACKAGES) == {}
