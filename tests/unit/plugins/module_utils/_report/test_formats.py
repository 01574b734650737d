# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every format: it has everything, fits the schema, and a hostile name stays text in it."""

from __future__ import annotations

import json
import re
import time
import xml.etree.ElementTree as ET
from collections import Counter
from html.parser import HTMLParser

import jsonschema
import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import earlier, verdict
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.junit import as_junit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.markdown import as_markdown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.printable import printable
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.text import as_lines
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.render import as_html

from tests.sandbox import layout
from tests.unit.readiness import HOSTILE, app, domain, fleet, hostile, region, report

SCHEMA = json.loads((layout.ROOT / "docs/readiness_report.schema.json").read_text())


def valid(found):
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("found", [report(), fleet(60), hostile("x")], ids=["nothing", "a fleet", "changes"])
def test_the_schema_fits_each_report_and_the_json_in_its_html(found):
    valid(json.loads(json.dumps(found)))
    valid(earlier.parse(as_html(found), "x.html"))


class Parts(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_in_html(name):
    page = as_html(hostile(name))
    harmless, parts = Parts(as_html(hostile("harmless"))), Parts(page)
    assert Counter(tag for tag, _ in parts.tags) == Counter(tag for tag, _ in harmless.tags)
    assert not any(key.startswith("on") for _tag, attributes in parts.tags for key in attributes)
    assert printable(name) in "".join(parts.text)
    assert earlier.parse(page, "x.html")["domains"][0]["domain_name"] == name


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text_elsewhere(name):
    found = hostile(name)
    # It parses, and has a test case for each finding.
    cases = ET.fromstring(as_junit(found)).findall(".//testcase")  # noqa: S314
    assert len(cases) == sum(len(item["findings"]) for item in found["domains"] + found["apps"])
    lines = as_lines(found, 100)
    assert all(line.isprintable() for line in lines)
    # In a block of code nothing is markup.
    markdown = re.sub(r"(`{3,})shell\n.*\n +\1", "", as_markdown(found))
    assert not re.search(r"(?<!\\)<(script|img|svg)", markdown)
    assert not re.search(r"(?<!\\)\]\(", markdown)
    [row] = [line for line in markdown.splitlines() if line.startswith("| ✘")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 11


def test_html_asks_nobody_for_anything():
    parts = Parts(as_html(fleet(20)))
    assert {attributes[key] for _tag, attributes in parts.tags for key in ("src", "href") if key in attributes} == {
        "data:,"
    }
    [policy] = [a["content"] for _t, a in parts.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_a_large_fleet_is_small_and_fast():
    found = fleet(500, domains=100)
    start = time.process_time()
    page = as_html(found)
    assert time.process_time() - start < 2
    assert len(page.encode()) < 2_000_000


def test_text_has_the_totals_first_and_what_failed_last_and_in_full():
    lines = as_lines(fleet(40), 80)
    assert lines[1].startswith("  10 domains: ")
    assert lines[2].startswith("  40 apps: ")
    titles = [line for line in lines if line in ("What to do next", "Apps", "Not ready")]
    assert titles == ["What to do next", "Apps", "Not ready"]
    apps = lines[lines.index("Apps") + 1 : lines.index("Not ready") - 1]
    assert len(apps) <= 40
    assert any(line.startswith("    FAILED  compose: ") for line in lines)


def test_text_keeps_to_its_width_except_for_what_must_stay_in_one_piece():
    lines = as_lines(fleet(40), 60)
    long = [line.strip() for line in lines if len(line) > 60]
    assert all(line.startswith(("ansible", "✔", "↻", "✘", "Readiness", "40 apps")) for line in long)


def test_nothing_at_all_is_said():
    assert as_lines(report(), 80)[1:] == ["  0 domains", "  0 apps"]
    assert "No domain was found." in as_html(report())
    assert ET.fromstring(as_junit(report())).get("tests") == "0"  # noqa: S314


def test_a_region_that_aws_does_not_show_is_in_every_format():
    found = report([type(region())("eu-west-1", {"msg": "No usable AWS credentials."})])
    for text in (
        "\n".join(as_lines(found, 200)),
        as_html(found),
        as_markdown(found).replace("\\", ""),
        as_junit(found),
    ):
        assert "No usable AWS credentials." in text


@pytest.mark.parametrize(
    ("found", "failed", "warning"),
    [
        (report([region([domain(apps=[])])]), False, False),
        (report([region([domain(apps=[app(predates=True)])])]), False, True),
        (report([region([domain(apps=[app()])])]), False, True),
        (report([region([domain(access=False)])]), True, True),
        (report([region([domain(docker_settings=None, error="denied")])]), True, True),
        (report([type(region())("eu-west-1", {"msg": "denied"})]), True, True),
    ],
)
def test_what_fails_the_run(found, failed, warning):
    assert bool(verdict.failure(found, "failed")) is failed
    assert bool(verdict.failure(found, "warning")) is warning
    assert verdict.failure(found, "never") == ""


def test_the_artifact_is_bounded():
    small = len(json.dumps(verdict.artifact(fleet(500, domains=100))))
    assert len(json.dumps(verdict.artifact(fleet(2000, domains=100)))) < small * 1.5 < 60_000
