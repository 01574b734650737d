# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The messages that the other end has not acknowledged yet: how many may be under way, and when to send them again.

The service drops a message while its end in the app is not ready for it, and acknowledges it only when it is written
there. A slow session therefore answers late: the window grows while acknowledgements come fast, and shrinks when they
come late, so that a message is not sent again only because others wait before it.
"""

from __future__ import annotations

import itertools

FIRST_TIMEOUT = 0.2
"""Seconds until the first message is sent again, while no round trip has been measured."""
LONGEST_TIMEOUT = 1.0

_SHORTEST_TIMEOUT = 0.1
_SMALLEST_WINDOW = 32
_LARGEST_WINDOW = 2048
_FAST_ROUND_TRIP = 0.25
_SLOW_ROUND_TRIP = 0.5
# An agent that answers none for a while must not get all of them again at once.
_MOST_AT_ONCE = 64


class _Sent:
    """A message under way."""

    __slots__ = ("attempts", "due", "frame", "sent")

    def __init__(self, frame: bytes, now: float, timeout: float) -> None:
        self.frame = frame
        self.sent = now
        self.due = now + timeout
        self.attempts = 1


class Outgoing:
    """Unacknowledged messages, in the order of their sequence numbers."""

    def __init__(self) -> None:
        self._under_way: dict[int, _Sent] = {}
        self._window = 128
        self._round_trip: float | None = None
        self._variation = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether all messages are acknowledged."""
        return not self._under_way

    @property
    def is_full(self) -> bool:
        """Whether no further message may be sent now. It bounds the memory, too."""
        return len(self._under_way) >= self._window

    @property
    def timeout(self) -> float:
        """Seconds after which a message is sent again (RFC 6298, within the bounds of AWS's own client)."""
        if self._round_trip is None:
            return FIRST_TIMEOUT
        return min(max(self._round_trip + 4 * self._variation, _SHORTEST_TIMEOUT), LONGEST_TIMEOUT)

    def add(self, sequence_number: int, frame: bytes, now: float) -> None:
        """Remember a message that is sent now."""
        self._under_way[sequence_number] = _Sent(frame, now, self.timeout)

    def acknowledge(self, sequence_number: int, now: float) -> None:
        """Forget a message; a repeated acknowledgement changes nothing."""
        sent = self._under_way.pop(sequence_number, None)
        # Which of several copies was acknowledged is not known (Karn's algorithm).
        if sent is not None and sent.attempts == 1:
            self._measure(now - sent.sent)

    def _measure(self, round_trip: float) -> None:
        if self._round_trip is None:
            self._round_trip, self._variation = round_trip, round_trip / 2
        else:
            self._variation += (abs(self._round_trip - round_trip) - self._variation) / 4
            self._round_trip += (round_trip - self._round_trip) / 8
        if round_trip < _FAST_ROUND_TRIP:
            self._window = min(self._window + 1, _LARGEST_WINDOW)
        elif round_trip > _SLOW_ROUND_TRIP:
            self._window = max(self._window - 1, _SMALLEST_WINDOW)

    def due(self, now: float) -> list[bytes]:
        """Return the messages to send again now, the oldest first."""
        late = (sent for sent in self._under_way.values() if sent.due <= now)
        resent = list(itertools.islice(late, _MOST_AT_ONCE))
        for sent in resent:
            # Each copy of a message waits longer for its acknowledgement.
            sent.due = now + min(self.timeout * 2**sent.attempts, LONGEST_TIMEOUT)
            sent.attempts += 1
        if resent:
            self._window = max(self._window * 3 // 4, _SMALLEST_WINDOW)
        return [sent.frame for sent in resent]
