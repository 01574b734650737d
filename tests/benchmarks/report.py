# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a benchmark: what was measured, what is to be reached, and whether it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """A measured value that must not be greater than `most`."""

    name: str
    value: float
    most: float
    unit: str = ""

    @property
    def reached(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.name} {self.value:.3g}{self.unit} (at most {self.most:g}{self.unit})"


@dataclass(frozen=True)
class Row:
    """One piece of work: the calls it made, those it should have made, and its bounds."""

    work: str
    calls: Counter[str]
    expected_calls: dict[str, int]
    bounds: list[Bound]

    @property
    def reached(self) -> bool:
        return self._calls_are_right() and all(bound.reached for bound in self.bounds)

    def _calls_are_right(self) -> bool:
        return all(self.calls[operation] == count for operation, count in self.expected_calls.items())

    def lines(self) -> Iterable[str]:
        yield f"{'ok    ' if self.reached else 'MISSED'}  {self.work}"
        calls = ", ".join(f"{count} {operation}" for operation, count in sorted(self.calls.items()))
        wrong = "" if self._calls_are_right() else f", expected {self.expected_calls}"
        if calls or wrong:
            yield f"          calls: {calls}{wrong}"
        for bound in self.bounds:
            yield f"          {'  ' if bound.reached else '! '}{bound}"
