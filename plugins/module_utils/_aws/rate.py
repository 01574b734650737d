# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The rate of the calls to AWS: unlimited until AWS throttles, then found by a slow start and held by a cubic curve.

How many calls AWS accepts before it throttles says little about its rate: a bucket may hold one call or many seconds of
them. So the rate rises fast until AWS throttles again, as in TCP's slow start. From then on it is near AWS's for most
of the time, as in CUBIC (RFC 9438) and botocore's adaptive retry mode. That mode knows no priorities, and every refused
call of one burst lowers its rate again. Pure: the time is an argument.
"""

from __future__ import annotations

import collections
import math

_DECREASE = 0.85
# After so many seconds at the rate, it is again what it was when AWS throttled; then it rises faster and faster.
_RECOVERY_SECONDS = 15.0
# What each successful call adds in the slow start: so many calls a second, and a share of the rate.
_STEP, _SHARE = 0.3, 0.05
_FIRST, _SLOWEST = 3.0, 0.5
# How many times the accepted calls a second the rate may have been when AWS throttles.
_MOST_ABOVE = 4.0
# The seconds over which the successful calls are counted before AWS throttles for the first time.
_WINDOW = 1.0


class AdaptiveRate:
    """The pauses between calls, as the answers of AWS allow them."""

    def __init__(self) -> None:
        self.calls_per_second = math.inf
        self._next_at = 0.0
        self._lowered_at = -math.inf
        # Whether the last call had to wait for the rate: only then a success is a reason to raise it.
        self._scarce = False
        self._successes: collections.deque[float] = collections.deque()
        # The rate at which AWS throttled last; None in the slow start.
        self._throttled_at: float | None = None
        self._recovered_for = 0.0
        # The pause after the last throttling, and the calls that AWS has accepted since.
        self._pause = 0.0
        self._accepted, self._accepted_since = 0, 0.0

    def delay(self, now: float) -> float:
        """Return the seconds until the next call may be sent."""
        return max(0.0, self._next_at - now)

    def take(self, now: float) -> None:
        """Count a call that is sent now."""
        pause = 1 / self.calls_per_second
        self._scarce = now - self._next_at < pause
        # A call that could have been sent a little earlier does not delay the next one.
        self._next_at = max(self._next_at, now - pause) + pause

    def succeeded(self, sent_at: float, now: float) -> None:
        """Raise the rate a little, if the calls need it."""
        if math.isinf(self.calls_per_second):
            self._successes.append(now)
        elif sent_at <= self._lowered_at:
            # It belongs to the burst that was measured when AWS throttled for the first time.
            self.calls_per_second += _DECREASE / _WINDOW if self._successes else 0
        else:
            self._successes.clear()
            self._accepted += 1
            if self._scarce:
                self._raise()

    def _raise(self) -> None:
        if self._throttled_at is None:
            self.calls_per_second += _STEP + _SHARE * self.calls_per_second
        else:
            self._recovered_for += 1 / self.calls_per_second
            missing = 1 - self._recovered_for / _RECOVERY_SECONDS
            self.calls_per_second = self._throttled_at * (1 - (1 - _DECREASE) * missing**3)

    def throttled(self, sent_at: float, now: float) -> None:
        """Lower the rate, once for all the calls that were in flight together."""
        if sent_at <= self._lowered_at:
            return
        if math.isinf(self.calls_per_second):
            measured = sum(at > now - _WINDOW for at in self._successes) / _WINDOW
            self._lower(max(_FIRST, measured * _DECREASE), now)
        elif self._accepted:
            # The slow start may have passed AWS's rate by far with the calls that a large bucket had saved.
            accepted = self._accepted / (now - self._accepted_since)
            self._throttled_at = max(_SLOWEST, min(self.calls_per_second, _MOST_ABOVE * accepted))
            self._lower(self._throttled_at * _DECREASE, now)
        else:
            # AWS may count the calls of each second, and this second is over soon. Else the rate is far off.
            self._pause *= 2
            if self._pause > _WINDOW:
                self.calls_per_second = max(_SLOWEST, self.calls_per_second / 2)
                self._throttled_at = None
        self._accepted = 0
        self._recovered_for = 0.0
        self._lowered_at = now
        self._next_at = now + self._pause

    def _lower(self, calls_per_second: float, now: float) -> None:
        self.calls_per_second = max(_SLOWEST, calls_per_second)
        # AWS's bucket is empty now, and the refused calls may have taken from it.
        self._pause = 2 / self.calls_per_second
        self._accepted_since = now
