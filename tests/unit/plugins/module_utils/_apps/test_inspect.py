# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.inspect import AppInspector
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import AppSelection

from tests.unit.scripted_sagemaker import ScriptedSageMaker, refusal
from tests.unit.studio_apps import DOMAIN, LAB

SELECTION = AppSelection(("JupyterLab",), None, predates_domain_update=True)


def inspected(sagemaker, method="find_apps_to_restart"):
    result = AppResult(DOMAIN, LAB, "InService")
    getattr(AppInspector(sagemaker.api(), SELECTION), method)([result])
    return result


@pytest.mark.parametrize("method", ["find_apps_to_restart", "find_apps_to_delete"])
@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFound"])
@pytest.mark.parametrize("now", [{**LAB, "Status": "Deleted"}, refusal("ResourceNotFound")], ids=["deleted", "gone"])
def test_an_app_that_is_stopped_before_its_tags_are_read_is_not_selected(method, code, now):
    result = inspected(ScriptedSageMaker(describe_app=[LAB, now], list_tags=[refusal(code)]), method)
    assert (result.error, result.selected) == (None, False)


def test_a_running_app_whose_tags_are_refused_is_a_failure():
    result = inspected(ScriptedSageMaker(describe_app=[LAB], list_tags=[refusal("ValidationException", "No.")]))
    assert "ValidationException: No." in result.error


def test_an_app_that_failed_before_its_tags_are_read_is_deleted():
    failed = {**LAB, "Status": "Failed"}
    sagemaker = ScriptedSageMaker(describe_app=[LAB, failed], list_tags=[refusal("ValidationException")])
    result = inspected(sagemaker, "find_apps_to_delete")
    assert (result.error, result.selected, result.status) == (None, True, "Failed")
