# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Time limits of a download. A limit raises socket.timeout, which is TimeoutError since Python 3.10."""

from __future__ import annotations

import socket
import time

CONNECT = 10  # seconds to resolve a name, reach any of its addresses, and set up proxy and TLS
ANSWER = 30  # seconds until the headers of the answer
READ = 20  # seconds until the next bytes of the content
_WITHOUT_PROGRESS = 42  # seconds, for all retries together
_RETRY_WITHIN = 10  # seconds without progress after which a failure is final
_WINDOW = 20  # seconds over which the rate is measured
_LOWEST_RATE = 16 << 10  # bytes per second


class Deadline:
    """The time left for one download: in total, and without progress."""

    def __init__(self, total: float) -> None:
        """Start the time; total is in seconds."""
        self._total = total
        now = time.monotonic()
        self._end = now + total
        self._progress = now
        self._start_window(now)

    def limit(self, seconds: float) -> float:
        """Return a limit for the next step, at most the given one. Raises socket.timeout if no time is left."""
        now = time.monotonic()
        if now >= self._end:
            raise socket.timeout(f"it was not complete after {self._total:.0f} s")
        return max(0.1, min(seconds, self._end - now, self._progress + _WITHOUT_PROGRESS - now))

    def allows_retry(self) -> bool:
        """Tell whether a retry would end soon enough."""
        return time.monotonic() < min(self._end, self._progress + _RETRY_WITHIN)

    def answered(self) -> None:
        """Record the headers of an answer."""
        self._progress = time.monotonic()
        self._start_window(self._progress)

    def received(self, size: int) -> None:
        """Record bytes of the content. Raises socket.timeout if they arrive too slowly."""
        now = self._progress = time.monotonic()
        self._bytes += size
        if now >= self._end:
            raise socket.timeout(f"it was not complete after {self._total:.0f} s")
        if now - self._window >= _WINDOW:
            rate = self._bytes / (now - self._window)
            if rate < _LOWEST_RATE:
                raise socket.timeout(f"only {rate / 1024:.1f} KiB/s arrived, less than {_LOWEST_RATE >> 10} KiB/s")
            self._start_window(now)

    def _start_window(self, now: float) -> None:
        self._window = now
        self._bytes = 0
