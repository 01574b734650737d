# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The rate of the calls to AWS: unlimited until AWS throttles, then additive increase and multiplicative decrease.

botocore's adaptive retry mode limits the rate of a client as well. It knows no priorities, and every refused call of
one burst lowers its rate again, which costs a short run a quarter of its time. Pure: the time is an argument.
"""

from __future__ import annotations

import collections
import math

_DECREASE = 0.8
# Each second adds this share of the rate, and more when AWS has not throttled for some time.
_INCREASE = 0.05
_SLOW_INCREASE_SECONDS = 5.0
_SLOWEST = 0.5
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
        self._succeeded_since_decrease = False
        self._successes: collections.deque[float] = collections.deque()

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
            self._succeeded_since_decrease = True
            self._raise(now)

    def _raise(self, now: float) -> None:
        if self._scarce:
            calm = (now - self._lowered_at) / _SLOW_INCREASE_SECONDS
            # There are so many successes a second, so that each adds its part of the increase of one second.
            self.calls_per_second += _INCREASE * (1 + calm * calm)

    def throttled(self, sent_at: float, now: float) -> None:
        """Lower the rate, once for all the calls that were in flight together."""
        if sent_at <= self._lowered_at:
            return
        if math.isinf(self.calls_per_second):
            measured = sum(at > now - _WINDOW for at in self._successes) / _WINDOW
            lowered = measured * _DECREASE
        else:
            lowered = self.calls_per_second * (_DECREASE if self._succeeded_since_decrease else 0.5)
        self.calls_per_second = max(_SLOWEST, lowered)
        self._succeeded_since_decrease = False
        self._lowered_at = now
        # AWS's bucket is empty now, and the refused calls may have taken from it.
        self._next_at = now + 2 / self.calls_per_second
