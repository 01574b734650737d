# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The same work for many resources at the same time."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

_T = t.TypeVar("_T")
_R = t.TypeVar("_R")

# A thread that waits for its domain costs some kilobytes; what AWS sees is bounded by RateLimitedClient.
_MAX_THREADS = 512


def run_concurrently(work: t.Callable[[_T], _R], items: t.Sequence[_T], threads: int = _MAX_THREADS) -> list[_R]:
    """Call C(work) for every item at the same time; results in the order of the items.

    C(threads) bounds them where nobody waits for anything but calls, and more would only stand in each other's way.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(len(items), threads)) as pool:
        return list(pool.map(work, items))
