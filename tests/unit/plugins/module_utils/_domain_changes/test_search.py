# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.search import find_changes

from tests.unit.domain_events import DISABLED, ENABLED, NOW, ago, creation, domain, update

OLD = ago(days=400)


class History:
    """An event history in pages; C(calls) has each page that was read: event name and start."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = pages
        self.calls: list[tuple[str, datetime | None]] = []

    def look_up(self, name: str, start: datetime | None) -> Any:
        for page in self.pages:
            self.calls.append((name, start))
            yield [event for event in page if event["EventName"] == name]

    def changes_of(self, **domains: dict[str, Any]) -> dict[str, list[datetime]]:
        found: dict[str, Any] = {}
        find_changes(self.look_up, {name.replace("_", "-"): item for name, item in domains.items()}, NOW, found)
        return {domain_id: [event.time for event in events] for domain_id, events in found.items()}


def test_one_call_answers_for_many_domains() -> None:
    history = History([update(ago(days=1), ENABLED, "d-1"), update(ago(days=2), DISABLED, "d-2")], [])
    found = history.changes_of(d_1=domain(OLD, ago(days=1)), d_2=domain(OLD, ago(days=2)))
    assert found == {"d-1": [ago(days=1)], "d-2": [ago(days=2)]}
    assert history.calls == [("UpdateDomain", None)]


def test_pages_are_read_until_each_domain_has_a_change() -> None:
    history = History([update(ago(days=1))], [update(ago(days=2), DISABLED)], [update(ago(days=3), ENABLED)])
    assert history.changes_of(d_1=domain(OLD, ago(days=1))) == {"d-1": [ago(days=2)]}
    assert len(history.calls) == 2


def test_nothing_is_asked_about_domains_that_nobody_updated_for_longer_than_the_history() -> None:
    history = History([])
    assert history.changes_of(d_1=domain(OLD, ago(days=91))) == {}
    assert history.calls == []


def test_the_search_begins_before_the_oldest_domain() -> None:
    """CloudTrail has the time of the call in whole seconds: the creation of a domain comes before its CreationTime."""
    history = History([update(ago(days=1), ENABLED), update(ago(days=1), ENABLED, "d-2")])
    history.changes_of(d_1=domain(ago(days=30), ago(days=1)), d_2=domain(ago(days=60), ago(days=1)))
    assert history.calls == [("UpdateDomain", ago(days=60, minutes=15))]


def test_a_creation_of_which_cloudtrail_has_an_earlier_time_is_found() -> None:
    created = ago(days=9).replace(microsecond=250_000)
    event = creation(ago(days=9, seconds=1))

    def look_up(name: str, start: datetime | None) -> Any:
        yield [event] if name == "CreateDomain" and (not start or event["EventTime"] >= start) else []

    found: dict[str, Any] = {}
    find_changes(look_up, {"d-1": domain(created, created)}, NOW, found)
    assert [change.name for change in found["d-1"]] == ["CreateDomain"]


@pytest.mark.parametrize(
    ("created", "names"), [(ago(days=9), ["UpdateDomain", "CreateDomain"]), (OLD, ["UpdateDomain"])]
)
def test_creations_are_asked_for_only_where_they_may_be_in_the_history(created: datetime, names: list[str]) -> None:
    history = History([creation(created)])
    found = history.changes_of(d_1=domain(created, ago(days=1)))
    assert [name for name, _start in history.calls] == names
    assert found == ({"d-1": [created]} if len(names) == 2 else {})


def test_what_was_found_before_a_failure_is_kept() -> None:
    def look_up(name: str, start: datetime | None) -> Any:
        yield [update(ago(days=1), ENABLED)]
        raise TimeoutError

    found: dict[str, Any] = {}
    domains = {"d-1": domain(OLD, ago(days=1)), "d-2": domain(OLD, ago(days=1))}
    with pytest.raises(TimeoutError):
        find_changes(look_up, domains, NOW, found)
    assert set(found) == {"d-1"}
