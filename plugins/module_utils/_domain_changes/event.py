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
_SWITCH = {"ENABLED": True, "DISABLED": False}


@dataclass(frozen=True)
class DomainEvent:
    """A call that SageMaker accepted. C(settings) are the DockerSettings it sent, in the modules' words.

    None: it sent none. C(is_complete) is false where CloudTrail left out the parameters, which it does above 100 KB, or
    has a text in the place of a value that it does not tell.
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
        identity = self.record.get("userIdentity")
        return {
            "event_name": self.name,
            "event_time": iso_time(self.time),
            "event_id": self.event_id,
            "user": caller(identity if isinstance(identity, dict) else {}),
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
    if not isinstance(record, dict):
        return None
    is_sagemaker = str(record.get("eventSource", "")).startswith("sagemaker.")
    if name not in _MEMBER or not is_sagemaker or record.get("errorCode"):
        return None
    domain_id = _domain_of(name, record)
    if not domain_id:
        return None
    settings, is_complete = _sent(name, record.get("requestParameters"))
    return DomainEvent(
        domain_id=domain_id,
        name=name,
        time=event["EventTime"],
        event_id=event.get("EventId") or record.get("eventID") or "",
        record=record,
        settings=settings,
        is_complete=is_complete,
    )


def _domain_of(name: str, record: t.Mapping[str, t.Any]) -> str:
    """Return the domain's ID. The request of CreateDomain has none, and the response of UpdateDomain its ARN."""
    requested = _member(record.get("requestParameters"), "DomainId") if name == UPDATE else None
    arn = _member(record.get("responseElements"), "DomainArn")
    return str(requested or str(arn or "").rpartition("/")[2])


def _sent(name: str, request: t.Any) -> tuple[dict[str, t.Any] | None, bool]:
    """Return the settings that were sent and no others, None without DockerSettings, and whether all could be read."""
    value = request
    for member in (_MEMBER[name], "DockerSettings"):
        if not isinstance(value, dict):
            return None, False
        value = _member(value, member)
        if value is None:
            return None, True
    if not isinstance(value, dict):
        return None, False
    values = {
        "enable_docker_access": _member(value, "EnableDockerAccess"),
        "rootless_docker": _member(value, "RootlessDocker"),
        "vpc_only_trusted_accounts": _member(value, "VpcOnlyTrustedAccounts"),
    }
    sent = {key: _setting(item) for key, item in values.items() if item is not None}
    readable = {key: item for key, item in sent.items() if item is not None}
    return readable, len(readable) == len(sent)


def _setting(value: t.Any) -> list[str] | bool | None:
    """Return the value of a setting; None for one in a form that no request has."""
    if isinstance(value, list):
        return list(sorted_accounts(value))
    return _SWITCH.get(value) if isinstance(value, str) else None


def _member(value: t.Any, name: str) -> t.Any:
    """Return a member of a structure by its name in SageMaker's API, with any letters large or small."""
    if not isinstance(value, dict):
        return None
    return next((item for key, item in value.items() if key.lower() == name.lower()), None)
