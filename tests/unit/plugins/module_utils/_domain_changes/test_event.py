# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.event import read_event

from tests.unit.domain_events import ENABLED, NOW, creation, record, update


@pytest.mark.parametrize(
    ("sent", "settings"),
    [
        (ENABLED, {"enable_docker_access": True, "vpc_only_trusted_accounts": []}),
        ({"rootlessDocker": "DISABLED"}, {"rootless_docker": False}),
        ({"vpcOnlyTrustedAccounts": ["2", "1"]}, {"vpc_only_trusted_accounts": ["1", "2"]}),
        ({"EnableDockerAccess": "DISABLED"}, {"enable_docker_access": False}),
        ({}, {}),
    ],
)
@pytest.mark.parametrize("event", [update, creation])
def test_the_settings_are_those_that_were_sent(event: Any, sent: dict[str, Any], settings: dict[str, Any]) -> None:
    found = read_event(event(NOW, sent))
    assert found
    assert (found.domain_id, found.settings, found.is_complete) == ("d-1", settings, True)


def test_an_update_of_other_settings_does_not_concern_docker() -> None:
    found = read_event(update(NOW))
    assert found
    assert not found.may_concern_docker


@pytest.mark.parametrize("request_", [None, "HIDDEN_DUE_TO_SECURITY_REASONS"])
def test_omitted_parameters_may_concern_docker(request_: Any) -> None:
    arn = {"domainArn": "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1"}
    found = read_event(record(NOW, requestParameters=request_, responseElements=arn))
    assert found
    assert (found.domain_id, found.may_concern_docker, found.is_complete) == ("d-1", True, False)


HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


@pytest.mark.parametrize(
    ("sent", "settings"),
    [
        ({"enableDockerAccess": HIDDEN}, {}),
        ({"enableDockerAccess": True, "rootlessDocker": "ENABLED"}, {"rootless_docker": True}),
        ({"enableDockerAccess": "DISABLED", "vpcOnlyTrustedAccounts": HIDDEN}, {"enable_docker_access": False}),
        (HIDDEN, None),
    ],
)
def test_a_value_that_cloudtrail_hides_is_not_a_setting(sent: Any, settings: dict[str, Any] | None) -> None:
    found = read_event(update(NOW, sent))
    assert found
    assert (found.settings, found.is_complete, found.may_concern_docker) == (settings, False, True)


def test_a_structure_that_cloudtrail_hides_may_concern_docker() -> None:
    found = read_event(record(NOW, requestParameters={"domainId": "d-1", "domainSettingsForUpdate": HIDDEN}))
    assert found
    assert (found.settings, found.is_complete) == (None, False)


def test_an_identity_in_another_form_is_unknown() -> None:
    found = read_event(update(NOW, ENABLED, userIdentity=HIDDEN))
    assert found
    assert found.as_dict()["user"]["type"] == "Unknown"


@pytest.mark.parametrize(
    "event",
    [
        {"EventName": "UpdateDomain", "EventTime": NOW, "CloudTrailEvent": "null"},
        {"EventName": "UpdateDomain", "EventTime": NOW, "CloudTrailEvent": "[]"},
        update(NOW, ENABLED, errorCode="AccessDenied"),
        update(NOW, ENABLED, eventSource="datazone.amazonaws.com"),
        record(NOW, "UpdateSpace", requestParameters={"domainId": "d-1"}),
        record(NOW, requestParameters=None),
        {"EventName": "UpdateDomain", "EventTime": NOW, "CloudTrailEvent": "{"},
        {"EventName": "UpdateDomain", "EventTime": NOW},
    ],
)
def test_refused_calls_and_those_of_other_services_are_no_changes(event: dict[str, Any]) -> None:
    assert read_event(event) is None


def test_the_form_of_a_change() -> None:
    found = read_event(update(NOW, ENABLED, userAgent="APN/1.0 Ansible/2.19 mlops.studio_local_mode awx-job/42"))
    assert found
    change = found.as_dict()
    assert change.pop("user")["name"] == "alice"
    assert change == {
        "event_name": "UpdateDomain",
        "event_time": "2026-01-31T12:00:00+00:00",
        "event_id": f"UpdateDomain-{NOW}",
        "source_ip_address": "203.0.113.4",
        "user_agent": "APN/1.0 Ansible/2.19 mlops.studio_local_mode awx-job/42",
        "made_by_this_collection": True,
        "awx_job_id": 42,
        "docker_settings": {"enable_docker_access": True, "vpc_only_trusted_accounts": []},
    }
