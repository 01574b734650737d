# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudTrail's events of domains, as LookupEvents returns them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
ENABLED = {"enableDockerAccess": "ENABLED", "vpcOnlyTrustedAccounts": []}
DISABLED = {"enableDockerAccess": "DISABLED", "vpcOnlyTrustedAccounts": []}
ALICE = {
    "type": "IAMUser",
    "arn": "arn:aws:iam::123456789012:user/team/alice",
    "accountId": "123456789012",
    "userName": "alice",
}
_OMITTED = object()


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def record(time: datetime, name: str = "UpdateDomain", **members: Any) -> dict[str, Any]:
    """Return an element of LookupEvents' response; C(members) are those of the record in it."""
    content = {
        "eventSource": "sagemaker.amazonaws.com",
        "eventName": name,
        "userIdentity": ALICE,
        "userAgent": "aws-cli/2.31.0",
        "sourceIPAddress": "203.0.113.4",
        **members,
    }
    return {"EventId": f"{name}-{time}", "EventName": name, "EventTime": time, "CloudTrailEvent": json.dumps(content)}


def update(time: datetime, settings: Any = _OMITTED, domain_id: str = "d-1", **members: Any) -> dict[str, Any]:
    request: dict[str, Any] = {"domainId": domain_id}
    if settings is not _OMITTED:
        request["domainSettingsForUpdate"] = {"dockerSettings": settings}
    return record(time, requestParameters=request, **members)


def creation(time: datetime, settings: Any = _OMITTED, domain_id: str = "d-1") -> dict[str, Any]:
    request = {"domainName": "research"} | (
        {} if settings is _OMITTED else {"domainSettings": {"dockerSettings": settings}}
    )
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{domain_id}"
    return record(time, "CreateDomain", requestParameters=request, responseElements={"domainArn": arn})


def domain(created: datetime, modified: datetime, access: str = "DISABLED", **settings: Any) -> dict[str, Any]:
    """Return a DescribeDomain response."""
    settings = {"EnableDockerAccess": access, **settings}
    return {"CreationTime": created, "LastModifiedTime": modified, "DomainSettings": {"DockerSettings": settings}}
