# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The one call to CloudTrail. No decisions here."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient

if t.TYPE_CHECKING:
    from datetime import datetime

    Page = t.List[t.Dict[str, t.Any]]


class CloudTrailApi:
    """CloudTrail's event history of one account and region. Raises botocore's exceptions.

    C(connect) returns a client of a service. It is called with the first look-up: most domains need none.
    """

    def __init__(self, connect: t.Callable[[str], t.Any]) -> None:
        self._connect = connect
        self._client: RateLimitedClient | None = None

    def look_up(self, event_name: str, start: datetime | None) -> t.Iterator[Page]:
        """Return the pages of the events of this name, newest first; each page is a call, made when it is asked for."""
        request: dict[str, t.Any] = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": event_name}],
            **({"StartTime": start} if start else {}),
        }
        if not self._client:
            self._client = RateLimitedClient(self._connect("cloudtrail"), 1)
        while True:
            answer = self._client.lookup_events(**request)
            yield answer.get("Events", [])
            if not answer.get("NextToken"):
                return
            request["NextToken"] = answer["NextToken"]
