# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudTrail's event history: the management events of each account and region, fed by the calls really made."""

from __future__ import annotations

import json
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .credentials import Caller

# The services whose calls are recorded; the data of others (S3's objects) are no management events.
SOURCES = ("sagemaker", "sts", "organizations", "iam", "ec2", "account", "cloudtrail")
_MOST_EVENTS = 20_000


@dataclass(frozen=True)
class Event:
    """A call as CloudTrail keeps it. `response` is the body of the answer, `error` its code, if it was refused."""

    caller: Caller
    access_key: str
    service: str
    region: str
    name: str
    parameters: Mapping[str, Any]
    read_only: bool
    time: float
    user_agent: str
    response: bytes = b""
    error: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def event_time(self) -> float:
        """CloudTrail has whole seconds, of the arrival of the call: what the call creates is younger."""
        return float(int(self.time))

    @property
    def source(self) -> str:
        return f"{self.service}.amazonaws.com"

    def summary(self) -> dict[str, Any]:
        """The event as LookupEvents returns it, without resources: which ones SageMaker names is not documented."""
        return {
            "EventId": self.id,
            "EventName": self.name,
            "ReadOnly": str(self.read_only).lower(),
            "AccessKeyId": self.access_key,
            "EventTime": self.event_time,
            "EventSource": self.source,
            "Username": self.caller.name,
            "Resources": [],
            "CloudTrailEvent": json.dumps(self.record()),
        }

    def record(self) -> dict[str, Any]:
        """CloudTrail user guide, "CloudTrail record contents"."""
        answer = json.loads(self.response) if self.response.startswith(b"{") else None
        record = {
            "eventVersion": "1.11",
            "userIdentity": _user_identity(self.caller, self.access_key, self.time),
            "eventTime": _iso(self.time),
            "eventSource": self.source,
            "eventName": self.name,
            "awsRegion": self.region,
            "sourceIPAddress": "127.0.0.1",
            "userAgent": self.user_agent,
            "requestParameters": _lower_first(dict(self.parameters)) or None,
            "responseElements": None if self.read_only or self.error else _lower_first(answer),
            "requestID": self.id,
            "eventID": self.id,
            "readOnly": self.read_only,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": self.caller.account,
            "eventCategory": "Management",
        }
        if self.error:
            message = (answer or {}).get("Message") or (answer or {}).get("message", "")
            record |= {"errorCode": self.error, "errorMessage": message}
        return record


class Trail:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[tuple[str, str], deque[Event]] = defaultdict(lambda: deque(maxlen=_MOST_EVENTS))

    def add(self, event: Event) -> None:
        with self._lock:
            self._events[event.caller.account, event.region].append(event)

    def newest_first(self, account: str, region: str) -> list[Event]:
        with self._lock:
            return sorted(self._events[account, region], key=lambda event: event.time, reverse=True)

    def reset(self) -> None:
        with self._lock:
            self._events.clear()


def _user_identity(caller: Caller, access_key: str, time: float) -> dict[str, Any]:
    identity = {
        "type": "AssumedRole" if caller.role_arn else "IAMUser",
        "principalId": caller.principal_id,
        "arn": caller.arn,
        "accountId": caller.account,
        "accessKeyId": access_key,
    }
    if not caller.role_arn:
        return {**identity, "userName": caller.name}
    issuer = {
        "type": "Role",
        "principalId": caller.principal_id.partition(":")[0],
        "arn": caller.role_arn,
        "accountId": caller.account,
        "userName": caller.role_arn.rpartition("/")[2],
    }
    attributes = {"creationDate": _iso(time), "mfaAuthenticated": "false"}
    return {**identity, "sessionContext": {"sessionIssuer": issuer, "attributes": attributes}}


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _lower_first(value: Any) -> Any:
    """CloudTrail writes the members of requests and answers with a small first letter."""
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _lower_first(item) for name, item in value.items()}
    return [_lower_first(item) for item in value] if isinstance(value, list) else value
