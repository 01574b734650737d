# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The one call to CloudTrail. No decisions here."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.connection import connect

if t.TYPE_CHECKING:
    from datetime import datetime

    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

    Page = t.List[t.Dict[str, t.Any]]


class CloudTrailApi:
    """CloudTrail's event history of one account and region. Raises botocore's exceptions."""

    def __init__(self, client: t.Any) -> None:
        self._client = client

    @classmethod
    def of(cls, module: AnsibleAWSModule) -> CloudTrailApi:
        """Connect with the module's own connection options."""
        return cls(RateLimitedClient(connect(module, "cloudtrail", 1), 1))

    def look_up(self, event_name: str, start: datetime | None) -> t.Iterator[Page]:
        """Return the pages of the events of this name, newest first; each page is a call, made when it is asked for."""
        request: dict[str, t.Any] = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": event_name}],
            **({"StartTime": start} if start else {}),
        }
        while True:
            answer = self._client.lookup_events(**request)
            yield answer.get("Events", [])
            if not answer.get("NextToken"):
                return
            request["NextToken"] = answer["NextToken"]
