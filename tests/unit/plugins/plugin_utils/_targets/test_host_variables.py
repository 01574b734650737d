# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of the inventory as targets."""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets.host_variables import (
    no_target,
    problem,
    regions_of,
    target_of,
)


def test_a_host_is_a_target_with_what_is_set():
    variables = {"studio_target_region": "eu-west-1", "studio_target_role_arn": "", "studio_target_account_name": "x"}
    target = target_of("one", variables, {"wait": False})
    assert target == {"name": "one", "region": "eu-west-1", "options": {"wait": False}}
    assert problem("one", variables) is None


def test_a_host_without_a_region_is_refused():
    text = problem("one", {})
    assert text.startswith(
        "one: set the host variable studio_target_region, such as eu-west-1, or studio_target_regions"
    )


def test_no_host():
    assert "the group studio_targets of the inventory has no host" in no_target(0, None)
    assert "the limit localhost leaves out all 3 host(s)" in no_target(3, "localhost")


def test_the_regions_of_an_account():
    assert regions_of(None) == regions_of("") == []
    assert regions_of("eu-west-1, us-east-1") == regions_of(["eu-west-1", "us-east-1", "eu-west-1"])
