# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The last change of a domain's DockerSettings, out of CloudTrail's events, and what these cannot tell. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from datetime import timedelta

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.event import CREATE
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time

if t.TYPE_CHECKING:
    from datetime import datetime

    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.event import DomainEvent

    Description = t.Mapping[str, t.Any]

# CloudTrail's event history (user guide: "Limitations of Event history").
HISTORY = timedelta(days=90)
# AWS: "typically within 15 minutes", and no guarantee.
_DELAY = timedelta(minutes=15)


@dataclass(frozen=True)
class LastChange:
    """C(event) is the last change that CloudTrail shows; C(unknown_because) says why it is None or uncertain."""

    event: DomainEvent | None = None
    unknown_because: str | None = None


def is_older_than_history(domain: Description, now: datetime) -> bool:
    """Whether no change of the domain can be in the event history: any update moves the time of the last one."""
    modified = domain.get("LastModifiedTime")
    return bool(modified and now - modified > HISTORY)


def was_created_in_history(domain: Description, now: datetime) -> bool:
    """Whether the domain's creation can be in the event history."""
    created = domain.get("CreationTime")
    return bool(created and now - created <= HISTORY)


def last_change(domain: Description, events: t.Iterable[DomainEvent], now: datetime) -> LastChange:
    """Return the last change of a described domain; C(events) are the domain's, in any order, and may repeat."""
    newest = max((event for event in events if event.may_concern_docker), key=lambda event: event.time, default=None)
    if domain.get("Status") == "Updating":
        return LastChange(newest, "An update of the domain is running: ask again when its status is InService.")
    if newest is None:
        return LastChange(unknown_because=_why_none(domain, now))
    if not newest.is_complete:
        return LastChange(
            newest,
            "CloudTrail did not record all parameters of this call, so that it may have changed other settings only.",
        )
    if not explains(newest, domain):
        return LastChange(newest, f"This call did not lead to the present settings: {_later_change(domain, now)}")
    return LastChange(newest)


def explains(event: DomainEvent, domain: Description) -> bool:
    """Whether the domain has what the call sent. A setting that an update did not send tells nothing.

    A failed update is one that SageMaker accepted and did not carry out, and a later call may be invisible yet.
    """
    present = docker_settings.from_api(dict(domain)).as_dict()
    sent = event.settings or {}
    expected = {**docker_settings.DockerSettings().as_dict(), **sent} if event.name == CREATE else sent
    return all(present[key] == value for key, value in expected.items())


def _why_none(domain: Description, now: datetime) -> str:
    if is_older_than_history(domain, now):
        return (
            f"The domain was last updated at {_time(domain)}, and CloudTrail's event history has the last "
            f"{HISTORY.days} days only."
        )
    if _is_recent(domain, now):
        return _not_visible_yet(domain)
    if was_created_in_history(domain, now):
        return (
            "CloudTrail's event history has neither an update of the DockerSettings nor the creation of the domain, "
            "although it is younger than that."
        )
    return (
        f"CloudTrail's event history of {HISTORY.days} days has no update of the DockerSettings: the last one is older."
    )


def _later_change(domain: Description, now: datetime) -> str:
    if _is_recent(domain, now):
        return f"a later one may follow. {_not_visible_yet(domain)}"
    return "the update failed, or CloudTrail's event history does not have a later one."


def _is_recent(domain: Description, now: datetime) -> bool:
    modified = domain.get("LastModifiedTime")
    return bool(modified and now - modified < _DELAY)


def _not_visible_yet(domain: Description) -> str:
    return (
        f"The domain was updated at {_time(domain)}, and CloudTrail usually shows a call within "
        f"{_DELAY.seconds // 60} minutes: ask again later."
    )


def _time(domain: Description) -> str:
    modified = domain.get("LastModifiedTime")
    return (modified and iso_time(modified.replace(microsecond=0))) or "an unknown time"
