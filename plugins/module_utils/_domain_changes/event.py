# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""CloudTrail's events of CreateDomain and UpdateDomain, in the words of the modules. Pure.

AWS publishes no example of them. In SageMaker's other events, the members of a request begin with a small letter (AWS's
guide "Logging Amazon SageMaker AI API calls using AWS CloudTrail"). The names are compared without regard to case.
"""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.user_agent import (
    awx_job_of,
    made_by_this_collection,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.caller import caller
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import sorted_accounts

if t.TYPE_CHECKING:
    from datetime import datetime

CREATE, UPDATE = "CreateDomain", "UpdateDomain"
# The member of the request that has DockerSettings.
_MEMBER = {CREATE: "DomainSettings", UPDATE: "DomainSettingsForUpdate"}


@dataclass(frozen=True)
class DomainEvent:
    """A call that SageMaker accepted. C(settings) are the DockerSettings it sent, in the modules' words.

    None: it sent none. C(is_complete) is false where CloudTrail left out the parameters, which it does above 100 KB.
    """

    domain_id: str
    name: str
    time: datetime
    event_id: str
    record: t.Mapping[str, t.Any]
    settings: dict[str, t.Any] | None
    is_complete: bool

    @property
    def may_concern_docker(self) -> bool:
        """Whether it set DockerSettings, or may have."""
        return self.name == CREATE or self.settings is not None or not self.is_complete

    def as_dict(self) -> dict[str, t.Any]:
        """Return the event as sagemaker_domain_changes_info returns it."""
        user_agent = self.record.get("userAgent") or ""
        return {
            "event_name": self.name,
            "event_time": iso_time(self.time),
            "event_id": self.event_id,
            "user": caller(self.record.get("userIdentity") or {}),
            "source_ip_address": self.record.get("sourceIPAddress"),
            "user_agent": user_agent or None,
            "made_by_this_collection": made_by_this_collection(user_agent),
            "awx_job_id": awx_job_of(user_agent),
            "docker_settings": self.settings,
        }


def read_event(event: t.Mapping[str, t.Any]) -> DomainEvent | None:
    """Read an element of LookupEvents' response; None for a refused call, another service's, or an unreadable one.

    Other services, such as DataZone, have operations of these names, too.
    """
    name = event.get("EventName")
    try:
        record = json.loads(event.get("CloudTrailEvent") or "")
    except ValueError:
        return None
    is_sagemaker = str(record.get("eventSource", "")).startswith("sagemaker.")
    if name not in _MEMBER or not is_sagemaker or record.get("errorCode"):
        return None
    domain_id = _domain_of(name, record)
    if not domain_id:
        return None
    request = record.get("requestParameters")
    sent = _member(_member(request, _MEMBER[name]), "DockerSettings")
    return DomainEvent(
        domain_id=domain_id,
        name=name,
        time=event["EventTime"],
        event_id=event.get("EventId") or record.get("eventID") or "",
        record=record,
        settings=_settings(sent) if isinstance(sent, dict) else None,
        is_complete=isinstance(request, dict) and (sent is None or isinstance(sent, dict)),
    )


def _domain_of(name: str, record: t.Mapping[str, t.Any]) -> str:
    """Return the domain's ID. The request of CreateDomain has none, and the response of UpdateDomain its ARN."""
    requested = _member(record.get("requestParameters"), "DomainId") if name == UPDATE else None
    arn = _member(record.get("responseElements"), "DomainArn")
    return str(requested or str(arn or "").rpartition("/")[2])


def _settings(sent: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the settings that were sent, and no others."""
    values = {
        "enable_docker_access": _member(sent, "EnableDockerAccess"),
        "rootless_docker": _member(sent, "RootlessDocker"),
        "vpc_only_trusted_accounts": _member(sent, "VpcOnlyTrustedAccounts"),
    }
    return {
        key: list(sorted_accounts(value)) if isinstance(value, list) else value == "ENABLED"
        for key, value in values.items()
        if value is not None
    }


def _member(value: t.Any, name: str) -> t.Any:
    """Return a member of a structure by its name in SageMaker's API, with any letters large or small."""
    if not isinstance(value, dict):
        return None
    return next((item for key, item in value.items() if key.lower() == name.lower()), None)
