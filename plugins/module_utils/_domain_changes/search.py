# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Ask CloudTrail's event history about many domains of a region, with as few calls as possible.

LookupEvents filters by one attribute. By the event's name, a page has 50 updates of any domain, newest first; by the
event's source, it would have every call to SageMaker, reads among them.
"""

from __future__ import annotations

import typing as t
from datetime import timedelta

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.event import (
    CREATE,
    UPDATE,
    read_event,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.last_change import (
    HISTORY,
    is_older_than_history,
    was_created_in_history,
)

if t.TYPE_CHECKING:
    from datetime import datetime

    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.event import DomainEvent
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.last_change import Description

    # Returns the pages of LookupEvents for an event name and, if not None, from a time on.
    LookUp = t.Callable[[str, "datetime | None"], t.Iterable[t.Sequence[t.Mapping[str, t.Any]]]]
    Found = t.Dict[str, "list[DomainEvent]"]

# CloudTrail has the time of the call in whole seconds, and SageMaker a later one with milliseconds for the domain.
_MARGIN = timedelta(minutes=15)


def find_changes(look_up: LookUp, domains: t.Mapping[str, Description], now: datetime, found: Found) -> None:
    """Add to C(found), by domain ID, the event that changed the DockerSettings of each domain last.

    C(domains) are the descriptions by ID. Where a call fails, C(found) has what came before.
    """
    open_ids = {domain_id for domain_id, domain in domains.items() if not is_older_than_history(domain, now)}
    _search(look_up, UPDATE, {domain_id: domains[domain_id] for domain_id in open_ids}, now, found)
    young = {
        domain_id: domains[domain_id]
        for domain_id in open_ids - set(found)
        if was_created_in_history(domains[domain_id], now)
    }
    _search(look_up, CREATE, young, now, found)


def _search(look_up: LookUp, name: str, domains: dict[str, Description], now: datetime, found: Found) -> None:
    """Read pages until each domain has an event, or until the history ends."""
    missing = set(domains)
    if not missing:
        return
    for page in look_up(name, _start(domains.values(), now)):
        for event in filter(None, map(read_event, page)):
            if event.domain_id in missing and event.may_concern_docker:
                found.setdefault(event.domain_id, []).append(event)
        missing -= set(found)
        if not missing:
            return


def _start(domains: t.Iterable[Description], now: datetime) -> datetime | None:
    """Return a time before the creation of the oldest domain; None, the begin of the history, if that is longer ago."""
    times = [domain.get("CreationTime") for domain in domains]
    if None in times:
        return None
    start = min(t.cast("list[datetime]", times)) - _MARGIN
    return start if now - start < HISTORY else None
