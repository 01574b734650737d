# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import app_result
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError

from tests.unit.studio_apps import DOMAIN, HOUR, LAB, NOON


def result(status="InService", **values):
    return AppResult(DOMAIN, LAB, status, selected=True, **values)


def left(*results):
    return {key: [app["owner"] for app in apps] for key, apps in app_result.apps_to_restart(results, ["d-1"]).items()}


def test_only_a_selected_app_that_was_not_restarted_is_left_to_restart():
    failed = result("Deleted", changed=True)
    failed.fail(ResourceError("it is gone"), "eu-west-1")
    assert left(result(changed=True)) == {"d-1": []}
    assert left(AppResult(DOMAIN, LAB, "InService")) == {"d-1": []}
    assert left(failed, result()) == {"d-1": ["ada-space", "ada-space"]}


def test_an_app_left_to_restart_has_the_form_of_sagemaker_domain_info():
    assert app_result.apps_to_restart([result()], ["d-1"])["d-1"] == [
        {
            "type": "JupyterLab",
            "name": "default",
            "owner": "ada-space",
            "owner_type": "space",
            "status": "InService",
            "creation_time": "2026-01-31T11:00:00+00:00",
            "predates_domain_update": True,
        }
    ]


def test_an_app_without_a_creation_time_does_not_predate_the_update():
    new = AppResult(DOMAIN, {**LAB, "CreationTime": NOON + HOUR}, "InService", selected=True)
    unknown = AppResult(DOMAIN, {key: LAB[key] for key in LAB if key != "CreationTime"}, "InService", selected=True)
    apps = app_result.apps_to_restart([new, unknown], ["d-1"])["d-1"]
    assert [app["predates_domain_update"] for app in apps] == [False, False]
