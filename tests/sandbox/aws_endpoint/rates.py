# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Request rates: token buckets, of which every call takes a token, the refused ones too, and windows of a second."""

from __future__ import annotations

import time
from collections.abc import Callable


class TokenBucket:
    """So many calls a second, and `burst` at once after some time without any, by default those of a second.

    A refused call costs its token as well, unless it is `free`: a client that retries too fast is refused for as long
    as it does so. AWS publishes neither burst nor cost of SageMaker's buckets.
    """

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        burst: float | None = None,
        free_refusals: bool = False,
    ) -> None:
        self._rate = rate
        self._size = max(1.0, rate if burst is None else burst)
        self._free_refusals = free_refusals
        self._clock = clock
        self._tokens = self._size
        self._filled = clock()

    def admits(self) -> bool:
        now = self._clock()
        self._tokens = min(self._size, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        admitted = self._tokens >= 1
        if admitted or not self._free_refusals:
            self._tokens = max(0.0, self._tokens - 1)
        return admitted


class Windows:
    """So many calls in each second of the clock."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._second = -1
        self._calls = 0

    def admits(self) -> bool:
        second = int(self._clock())
        self._calls = 1 if second != self._second else self._calls + 1
        self._second = second
        return self._calls <= self._rate


DOCUMENTED = {
    "cloudtrail:LookupEvents": 2.0,
    "account:ListRegions": 5.0,
    "CreateStudioLifecycleConfig": 1.0,
    "DeleteStudioLifecycleConfig": 1.0,
    "DescribeStudioLifecycleConfig": 5.0,
    "ListStudioLifecycleConfigs": 2.0,
}
"""AWS's own rates in an account and region. CloudTrail: "limited to two per second, per account, per Region"; Account
management, quotas: "5 per second, burst to 5 per second"; SageMaker: "SageMaker endpoints and quotas"."""


class RateLimits:
    """One bucket for all operations of a service (`*`) and one for each operation that has a limit of its own.

    SageMaker's operations are named alone, those of other services behind their service.
    """

    def __init__(self, limits: dict[str, float], bursts: dict[str, float] | None = None) -> None:
        found = bursts or {}
        self._buckets = {
            name: TokenBucket(rate, burst=found.get(name)) for name, rate in {**DOCUMENTED, **limits}.items()
        }

    def admit(self, service: str, operation: str) -> bool:
        """Whether the call is within the limits; it takes a token of each bucket in any case."""
        prefix = "" if service == "sagemaker" else f"{service}:"
        names = (f"{prefix}{operation}", f"{prefix}*")
        return all([self._buckets[name].admits() for name in names if name in self._buckets])
