# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The report as Markdown, for a wiki, an issue or the summary of a CI job."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model, places
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.printable import printable
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import (
    concerns,
    count_line,
    plural,
)

Item = t.Mapping[str, t.Any]
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_COLUMNS = {
    "Domain": "domain_name",
    "Owner": "owner",
    "App": "app_type",
    "Status": "status",
    "Instance": "instance_type",
    "CLI": "docker_cli",
    "Compose": "compose",
    "Engine": "engine",
}


def as_markdown(report: model.Report) -> str:
    """Return the report. Every text of a user or of AWS is escaped: it has no markup, no HTML, no link."""
    parts = [
        _head(report),
        _by_account(report),
        _errors(report),
        _changes(report),
        _steps(report),
        _apps(report),
        _problems(report),
    ]
    return "\n".join(line for part in parts if part for line in [*part, ""])


def escape(text: str) -> str:
    return _MARKUP.sub(r"\\\1", printable(text))


def _head(report: model.Report) -> list[str]:
    lines = ["# Readiness of local mode", "", escape(f"{report['run']['time']}, {', '.join(report['accounts'])}"), ""]
    return [*lines, *(f"- {count_line(report['summary'][kind], kind)}" for kind in ("domains", "apps"))]


def _by_account(report: model.Report) -> list[str]:
    return [f"- {escape(line)}" for line in places.account_lines(report["by_account"])]


def _errors(report: model.Report) -> list[str]:
    errors = [region for region in report["regions"] if region["error"]]
    return [f"- {escape(region['target'] or region['region'])}: {escape(region['error'])}" for region in errors]


def _changes(report: model.Report) -> list[str]:
    if not report["changes"]:
        return []
    lines = []
    for kind in ("domains", "apps"):
        for item in report["changes"][kind]["changed"]:
            states = f"{model.LABELS[item['before']]}, now {model.LABELS[item['state']]}"
            lines.append(f"- {escape(item['name'])}: {states}")
        for word in ("added", "removed"):
            found = report["changes"][kind][word]
            lines += [f"- {plural(len(found), kind)} {word}"] if found else []
    return [f"## Changes since {escape(report['changes']['since'])}", "", *(lines or ["None."])]


def _steps(report: model.Report) -> list[str]:
    lines = []
    for number, step in enumerate(report["next_steps"], 1):
        text = " ".join(filter(None, [step["reason"], step["remediation"]]))
        lines.append(f"{number}. **{escape(step['cause'])}** ({concerns(step)}): {escape(text)}")
        for command in step["commands"]:
            fence = _fence(command)
            lines += ["", f"   {fence}shell", f"   {printable(command)}", f"   {fence}"]
    return ["## What to do next", "", *lines] if lines else []


def _fence(command: str) -> str:
    longest = max((len(run) for run in re.findall("`+", command)), default=0)
    return "`" * max(3, longest + 1)


def _apps(report: model.Report) -> list[str]:
    if not report["apps"]:
        return []
    columns = {**{place.capitalize(): place for place in places.columns(report)}, **_COLUMNS}
    lines = [f"| State | Space | {' | '.join(columns)} |", f"|{'---|' * (len(columns) + 2)}"]
    for app in report["apps"]:
        state = f"{model.SHAPES[app['state']]} {model.LABELS[app['state']]}"
        cells = [state, escape(model.app_name(app)), *(escape(app[name]) for name in columns.values())]  # type: ignore[literal-required]
        lines.append(f"| {' | '.join(cells)} |")
    return ["## Apps", "", *lines]


def _problems(report: model.Report) -> list[str]:
    lines = []
    shown = places.columns(report)
    items: list[Item] = [*report["domains"], *report["apps"]]
    for item in items:
        found = [finding for finding in item["findings"] if finding["status"] in (FAILED, WARNING)]
        name = model.app_name(item) if "space" in item else model.domain_name(item)
        name += places.place_of(item, shown)
        lines += [f"- {escape(name)}", *(_finding(finding) for finding in found)] if found else []
    return ["## Findings", "", *lines] if lines else []


def _finding(finding: Item) -> str:
    fields = [f"{name}: {finding[name]}" for name in ("expected", "reason", "remediation") if finding[name]]
    text = "; ".join([f"{finding['status'].upper()} {finding['check']}: {finding['observed']}", *fields])
    return f"  - {escape(text)}"
