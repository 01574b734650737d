# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The findings of a check as a table that people read."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    SKIPPED,
    WARNING,
)

WIDTH = 100
_PROBLEM = ("expected", "reason", "remediation")
_DETAILS = {OK: ("remediation",), SKIPPED: ("reason",), WARNING: _PROBLEM, FAILED: _PROBLEM}


def as_text(findings: list[Mapping[str, str]], width: int = WIDTH) -> str:
    """Return the findings as a table of C(width) columns, with reason and remediation where a check is not ok."""
    columns = max((len(finding["check"]) for finding in findings), default=0)
    lines = [line for finding in findings for line in _lines(finding, columns, width)]
    return "\n".join([*lines, "", _summary(findings)])


def problems_only(findings: list[Mapping[str, str]], width: int = WIDTH) -> list[str]:
    """Return the table with one line for all checks that are ok, and one for those that were not made."""
    problems = [finding for finding in findings if finding["status"] not in (OK, SKIPPED)]
    lines = []
    for status in (OK, SKIPPED):
        if checks := [finding["check"] for finding in findings if finding["status"] == status]:
            lines += _wrapped(", ".join(checks), f"{status.upper():<7}  ", width)
    columns = max((len(finding["check"]) for finding in problems), default=0)
    lines += [line for finding in problems for line in _lines(finding, columns, width)]
    return [*lines, _summary(findings)]


def _lines(finding: Mapping[str, str], columns: int, width: int) -> list[str]:
    first = f"{finding['status'].upper():<7}  {finding['check']:<{columns}}  "
    lines = _wrapped(finding["observed"], first, width)
    for field in _DETAILS[finding["status"]]:
        lines += _wrapped(finding[field], f"{'':9}{field + ':':<13}", width) if finding[field] else []
    return lines


def _wrapped(text: str, start: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        # A path or an address must stay in one piece.
        break_on_hyphens=False,
        break_long_words=False,
    ) or [start.rstrip()]


def _summary(findings: list[Mapping[str, str]]) -> str:
    counts = {status: sum(finding["status"] == status for finding in findings) for status in _DETAILS}
    if findings and counts[SKIPPED] == len(findings):
        return "Whether local mode works here is unknown: every check was skipped."
    warnings = "warning" if counts[WARNING] == 1 else "warnings"
    also = f", {counts[WARNING]} {warnings}" if counts[WARNING] else ""
    also += f", {counts[SKIPPED]} skipped" if counts[SKIPPED] else ""
    if counts[FAILED]:
        return f"Local mode will not work here: {counts[FAILED]} failed{also}."
    return f"Local mode can work here: nothing failed{also}."
