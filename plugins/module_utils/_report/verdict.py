# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Whether a report fails the run, and the part of it that AWX keeps as an artifact. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import count_line, names

FAIL_ON = ("failed", "warning", "never")
# AWX stores artifacts in its database and gives them to the next job as variables.
_MOST_NAMES = 100


def failure(report: model.Report, fail_on: str) -> str:
    """Return why the run fails, in one line; empty if it does not."""
    if fail_on == "never":
        return ""
    places = [r.get("target") or r["region"] or "the region" for r in report["regions"] if r["error"]]
    reasons = [f"AWS did not show all of {names(places)}"] if places else []
    for kind in ("domains", "apps"):
        if any(_is_bad(item, fail_on) for item in report[kind]):
            reasons.append(count_line(report["summary"][kind], kind))
    return f"report_fail_on is {fail_on}. {'. '.join(reasons)}." if reasons else ""


def _is_bad(item: t.Mapping[str, t.Any], fail_on: str) -> bool:
    if fail_on == "warning":
        has_warning = any(finding["status"] in (FAILED, WARNING) for finding in item["findings"])
        return item["state"] != model.READY or has_warning
    # A domain that could not be described may hide anything.
    return item["state"] == model.NOT_READY or bool(item.get("error"))


def artifact(report: model.Report) -> dict[str, t.Any]:
    """Return the counts and the first names, bounded whatever the size of the fleet."""
    by_state = {
        state: {
            "domains": [d["domain_id"] for d in report["domains"] if d["state"] == state][:_MOST_NAMES],
            "apps": [model.app_name(app) for app in report["apps"] if app["state"] == state][:_MOST_NAMES],
        }
        for state in (model.NOT_READY, model.AFTER_RESTART, model.NOT_CHECKED)
    }
    steps = [{name: step[name] for name in ("cause", "status", "domains", "apps")} for step in report["next_steps"]]
    return {
        "schema_version": report["schema_version"],
        "time": report["run"]["time"],
        "summary": report["summary"],
        "next_steps": steps[:_MOST_NAMES],
        **by_state,
    }
