# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The one deadline of the work on a resource: all calls, retries and waits together."""

from __future__ import annotations

import contextlib
import contextvars
import time
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import CallError

_current: contextvars.ContextVar[Deadline | None] = contextvars.ContextVar("deadline", default=None)


class TimeLimitExceeded(CallError):
    """The work on a resource took longer than wait_timeout."""


class Deadline:
    """So many seconds from the first call that is sent: a resource that waits for its turn loses no time."""

    def __init__(self, seconds: float, option: str = "wait_timeout") -> None:
        self.seconds = seconds
        self.option = option
        self._ends_at: float | None = None

    def start(self) -> None:
        """Start the time, unless it runs already."""
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self.seconds

    def remaining(self) -> float:
        """Return the seconds that are left, 0 after the end."""
        return self.seconds if self._ends_at is None else max(0.0, self._ends_at - time.monotonic())

    def error(self, state: str) -> TimeLimitExceeded:
        """Return the failure; C(state) is the last known state, which completes "it"."""
        return TimeLimitExceeded(
            f"it {state} after {self.seconds:g} s ({self.option} {self.seconds:g} s): run this again later, or raise "
            f"{self.option}"
        )


def current_deadline() -> Deadline | None:
    """Return the deadline of the resource that this thread works on."""
    return _current.get()


@contextlib.contextmanager
def time_limit(seconds: float, option: str = "wait_timeout") -> t.Iterator[Deadline]:
    """Give the work in this block so many seconds. A block within another one has the deadline of the outer one.

    The deadline of another C(option), that of a target, ends where the work on one of its resources begins.
    """
    outer = _current.get()
    if outer is not None and outer.option == option:
        yield outer
        return
    deadline = Deadline(seconds, option)
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)
