# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import earlier
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.compare import changes
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.render import as_html

from tests.unit.readiness import app, domain, fleet, region, report

BEFORE = report([region([domain(apps=[app("one"), app("two")]), domain("d-2", "old")])])
AFTER = report([region([domain(access=False, apps=[app("one"), app("three")]), domain("d-3", "new")])])


def test_what_changed():
    found = changes(BEFORE, AFTER)
    assert found["since"] == BEFORE["run"]["time"]
    assert [(d["domain_id"], d["before"], d["state"]) for d in found["domains"]["changed"]] == [
        ("d-1", "ready", "not_ready")
    ]
    assert [d["name"] for d in found["domains"]["added"]] == ["new (d-3)"]
    assert [d["name"] for d in found["domains"]["removed"]] == ["old (d-2)"]
    assert [a["name"] for a in found["apps"]["changed"]] == ["one"]
    assert [a["name"] for a in found["apps"]["added"]] == ["three"]
    assert [a["name"] for a in found["apps"]["removed"]] == ["two"]


def test_a_report_equals_itself():
    found = changes(BEFORE, copy.deepcopy(BEFORE))
    assert not any(found[kind][what] for kind in ("domains", "apps") for what in ("added", "removed", "changed"))


def test_an_html_report_is_an_earlier_report_too():
    assert changes(earlier.parse(as_html(fleet(20)), "x.html"), fleet(20))["apps"]["changed"] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a report in JSON or HTML"),
        ("<html></html>", "not a report in JSON or HTML"),
        (json.dumps(BEFORE)[:100], "not a report in JSON or HTML"),
        ("[]", "has no schema_version"),
        (json.dumps({**BEFORE, "schema_version": "0.9"}), "schema version 0.9; this version of the collection reads"),
        (json.dumps({**BEFORE, "schema_version": "2.0"}), "schema version 2.0"),
        (json.dumps({**BEFORE, "apps": [{}]}), "incomplete"),
        (json.dumps({**BEFORE, "domains": None}), "incomplete"),
        (json.dumps({"schema_version": "1.0"}), "incomplete"),
    ],
)
def test_a_broken_earlier_report_is_named_with_the_next_step(text, says):
    with pytest.raises(earlier.ReportError, match=says) as caught:
        earlier.parse(text, "old.json")
    assert "old.json" in str(caught.value)
    assert "report_compare_to" in str(caught.value)
