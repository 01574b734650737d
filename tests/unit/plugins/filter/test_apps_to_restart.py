# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.filter.apps_to_restart import apps_to_restart


def app(owner="ada", **changes):
    return {"type": "JupyterLab", "name": "default", "owner": owner, "owner_type": "space", **changes}


REPORT = [
    {"domain_id": "d-1", "apps_to_restart": [app("ada"), app("bob")]},
    {"domain_id": "d-2", "apps_to_restart": [app("ada")]},
]


def left(*results):
    """The owners of the apps that are left."""
    return {domain: [app["owner"] for app in apps] for domain, apps in apps_to_restart(REPORT, list(results)).items()}


def test_before_any_restart_all_are_left():
    assert apps_to_restart(REPORT) == {"d-1": [app("ada"), app("bob")], "d-2": [app("ada")]}


def test_only_the_restarted_app_of_its_domain_goes():
    restarted = {"apps": [app("ada", domain_id="d-1", status="InService")]}
    assert left(restarted) == {"d-1": ["bob"], "d-2": ["ada"]}


def test_a_name_that_a_space_shares_with_a_profile_is_another_app():
    assert left({"apps": [app("ada", domain_id="d-1", owner_type="user_profile")]}) == left()


def test_an_app_whose_restart_failed_and_those_of_a_module_that_failed_are_left():
    failed = {"apps": [app("ada", domain_id="d-1", error="it ended in status Failed")]}
    assert left(failed, {"failed": True, "msg": "AccessDenied"}) == left()
