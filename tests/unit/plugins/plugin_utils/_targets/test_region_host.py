# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host that is an account, for one of its regions."""

from __future__ import annotations

from ansible.inventory.group import Group
from ansible.inventory.host import Host
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets.region_host import hosts_of, name_of


def test_each_region_is_a_target_in_the_group_of_its_region_only():
    names = ("studio_targets", "region_eu_west_1", "region_us_east_1", "region_emea")
    groups = {name: Group(name) for name in names}
    account = Host("vision")
    account.set_variable("studio_target_account_name", "vision")
    for name in ("studio_targets", "region_us_east_1", "region_emea"):
        account.add_group(groups[name])
    eu, us = hosts_of(account, ["eu-west-1", "us-east-1"], groups)
    assert [group.name for group in eu.get_groups()] == ["studio_targets", "region_emea", "region_eu_west_1"]
    assert [group.name for group in us.get_groups()] == ["studio_targets", "region_us_east_1", "region_emea"]
    assert [name_of(host) for host in (account, eu, us)] == ["vision", "vision.eu-west-1", "vision.us-east-1"]
    variables = eu.get_vars()
    assert variables["inventory_hostname"] == "vision.eu-west-1"
    assert variables["studio_target_region"] == "eu-west-1"
    assert variables["studio_target_account_name"] == "vision"
    assert eu.name == "vision"
    assert "studio_target_region" not in account.get_vars()
