# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The Describe operations as the waiters call them: each call is a poll, which other threads may share."""

from __future__ import annotations

import contextlib
import functools
import math
import threading
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.polls import SharedPolls, Waiting

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.polls import Key, Summary
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

    # Whether an answer shows the state before a write; None is the answer that the resource does not exist.
    IsStale = t.Callable[[t.Optional[Summary]], bool]

_IN_PROGRESS = ("Pending", "Updating", "Deleting")
_APP = ("SpaceName", "UserProfileName", "AppType", "AppName")


class ResourcePolls:
    """The polls for one resource, in place of a client for its waiter.

    A list has the status alone, and SageMaker does not document how fresh it is. So a status that ends the wait is
    described: C(description) is that response, and C(status) the last status. The waiter gets no stale answer.
    """

    def __init__(
        self,
        describe: t.Callable[[], Summary],
        key: Key,
        waiting: Waiting,
        pause: float,
        is_stale: IsStale,
        meta: t.Any,
    ) -> None:
        self.meta = meta
        self.status = "unknown"
        self.description: Summary | None = None
        self._describe = describe
        self._key = key
        self._waiting = waiting
        self._pause = pause
        self._is_stale = is_stale

    def _poll(self, **_resource: str) -> Summary:
        while True:
            try:
                found = self._next()
            except is_boto3_error_code("ResourceNotFound"):
                if not self._is_stale(None):
                    raise
            else:
                if not self._is_stale(found):
                    self.status = found["Status"]
                    return found
            self.status = "described as before the change"

    describe_domain = describe_user_profile = describe_space = describe_app = _poll

    def _next(self) -> Summary:
        self.description = None
        found = self._waiting.poll(self._key, self._described, self._pause)
        if self.description is None and (not found or found["Status"] not in _IN_PROGRESS):
            found = self._described()
        return found

    def _described(self) -> Summary:
        self.description = self._describe()
        return self.description


class PollsByList:
    """The shared polls of each list of one SageMakerApi."""

    def __init__(self, api: SageMakerApi, page_size: int) -> None:
        self._api = api
        self._page_size = page_size
        self._polls: dict[Key, SharedPolls] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def of(self, resource: dict[str, str], pause: float, is_stale: IsStale, meta: t.Any) -> t.Iterator[ResourcePolls]:
        """Wait for the resource in this block; C(resource) has the parameters of its Describe operation."""
        domain_id = resource["DomainId"]
        if "AppName" in resource:
            polls = self._shared(("apps", domain_id), lambda: self._api.list_apps(domain_id))
            describe = functools.partial(self._api.describe_app, resource)
        elif "UserProfileName" in resource:
            polls = self._shared(("profiles", domain_id), lambda: self._api.list_user_profiles(domain_id))
            describe = functools.partial(self._api.describe_user_profile, domain_id, resource["UserProfileName"])
        elif "SpaceName" in resource:
            polls = self._shared(("spaces", domain_id), lambda: self._api.list_spaces(domain_id))
            describe = functools.partial(self._api.describe_space, resource)
        else:
            polls = self._shared(("domains",), self._api.list_domains)
            describe = functools.partial(self._api.describe_domain, domain_id)
        with polls.waiting() as waiting:
            yield ResourcePolls(describe, _key(resource), waiting, pause, is_stale, meta)

    def _shared(self, group: Key, list_all: t.Callable[[], list[Summary]]) -> SharedPolls:
        def listed() -> tuple[dict[Key, Summary], int]:
            summaries = list_all()
            # Should an app be listed twice, once deleted and once created again, the living one counts.
            summaries.sort(key=lambda summary: summary["Status"] != "Deleted")
            calls = max(1, math.ceil(len(summaries) / self._page_size))
            return {_key(summary): summary for summary in summaries}, calls

        with self._lock:
            if group not in self._polls:
                self._polls[group] = SharedPolls(listed, lambda: self._api.calls_per_second)
            return self._polls[group]


def _key(resource: dict[str, t.Any]) -> Key:
    """Identify the resource in its list, by the parameters of its Describe operation or by its summary there."""
    if "AppName" in resource:
        return tuple(resource.get(member) for member in _APP)
    return (resource.get("UserProfileName") or resource.get("SpaceName") or resource["DomainId"],)
