# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The report as text for the end of a play: totals first, then the steps by cause, then in full what is not ready."""

from __future__ import annotations

import textwrap
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.printable import printable

Item = t.Mapping[str, t.Any]
# More of them would hide the totals in a log; the files have all.
_MOST_IN_FULL = 25


def as_lines(report: model.Report, width: int) -> list[str]:
    """Return the lines. A name that a user chose has no control characters in them."""
    bad = [item for item in [*report["domains"], *report["apps"]] if item["state"] == model.NOT_READY]
    sections = [
        _totals(report),
        _errors(report, width),
        _changes(report),
        _steps(report, width),
        _one_line_each(report),
        _in_full(bad, width),
    ]
    return [printable(line) for section in sections if section for line in ["", *section]][1:]


def _totals(report: model.Report) -> list[str]:
    run = report["run"]
    where = ", ".join(_unique(region["region"] for region in report["regions"])) or "no region"
    accounts = ", ".join(report["accounts"]) or "unknown"
    lines = [f"Readiness report of {run['time']}, account {accounts}, {where}"]
    for kind in ("domains", "apps"):
        lines.append(f"  {count_line(report['summary'][kind], kind)}")
    return lines


def count_line(numbers: t.Mapping[str, int], kind: str) -> str:
    """Return the total and the states that occur, such as "3 apps: 1 ready, 2 not ready"."""
    states = [f"{numbers[state]} {model.LABELS[state]}" for state in model.STATES if numbers[state]]
    return f"{plural(numbers['total'], kind)}{': ' if states else ''}{', '.join(states)}"


def plural(number: int, kind: str) -> str:
    return f"{number} {kind[:-1] if number == 1 else kind}"


def _errors(report: model.Report, width: int) -> list[str]:
    lines = []
    for region in report["regions"]:
        if region["error"]:
            where = region["region"] or "AWS"
            lines += _wrapped(f"AWS did not show all of {where}: {region['error']}", "", width)
    return lines


def _changes(report: model.Report) -> list[str]:
    if not report["changes"]:
        return []
    lines = [f"Changes since {report['changes']['since']}"]
    for kind in ("domains", "apps"):
        for item in report["changes"][kind]["changed"]:
            before, now = model.LABELS[item["before"]], model.LABELS[item["state"]]
            lines.append(f"  {item['name']}: {before}, now {now}")
        for word in ("added", "removed"):
            names = [item["name"] for item in report["changes"][kind][word]]
            if names:
                more = f" and {len(names) - 10} more" if len(names) > 10 else ""
                lines.append(f"  {plural(len(names), kind)} {word}: {', '.join(names[:10])}{more}")
    return lines if len(lines) > 1 else [*lines, "  none"]


def _steps(report: model.Report, width: int) -> list[str]:
    lines = []
    for number, step in enumerate(report["next_steps"], 1):
        lines += _wrapped(f"{step['cause']} ({concerns(step)}): {step['reason']}", f"  {number}. ", width)
        lines += _wrapped(step["remediation"], "     ", width) if step["remediation"] else []
        # A command stays in one line, so that it can be copied.
        lines += [f"       {command}" for command in step["commands"]]
    return ["What to do next", *lines] if lines else []


def concerns(step: model.Step) -> str:
    """Return how many domains and apps a step concerns."""
    numbers = [(step["domains"], "domains"), (step["apps"], "apps")]
    return ", ".join(plural(number, kind) for number, kind in numbers if number)


def _one_line_each(report: model.Report) -> list[str]:
    """One line for each app that is not in full below; the apps of a cause that nobody looked into are only counted."""
    lines = [
        f"  {model.SHAPES[app['state']]} {model.app_name(app)}: {model.LABELS[app['state']]}{_versions(app)}"
        for app in report["apps"]
        if app["state"] in (model.READY, model.AFTER_RESTART)
    ]
    return ["Apps", *lines] if lines else []


def _versions(app: Item) -> str:
    known = [f"{label} {app[name]}" for name, label in _VERSIONS if app[name]]
    return f", {', '.join(known)}" if known else ""


_VERSIONS = (("docker_cli", "docker"), ("compose", "Compose"), ("engine", "engine"))


def _in_full(items: t.Sequence[Item], width: int) -> list[str]:
    lines = []
    for item in items[:_MOST_IN_FULL]:
        is_app = "space" in item
        name = f"{model.app_name(item)} in {model.domain_name(item)}" if is_app else model.domain_name(item)
        lines.append(f"  {model.SHAPES[item['state']]} {'app' if is_app else 'domain'} {name}")
        for finding in item["findings"]:
            if finding["status"] in (FAILED, WARNING):
                lines += _finding(finding, width)
    left = len(items) - _MOST_IN_FULL
    if left > 0:
        lines.append(f"  … and {left} more: report_path writes all of them to a file")
    return ["Not ready", *lines] if lines else []


def _finding(finding: Item, width: int) -> list[str]:
    lines = _wrapped(finding["observed"], f"    {finding['status'].upper():<7} {finding['check']}: ", width)
    for field in ("expected", "reason", "remediation"):
        if finding[field]:
            lines += _wrapped(finding[field], f"            {field + ':':<13}", width)
    return lines


def _wrapped(text: str, start: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=start,
        subsequent_indent=" " * min(len(start), 25),
        # A path or an address must stay in one piece.
        break_on_hyphens=False,
        break_long_words=False,
    ) or [start.rstrip()]


def _unique(names: t.Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]
