# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A boto3 client that limits the calls in flight and retries reads."""

from __future__ import annotations

import functools
import threading
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries

_READS = ("describe_", "get_", "list_", "simulate_")


class RateLimitedClient:
    """A boto3 client with at most C(limit) calls in flight, which retries reads.

    A thread that sleeps between two polls or two retries does not count as in flight. Writes are not retried here:
    their request was computed from a description that would be stale by then.
    """

    def __init__(self, client: t.Any, limit: int) -> None:
        self._client = client
        self._concurrency = threading.BoundedSemaphore(limit)

    def __getattr__(self, name: str) -> t.Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        @functools.wraps(attribute)
        def limited(*args: t.Any, **kwargs: t.Any) -> t.Any:
            with self._concurrency:
                return attribute(*args, **kwargs)

        if not name.startswith(_READS):
            return limited
        return lambda *args, **kwargs: with_retries(functools.partial(limited, *args, **kwargs))
