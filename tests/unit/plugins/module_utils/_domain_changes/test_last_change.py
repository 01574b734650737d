# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.event import read_event
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.last_change import (
    LastChange,
    last_change,
)

from tests.unit.domain_events import DISABLED, ENABLED, NOW, ago, creation, domain, record, update

OLD = ago(days=400)


def changed(description: dict[str, Any], *events: dict[str, Any]) -> LastChange:
    return last_change(description, filter(None, map(read_event, events)), NOW)


def test_the_newest_update_of_the_docker_settings_explains_the_present_ones() -> None:
    events = [update(ago(days=1)), update(ago(days=2), DISABLED), update(ago(days=3), ENABLED)]
    for order in (events, events[::-1], events * 2):
        found = changed(domain(OLD, ago(days=1)), *order)
        assert found.event
        assert found.event.time == ago(days=2)
        assert found.unknown_because is None


def test_without_an_update_the_creation_is_the_last_change() -> None:
    found = changed(domain(ago(days=9), ago(days=9)), creation(ago(days=9)))
    assert found.event
    assert (found.event.name, found.unknown_because) == ("CreateDomain", None)


def test_while_an_update_runs_the_settings_tell_nothing() -> None:
    running = {**domain(OLD, ago(days=1)), "Status": "Updating"}
    for events in ([update(ago(days=2), DISABLED)], []):
        assert "An update of the domain is running" in str(changed(running, *events).unknown_because)


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        (domain(OLD, ago(days=100)), "event history has the last 90 days only"),
        (
            domain(OLD, ago(minutes=3)),
            "was updated at 2026-01-31T11:57:00+00:00, and CloudTrail usually shows a call within 15 minutes",
        ),
        (domain(OLD, ago(days=10)), "has no update of the DockerSettings: the last one is older"),
        (domain(ago(days=20), ago(days=10)), "neither an update of the DockerSettings nor the creation"),
        ({}, "the last one is older"),
    ],
)
def test_why_there_is_no_change(description: dict[str, Any], reason: str) -> None:
    found = changed(description, update(ago(days=10)))
    assert found.event is None
    assert reason in str(found.unknown_because)


@pytest.mark.parametrize(
    ("modified", "reason"),
    [
        (ago(minutes=3), "a later one may follow. The domain was updated at 2026-01-31T11:57:00+00:00"),
        (ago(hours=3), "the update failed, or CloudTrail's event history does not have a later one"),
    ],
)
@pytest.mark.parametrize("event", [update(ago(days=1), ENABLED), creation(ago(days=1), ENABLED)])
def test_a_change_that_does_not_lead_to_the_present_settings_is_doubted(event: Any, modified: Any, reason: str) -> None:
    found = changed(domain(ago(days=1), modified), event)
    assert found.event
    assert reason in str(found.unknown_because)


def test_a_setting_that_an_update_did_not_send_tells_nothing() -> None:
    found = changed(domain(OLD, ago(days=1), RootlessDocker="ENABLED"), update(ago(days=1), DISABLED))
    assert found.unknown_because is None


def test_a_creation_without_settings_does_not_explain_docker_access() -> None:
    found = changed(domain(ago(days=9), ago(days=9), "ENABLED"), creation(ago(days=9)))
    assert "did not lead to the present settings" in str(found.unknown_because)


def test_a_call_without_recorded_parameters_is_uncertain() -> None:
    arn = {"domainArn": "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1"}
    found = changed(domain(OLD, ago(days=1)), record(ago(days=1), requestParameters=None, responseElements=arn))
    assert found.event
    assert "did not record all parameters" in str(found.unknown_because)
