# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the texts of the report and of the playbooks' summaries have in common: steps by cause, findings in full."""

from __future__ import annotations

import textwrap
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.printable import printable

# More of them would hide the totals in a log; the files of a report have all.
_MOST_IN_FULL = 25
_MOST_NAMES = 10

Item = t.Mapping[str, t.Any]


def joined(sections: t.Iterable[t.Sequence[str]]) -> list[str]:
    """Return the lines with one between the sections. A name that a user chose has no control characters in them."""
    return [printable(line) for section in sections if section for line in ["", *section]][1:]


def steps(found: t.Sequence[model.Step], width: int) -> list[str]:
    """Return what is wrong by cause, how many it concerns, and the next command."""
    lines = []
    for number, step in enumerate(found, 1):
        lines += wrapped(f"{step['cause']} ({concerns(step)}): {step['reason']}", f"  {number}. ", width)
        lines += wrapped(step["remediation"], "     ", width) if step["remediation"] else []
        # A command stays in one line, so that it can be copied.
        lines += [f"       {command}" for command in step["commands"]]
        total = step["domains"] + step["apps"]
        lines += wrapped(names(step["examples"], total), "     Where: ", width)
    return ["What to do next", *lines] if lines else []


def concerns(step: model.Step) -> str:
    """Return how many domains and apps a step concerns."""
    numbers = [(step["domains"], "domains"), (step["apps"], "apps")]
    return ", ".join(plural(number, kind) for number, kind in numbers if number)


def in_full(items: t.Sequence[Item], found: t.Sequence[model.Step], width: int, where_all_are: str) -> list[str]:
    """Return the domains and apps with the findings that need an action, without the texts that the steps have."""
    told = {text for step in found for text in (step["reason"], step["remediation"])}
    lines = []
    for item in items[:_MOST_IN_FULL]:
        lines.append(f"  {model.SHAPES[item['state']]} {_title(item)}{item.get('place', '')}")
        for finding in item["findings"]:
            if finding["status"] in (FAILED, WARNING):
                lines += _finding(finding, told, width)
    left = len(items) - _MOST_IN_FULL
    return [*lines, f"  … and {left} more: {where_all_are}"] if left > 0 else lines


def _title(item: Item) -> str:
    if "space" not in item:
        return f"domain {model.domain_name(item)}"
    domain = f" in {model.domain_name(item)}" if item["domain_name"] or item["domain_id"] else ""
    return f"app {model.app_name(item)}{domain}"


def _finding(finding: Item, told: t.Collection[str], width: int) -> list[str]:
    lines = wrapped(finding["observed"], f"    {finding['status'].upper():<7} {finding['check']}: ", width)
    for field in ("expected", "reason", "remediation"):
        if finding[field] and finding[field] not in told:
            lines += wrapped(finding[field], f"            {field + ':':<13}", width)
    return lines


def plural(number: int, kind: str) -> str:
    return f"{number} {kind[:-1] if number == 1 else kind}"


def count_line(numbers: t.Mapping[str, int], kind: str) -> str:
    """Return the total and the states that occur, such as "3 apps: 1 ready, 2 not ready"."""
    states = [f"{numbers[state]} {model.LABELS[state]}" for state in model.STATES if numbers[state]]
    return f"{plural(numbers['total'], kind)}{': ' if states else ''}{', '.join(states)}"


def names(found: t.Sequence[str], total: int | None = None) -> str:
    """Return the first names and how many more there are."""
    shown = found[:_MOST_NAMES]
    left = (len(found) if total is None else total) - len(shown)
    return f"{', '.join(shown)}{f' and {left} more' if left > 0 else ''}"


def wrapped(text: str, start: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=start,
        subsequent_indent=" " * min(len(start), 25),
        # A path or an address must stay in one piece.
        break_on_hyphens=False,
        break_long_words=False,
    ) or [start.rstrip()]
