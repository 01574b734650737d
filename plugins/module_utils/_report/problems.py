# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What failed with a message, by the message: a hundred domains that failed for one reason are one problem. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import names, plural, wrapped


@dataclass(frozen=True)
class Problem:
    """What happened to one domain, space or app."""

    # Such as FAILED, which begins the line.
    word: str
    kind: str
    name: str
    text: str
    # What the text may have of this one only: its ID, its host.
    own_names: tuple[str, ...] = ()

    @property
    def cause(self) -> tuple[str, str, str]:
        text = self.text
        for name in sorted(filter(None, self.own_names), key=len, reverse=True):
            text = text.replace(name, "…")
        return self.word, self.kind, text


def by_cause(problems: t.Iterable[Problem], width: int) -> list[str]:
    """Return the names and the text of each cause once, with the text of the first."""
    causes: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        causes.setdefault(problem.cause, []).append(problem)
    lines = []
    for found in sorted(causes.values(), key=lambda found: -len(found)):
        first = found[0]
        start = f"  {first.word}  {plural(len(found), first.kind)}: "
        lines += wrapped(names([problem.name for problem in found]), start, width)
        for line in first.text.splitlines():
            lines += wrapped(line, "    ", width) if line.strip() else []
    return lines
