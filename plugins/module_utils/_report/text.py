# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The report as text for the end of a play: totals first, then the steps by cause, then in full what is not ready."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model, places
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import (
    count_line,
    in_full,
    joined,
    names,
    plural,
    steps,
    wrapped,
)

Item = t.Mapping[str, t.Any]


def as_lines(report: model.Report, width: int) -> list[str]:
    """Return the lines."""
    bad = [item for item in [*report["domains"], *report["apps"]] if item["state"] == model.NOT_READY]
    shown = places.columns(report)
    named = [{**item, "place": places.place_of(item, shown)} for item in bad]
    sections = [
        _totals(report),
        _by_account(report),
        _errors(report, width),
        _changes(report),
        steps(report["next_steps"], width),
        _one_line_each(report, shown),
        ["Not ready", *in_full(named, report["next_steps"], width, "report_path writes all of them to a file")]
        if bad
        else [],
    ]
    return joined(sections)


def _totals(report: model.Report) -> list[str]:
    run = report["run"]
    where = ", ".join(_unique(region["region"] for region in report["regions"])) or "no region"
    several = f"{len(report['accounts'])} accounts"
    accounts = several if len(report["accounts"]) > 1 else f"account {''.join(report['accounts']) or 'unknown'}"
    lines = [f"Readiness report of {run['time']}, {accounts}, {where}"]
    for kind in ("domains", "apps"):
        lines.append(f"  {count_line(report['summary'][kind], kind)}")
    return lines


def _by_account(report: model.Report) -> list[str]:
    lines = places.account_lines(report["by_account"])
    return ["By account", *(f"  {line}" for line in lines)] if lines else []


def _errors(report: model.Report, width: int) -> list[str]:
    lines = []
    for region in report["regions"]:
        if region["error"]:
            where = (
                f"{region['target']} ({region['account']}, {region['region']})"
                if region["target"]
                else region["region"]
            )
            where = where or "AWS"
            lines += wrapped(f"AWS did not show all of {where}: {region['error']}", "", width)
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
            found = [item["name"] for item in report["changes"][kind][word]]
            if found:
                lines.append(f"  {plural(len(found), kind)} {word}: {names(found)}")
    return lines if len(lines) > 1 else [*lines, "  none"]


def _one_line_each(report: model.Report, shown: t.Sequence[str]) -> list[str]:
    """One line for each app that is not in full below; the apps of a cause that nobody looked into are only counted."""
    lines = [
        f"  {model.SHAPES[app['state']]} {model.app_name(app)}: {model.LABELS[app['state']]}{_versions(app)}"
        + places.place_of(app, shown)
        for app in report["apps"]
        if app["state"] in (model.READY, model.AFTER_RESTART)
    ]
    return ["Apps", *lines] if lines else []


def _versions(app: Item) -> str:
    known = [f"{label} {app[name]}" for name, label in _VERSIONS if app[name]]
    return f", {', '.join(known)}" if known else ""


_VERSIONS = (("docker_cli", "docker"), ("compose", "Compose"), ("engine", "engine"))


def _unique(names: t.Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]
