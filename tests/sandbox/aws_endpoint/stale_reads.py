# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that do not show the last writes yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Generic, TypeVar

_State = TypeVar("_State")


class Past(Generic[_State]):
    """The states before the writes of the last seconds, in their order."""

    def __init__(self) -> None:
        self._states: list[tuple[datetime, _State]] = []

    def remember(self, before: _State, now: datetime) -> None:
        """Keep the state before a write that is made now."""
        self._states.append((now, before))

    def forget(self) -> None:
        """Show the present from now on."""
        self._states.clear()

    def shown(self, present: _State, now: datetime, seconds: float) -> _State:
        """What a read shows: the state before the first write that is not yet so many seconds old."""
        oldest = now - timedelta(seconds=seconds)
        self._states = [(written, before) for written, before in self._states if written > oldest]
        return self._states[0][1] if self._states else present
