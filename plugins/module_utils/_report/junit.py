# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The report as JUnit XML: one test suite for each domain and app, one test case for each finding."""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model, places
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, SKIPPED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.printable import printable

Item = t.Mapping[str, t.Any]


def as_junit(report: model.Report) -> str:
    """Return the report. A failed finding is a failure, a warning is a passed case with its text."""
    root = ET.Element("testsuites", name="readiness of local mode")
    shown = places.columns(report)
    for region in report["regions"]:
        if region["error"]:
            name = f"target {region['target']}" if region["target"] else f"region {region['region']}"
            suite = _suite(root, name, report["run"]["time"])
            ET.SubElement(_case(suite, "region", "AWS"), "error", message=printable(region["error"]))
            suite.set("tests", "1")
            suite.set("errors", "1")
    for domain in report["domains"]:
        name = f"domain {model.domain_name(domain)}{places.place_of(domain, shown)}"
        _findings(_suite(root, name, report["run"]["time"]), domain)
    for app in report["apps"]:
        name = f"app {model.app_name(app)} in {model.domain_name(app)}{places.place_of(app, shown)}"
        _findings(_suite(root, name, report["run"]["time"]), app)
    for total in ("tests", "failures", "errors", "skipped"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suite(root: ET.Element, name: str, time: str) -> ET.Element:
    timestamp = time.partition("+")[0]
    return ET.SubElement(root, "testsuite", name=printable(name), timestamp=timestamp)


def _case(suite: ET.Element, owner: str, check: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=printable(owner), name=printable(check), time="0")


def _findings(suite: ET.Element, item: Item) -> None:
    name = suite.get("name", "")
    findings = item["findings"]
    for finding in findings:
        case = _case(suite, name, finding["check"])
        text = printable(_text(finding))
        if finding["status"] == FAILED:
            ET.SubElement(case, "failure", message=printable(finding["observed"])).text = text
        elif finding["status"] == SKIPPED:
            ET.SubElement(case, "skipped", message=printable(finding["reason"]))
        elif finding["status"] == WARNING:
            ET.SubElement(case, "system-out").text = text
    statuses = [finding["status"] for finding in findings]
    suite.set("tests", str(len(statuses)))
    suite.set("failures", str(statuses.count(FAILED)))
    suite.set("errors", "0")
    suite.set("skipped", str(statuses.count(SKIPPED)))


def _text(finding: Item) -> str:
    fields = ("observed", "expected", "reason", "remediation")
    return " ".join(f"{field}: {finding[field]}." for field in fields if finding[field])
