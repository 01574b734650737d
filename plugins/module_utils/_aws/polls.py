# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Polls that many waiting threads share: one list call has the status of every resource in it.

A waiter of botocore describes its own resource in each poll, so that a hundred waiters make a hundred calls. Here they
share the pages of ListDomains, ListUserProfiles, ListSpaces or ListApps, unless the descriptions of the few that wait
are cheaper.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.call_queue import polling
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import current_deadline
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import is_denied
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

Summary = t.Dict[str, t.Any]
Key = t.Tuple[t.Any, ...]

# The first poll comes early: many updates end at once.
_FIRST_PAUSE = 0.5
_PAUSE = 2.0
# Where AWS limits the rate, polls take at most this share of it.
_SHARE_OF_RATE = 0.1
# A waiting thread looks this often, in seconds, whether it has to stop.
_WAKE_UP = 1.0


class Listing(t.NamedTuple):
    """The resources of one list, as of the time at which the call began."""

    begun_at: float
    resources: dict[Key, Summary]
    calls: int


class SharedPolls:
    """The polls of one list, such as the apps of one domain.

    C(list_all) returns the summaries by key, and the number of calls that this took.
    """

    def __init__(
        self, list_all: t.Callable[[], tuple[dict[Key, Summary], int]], calls_per_second: t.Callable[[], float]
    ) -> None:
        self._list_all = list_all
        self._calls_per_second = calls_per_second
        self._changed = threading.Condition()
        self._listing: Listing | None = None
        self._is_listing = False
        self._is_denied = False
        self._waiting = 0

    @contextlib.contextmanager
    def waiting(self) -> t.Iterator[Waiting]:
        """Count this thread among those that wait for a resource of the list."""
        with self._changed:
            self._waiting += 1
        try:
            yield Waiting(self)
        finally:
            with self._changed:
                self._waiting -= 1

    def is_worth_it(self) -> bool:
        """Whether the list costs fewer calls than describing each resource that is waited for."""
        calls = self._listing.calls if self._listing else 1
        return not self._is_denied and self._waiting > calls

    def listed_after(self, moment: float) -> Listing | None:
        """Return a listing that began after C(moment), made by this thread or by another; None if IAM denies it."""
        with self._changed:
            while True:
                if self._is_denied:
                    return None
                if self._listing and self._listing.begun_at >= moment:
                    return self._listing
                if not self._is_listing:
                    self._is_listing = True
                    break
                self._changed.wait(_WAKE_UP)
                stop.check()
                check_deadline()
        return self._make_listing()

    def _make_listing(self) -> Listing | None:
        made: Listing | None = None
        try:
            pause(self._due_at() - time.monotonic())
            begun_at = time.monotonic()
            with polling():
                made = Listing(begun_at, *self._list_all())
        except ClientError as error:
            if not is_denied(error):
                raise
            self._is_denied = True
        finally:
            with self._changed:
                self._listing = made or self._listing
                self._is_listing = False
                self._changed.notify_all()
        return made

    def _due_at(self) -> float:
        if not self._listing:
            return 0.0
        calls_per_second = self._calls_per_second()
        busy = 0.0 if math.isinf(calls_per_second) else self._listing.calls / (calls_per_second * _SHARE_OF_RATE)
        return self._listing.begun_at + max(_PAUSE, busy)


class Waiting:
    """One thread that waits for a resource."""

    def __init__(self, polls: SharedPolls) -> None:
        self._polls = polls
        self._since = time.monotonic()
        self._pause = _FIRST_PAUSE

    def poll(self, key: Key, describe: t.Callable[[], Summary], longest_pause: float = _PAUSE) -> Summary | None:
        """Return the resource's summary or description from the next poll; None if the list does not have it."""
        if self._pause == _FIRST_PAUSE:
            pause(_FIRST_PAUSE)
        if self._polls.is_worth_it():
            listing = self._polls.listed_after(self._since)
            if listing:
                self._since = time.monotonic()
                self._pause = longest_pause
                return listing.resources.get(key)
        if self._pause != _FIRST_PAUSE:
            pause(self._pause)
        self._pause = min(2 * self._pause, longest_pause)
        with polling():
            return describe()


def pause(seconds: float) -> None:
    """Sleep, at most until the deadline. Raises Stopped or TimeLimitExceeded."""
    check_deadline()
    deadline = current_deadline()
    stop.pause(max(0.0, min(seconds, deadline.remaining()) if deadline else seconds))


def check_deadline() -> None:
    """Raise TimeLimitExceeded if the time of the resource is over."""
    deadline = current_deadline()
    if deadline and not deadline.remaining():
        raise deadline.error("was still being waited for")
