# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Concurrent work on many resources."""

from __future__ import annotations

import contextvars
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import progress

_T = t.TypeVar("_T")
_R = t.TypeVar("_R")

# A waiting thread costs some kilobytes; RateLimitedClient limits the calls to AWS.
_MAX_THREADS = 512


def run_concurrently(
    work: t.Callable[[_T], _R], items: t.Sequence[_T], threads: int = _MAX_THREADS, *, counted: str = ""
) -> list[_R]:
    """Call C(work) for every item concurrently, and return the results in the order of the items.

    Limit C(threads) to the concurrency of the calls where the work does nothing but call AWS. Each thread has the
    caller's deadline. When the module has to stop, the work of the items that are left raises Stopped at its first
    call: catch it, as any ResourceError, where each item has a result of its own. C(counted) names what may take
    minutes, such as domains, so that whoever waits sees how far it is.
    """
    if counted:
        progress.expect(counted, len(items))
        work = _counted(work, counted)
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(len(items), threads)) as pool:
        futures = [pool.submit(contextvars.copy_context().run, work, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()


def _counted(work: t.Callable[[_T], _R], kind: str) -> t.Callable[[_T], _R]:
    def work_and_count(item: _T) -> _R:
        try:
            return work(item)
        finally:
            progress.done(kind)

    return work_and_count
