# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.changes import (
    last_change_text,
    last_changes,
)

USER = {"type": "AssumedRole", "name": "Admin/alice", "source_identity": None, "invoked_by": None}
CHANGE = {
    "event_name": "UpdateDomain",
    "event_time": "2026-01-31T12:00:00+00:00",
    "user": USER,
    "source_ip_address": "203.0.113.4",
    "user_agent": "aws-cli/2.31.0 md/installer#exe",
    "made_by_this_collection": False,
    "awx_job_id": None,
}


def found(change: Any = CHANGE, unknown: str | None = None, **members: Any) -> dict[str, Any]:
    return {"domain_id": "d-1", "last_change": change, "unknown_because": unknown, **members}


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({}, "Last changed by Admin/alice (AssumedRole) with aws-cli/2.31.0 from 203.0.113.4 at "),
        ({"event_name": "CreateDomain"}, "Created by Admin/alice (AssumedRole) with aws-cli/2.31.0 "),
        ({"made_by_this_collection": True}, "Last changed by Admin/alice (AssumedRole) with this collection from "),
        (
            {"made_by_this_collection": True, "awx_job_id": 42},
            "Last changed by Admin/alice (AssumedRole) with this collection in AWX job 42 ",
        ),
        ({"user": {**USER, "source_identity": "bob"}}, "Last changed by Admin/alice (AssumedRole) for bob with "),
        (
            {"user": {**USER, "invoked_by": "cloudformation.amazonaws.com"}},
            "Last changed by Admin/alice (AssumedRole) with cloudformation.amazonaws.com ",
        ),
        (
            {"user_agent": None, "source_ip_address": None},
            "Last changed by Admin/alice (AssumedRole) at 2026-01-31T12:00:00+00:00.",
        ),
    ],
)
def test_a_change_is_a_sentence(members: dict[str, Any], text: str) -> None:
    assert last_change_text(found({**CHANGE, **members})).startswith(text)


def test_what_is_not_known_follows() -> None:
    assert last_change_text(found(unknown="A later one may follow.")).endswith(
        "12:00:00+00:00. A later one may follow."
    )
    assert last_change_text(found(None, "The last one is older.")) == (
        "CloudTrail does not show who changed the Docker settings last. The last one is older."
    )
    assert last_change_text(found(None, error="No rights.")).endswith("changed the Docker settings last. No rights.")


DOMAINS = [{"domain_id": "d-1", "changed": True, "target": name} for name in ("one", "two")]


def test_a_target_that_failed_as_a_whole_tells_it_at_each_domain() -> None:
    result = {
        "domains": [found(target="one")],
        "targets": [{"name": "one"}, {"name": "two", "error": "The role cannot be assumed."}],
        "msg": "1 of 2 target(s) failed.",
    }
    texts = last_changes(DOMAINS, result)
    assert texts["one", "d-1"][0].startswith("Last changed by")
    assert texts["two", "d-1"] == [
        "CloudTrail does not show who changed the Docker settings last. The role cannot be assumed."
    ]


def test_a_module_that_failed_as_a_whole_tells_it_at_the_domains_that_differ() -> None:
    domains = [{"domain_id": "d-1", "changed": True}, {"domain_id": "d-2", "changed": False}]
    texts = last_changes(domains, {"domains": [], "msg": "No credentials."})
    assert texts["", "d-1"][0].endswith("No credentials.")
    assert texts["", "d-2"] == []


def test_nothing_is_said_where_nobody_asked() -> None:
    assert last_changes(DOMAINS, {}) == {("one", "d-1"): [], ("two", "d-1"): []}
