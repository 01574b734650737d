# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DescribeDomain shows after an accepted update, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult, reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings_resource import (
    DockerSettingsResource,
)

from tests.unit.scripted_sagemaker import ScriptedSageMaker, hurry, refusal
from tests.unit.studio_apps import DOMAIN, HOUR, NOON


def described(access, modified=NOON, status="InService", **members):
    settings = {"DockerSettings": {"EnableDockerAccess": access}}
    return {**DOMAIN, "Status": status, "LastModifiedTime": modified, "DomainSettings": settings, **members}


BEFORE = described("DISABLED")
UPDATING = described("DISABLED", NOON + HOUR, "Updating")
AFTER = described("ENABLED", NOON + HOUR)


def updated(sagemaker, before=BEFORE, timeout=5, wait=True):
    result = ResourceResult("d-1", before)
    resource = DockerSettingsResource(sagemaker.api(), "d-1")
    return reconcile(
        resource,
        result,
        lambda current: replace(current, enable_docker_access=True),
        WaitPolicy(wait, timeout),
        check_mode=False,
    )


@pytest.mark.parametrize(
    ("before", "answers"),
    [
        (BEFORE, [BEFORE, BEFORE, UPDATING, AFTER]),
        (BEFORE, [BEFORE, AFTER]),
        (described("DISABLED", status="Update_Failed"), [described("DISABLED", status="Update_Failed"), AFTER]),
        (described("DISABLED", None), [described("DISABLED", None), described("ENABLED", None)]),
    ],
    ids=["updating", "updated-at-once", "after-a-failed-update", "without-times"],
)
def test_a_stale_read_ends_no_wait(monkeypatch, before, answers):
    hurry(monkeypatch)
    sagemaker = ScriptedSageMaker(describe_domain=answers)
    result = updated(sagemaker, before)
    assert (result.error, result.changed, result.updating) == (None, True, False)
    assert sagemaker.calls == {"update_domain": 1, "describe_domain": len(answers)}


def test_an_update_that_stays_invisible_is_a_failure_and_a_change(monkeypatch):
    hurry(monkeypatch, stale_seconds=0.1)
    result = updated(ScriptedSageMaker(describe_domain=[BEFORE]))
    assert "still describes the settings and the LastModifiedTime from before it: enable_docker_access" in result.error
    assert "Somebody else" not in result.error
    assert result.changed


def test_so_is_one_whose_time_is_over(monkeypatch):
    hurry(monkeypatch)
    result = updated(ScriptedSageMaker(describe_domain=[BEFORE]), timeout=1)
    assert result.error.startswith("it was still described as before the change after 1 s (wait_timeout 1 s)")
    assert result.changed


def test_a_later_description_with_the_old_settings_is_not_stale(monkeypatch):
    hurry(monkeypatch)
    ignored = described("DISABLED", NOON + HOUR)
    sagemaker = ScriptedSageMaker(describe_domain=[BEFORE, ignored])
    result = updated(sagemaker)
    assert "then describes other settings: enable_docker_access: expected True, observed False" in result.error
    assert not result.changed
    assert sagemaker.calls["describe_domain"] == 2


def test_an_update_that_failed_is_not_stale(monkeypatch):
    hurry(monkeypatch)
    failed = described("DISABLED", NOON + HOUR, "Update_Failed", FailureReason="a reason")
    result = updated(ScriptedSageMaker(describe_domain=[BEFORE, failed]))
    assert result.error == "it ended in status Update_Failed: a reason"


def test_a_domain_that_is_deleted_during_the_wait_is_told(monkeypatch):
    hurry(monkeypatch)
    result = updated(ScriptedSageMaker(describe_domain=[UPDATING, refusal("ResourceNotFound")]))
    assert (result.error, result.error_code) == ("it was deleted meanwhile", "ResourceNotFound")


def test_a_failed_poll_has_the_name_of_the_operation(monkeypatch):
    hurry(monkeypatch)
    result = updated(ScriptedSageMaker(describe_domain=[UPDATING, refusal("ValidationException", "No.")]))
    assert result.error == "DescribeDomain in eu-west-1: ValidationException: No."


def test_without_waiting_nothing_is_read(monkeypatch):
    hurry(monkeypatch)
    sagemaker = ScriptedSageMaker(describe_domain=[BEFORE])
    result = updated(sagemaker, wait=False)
    assert (result.error, result.changed) == (None, True)
    assert sagemaker.calls == {"update_domain": 1}
