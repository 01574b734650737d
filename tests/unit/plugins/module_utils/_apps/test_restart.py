# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DescribeApp shows during a restart, and what becomes of it."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import restart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy

from tests.unit.scripted_sagemaker import ScriptedSageMaker, hurry, refusal
from tests.unit.studio_apps import DOMAIN, HOUR, LAB, NOON

GONE = refusal("ResourceNotFound")


def app(status, created=LAB["CreationTime"]):
    return {**LAB, "Status": status, "CreationTime": created}


RUNNING, DELETING, DELETED = app("InService"), app("Deleting"), app("Deleted")
PENDING, NEW = app("Pending", NOON), app("InService", NOON)


def run(sagemaker, status="InService", method="restart", timeout=5):
    result = AppResult(DOMAIN, app(status), status, selected=True, unfinished=status != "InService")
    getattr(restart.AppReconciler(sagemaker.api(), WaitPolicy(wait=True, timeout=timeout)), method)(result)
    return result


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    hurry(monkeypatch)
    monkeypatch.setattr(restart, "_PAUSE", 0.01)


@pytest.mark.parametrize(
    "answers",
    [
        [RUNNING, RUNNING, DELETING, DELETED, PENDING, NEW],
        [RUNNING, DELETED, DELETED, DELETING, PENDING, NEW],
        [RUNNING, GONE, GONE, DELETED, NEW],
    ],
    ids=["deletion", "creation", "not-found"],
)
def test_stale_reads_end_no_wait(answers):
    sagemaker = ScriptedSageMaker(describe_app=answers)
    result = run(sagemaker)
    assert (result.error, result.status, result.changed) == (None, "InService", True)
    assert sagemaker.calls["create_app"] == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [(DELETED, "it ended in status Deleted"), (GONE, "it was deleted meanwhile")],
    ids=["deleted", "not-found"],
)
def test_a_new_app_that_somebody_deletes_is_a_failure(monkeypatch, answer, error):
    hurry(monkeypatch, stale_seconds=0.1)
    result = run(ScriptedSageMaker(describe_app=[RUNNING, DELETED, answer]))
    assert result.error.startswith(error)
    assert result.status != "InService"


def test_an_app_that_its_user_started_again_at_once_is_restarted():
    answers = [RUNNING, RUNNING, NEW]
    sagemaker = ScriptedSageMaker(describe_app=answers, create_app=[refusal("ResourceInUse")])
    result = run(sagemaker)
    assert (result.error, result.status, result.changed) == (None, "InService", True)


@pytest.mark.parametrize("created", [LAB["CreationTime"], None])
def test_an_app_in_service_that_may_be_the_deleted_one_is_waited_for(created):
    sagemaker = ScriptedSageMaker(describe_app=[RUNNING, app("InService", created)])
    result = run(sagemaker, timeout=1)
    assert result.error.startswith("it was still described as before the change after 1 s")
    assert sagemaker.calls["create_app"] == 0


def test_a_failed_app_is_deleted_although_it_is_still_shown_as_failed():
    sagemaker = ScriptedSageMaker(describe_app=[app("Failed"), app("Failed"), DELETED, PENDING, NEW])
    assert run(sagemaker, "Failed").error is None
    assert run(ScriptedSageMaker(describe_app=[app("Failed"), DELETED]), "Failed", "delete").error is None


def test_an_app_that_fails_to_be_deleted_is_a_failure(monkeypatch):
    failed = {**app("Failed", NOON - HOUR), "FailureReason": "It hangs."}
    assert "Failed: It hangs." in run(ScriptedSageMaker(describe_app=[RUNNING, failed])).error
    hurry(monkeypatch, stale_seconds=0.1)
    assert "Failed: It hangs." in run(ScriptedSageMaker(describe_app=[failed]), "Failed").error
