# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The order in which the threads of a module send their calls to AWS."""

from __future__ import annotations

import contextlib
import contextvars
import heapq
import itertools
import math
import threading
import time
import typing as t

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import current_deadline
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import is_throttled
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.rate import AdaptiveRate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop

# Which call is sent first. A poll may always be made a little later.
WRITE, READ, POLL = range(3)

_priority_of_reads: contextvars.ContextVar[int] = contextvars.ContextVar("priority_of_reads", default=READ)


def polling() -> t.ContextManager[None]:
    """Let the reads of this block wait until no other call is due."""
    return _reads_with(POLL)


def urgent() -> t.ContextManager[None]:
    """Send the reads of this block as early as writes, because writes wait for them."""
    return _reads_with(WRITE)


@contextlib.contextmanager
def _reads_with(priority: int) -> t.Iterator[None]:
    token = _priority_of_reads.set(priority)
    try:
        yield
    finally:
        _priority_of_reads.reset(token)


class _Turn:
    """A thread that waits for its turn."""

    def __init__(self, lock: threading.Lock) -> None:
        self.changed = threading.Condition(lock)
        self.granted = False


class CallQueue:
    """At most C(limit) calls in flight, writes first, and all of them together at a rate that AWS accepts.

    C(one_rate) is false for calls that a throttled one must not make slower: each of them waits by itself.
    """

    def __init__(self, limit: int, one_rate: bool = True) -> None:
        self._limit = limit
        self._has_rate = one_rate
        self._in_flight = 0
        self._rate = AdaptiveRate()
        self._lock = threading.Lock()
        self._turns: list[tuple[int, int, _Turn]] = []
        self._numbers = itertools.count()
        stop.call_when_requested(self._wake_all)

    @property
    def calls_per_second(self) -> float:
        """The present rate; infinite as long as AWS has not throttled."""
        return self._rate.calls_per_second

    @contextlib.contextmanager
    def call(self, is_write: bool) -> t.Iterator[None]:
        """Wait for the turn of a call, and send it in this block. Raises Stopped or TimeLimitExceeded instead."""
        self._wait(WRITE if is_write else _priority_of_reads.get())
        sent_at = time.monotonic()
        deadline = current_deadline()
        if deadline:
            deadline.start()
        throttled = False
        try:
            yield
        except ClientError as error:
            throttled = is_throttled(error)
            raise
        finally:
            self._end(sent_at, throttled)

    def _wait(self, priority: int) -> None:
        with self._lock:
            turn = _Turn(self._lock)
            entry = (priority, next(self._numbers), turn)
            heapq.heappush(self._turns, entry)
            try:
                self._wait_for(turn)
            except BaseException:
                self._withdraw(entry)
                raise

    def _wait_for(self, turn: _Turn) -> None:
        deadline = current_deadline()
        while True:
            stop.check()
            if deadline and not deadline.remaining():
                because = "" if math.isinf(self.calls_per_second) else ", because AWS throttles the calls,"
                raise deadline.error(f"was still waiting for its next call to be sent{because}")
            self._grant()
            if turn.granted:
                return
            # Only the first in line has to watch the rate.
            pause = self._rate.delay(time.monotonic()) if self._turns[0][2] is turn else None
            if self._in_flight >= self._limit:
                pause = None
            if deadline:
                pause = min(deadline.remaining() or 0.001, deadline.seconds if pause is None else pause)
            turn.changed.wait(pause)

    def _grant(self) -> None:
        """Grant the turns that may be granted now, and wake the next in line, who watches the rate."""
        now = time.monotonic()
        while self._turns and self._in_flight < self._limit and not self._rate.delay(now):
            _priority, _number, turn = heapq.heappop(self._turns)
            self._rate.take(now)
            self._in_flight += 1
            turn.granted = True
            turn.changed.notify()
        if self._turns:
            self._turns[0][2].changed.notify()

    def _withdraw(self, entry: tuple[int, int, _Turn]) -> None:
        if entry[2].granted:
            self._in_flight -= 1
        else:
            self._turns.remove(entry)
            heapq.heapify(self._turns)
        self._grant()

    def _end(self, sent_at: float, throttled: bool) -> None:
        with self._lock:
            self._in_flight -= 1
            if not self._has_rate:
                pass
            elif throttled:
                self._rate.throttled(sent_at, time.monotonic())
            else:
                self._rate.succeeded(sent_at, time.monotonic())
            self._grant()

    def _wake_all(self) -> None:
        with self._lock:
            for _priority, _number, turn in self._turns:
                turn.changed.notify()
