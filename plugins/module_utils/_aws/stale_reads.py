# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Reads just after a write. AWS does not document that they show the write at once."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.polls import pause

# For so many seconds after a write, an answer that shows the state before it is taken for a stale one.
SECONDS = 15.0
_PAUSE = 1.0

_T = t.TypeVar("_T")


def for_a_while(shows_before: t.Callable[[_T], bool]) -> t.Callable[[_T], bool]:
    """Return C(shows_before), which tells an answer of the state before a write, for the write that was made now.

    What it returns says that an answer is stale only as long as it may be.
    """
    ends_at = time.monotonic() + SECONDS
    return lambda answer: time.monotonic() < ends_at and shows_before(answer)


def read_after_write(read: t.Callable[[], _T], shows_before: t.Callable[[_T], bool]) -> _T:
    """Read until an answer shows the write that was made now, and return the last answer. Raises as pause()."""
    is_stale = for_a_while(shows_before)
    while is_stale(answer := read()):
        pause(_PAUSE)
    return answer
