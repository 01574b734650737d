# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The common part of all Studio resources: a status that changes by itself after some time.

Nothing runs in the background: each operation first finishes the transitions that are due.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .controls import ControlDesk, selects

BUSY = ("Pending", "Updating", "Deleting")


@dataclass(frozen=True)
class Moment:
    """The time of an operation and the controls in force."""

    now: datetime
    desk: ControlDesk

    def due(self, domain_id: str) -> datetime | None:
        """The end of a transition that begins now; None if that domain is stuck."""
        return self._after(self.desk.controls.transition_seconds, domain_id)

    def due_deletion_of_app(self, domain_id: str) -> datetime | None:
        """The end of the deletion of an app that begins now; None if that domain is stuck."""
        controls = self.desk.controls
        return self._after(controls.app_deletion_seconds or controls.transition_seconds, domain_id)

    def _after(self, seconds: float, domain_id: str) -> datetime | None:
        if selects(self.desk.controls.stuck_domains, domain_id):
            return None
        return self.now + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Transition:
    """The end of a transition: the status, and the settings if they change."""

    status: str
    due: datetime | None
    failure_reason: str = ""
    settings: dict[str, Any] | None = None


@dataclass
class Resource:
    """A domain, user profile, space, app or lifecycle configuration.

    `settings` are its members in the spelling of the Describe operation.
    """

    arn: str
    settings: dict[str, Any]
    created: datetime
    status: str
    modified: datetime
    tags: list[dict[str, str]] = field(default_factory=list)
    failure_reason: str = ""
    transition: Transition | None = None

    def begin(self, status: str, transition: Transition, now: datetime) -> None:
        self.status, self.transition, self.modified = status, transition, now
        self.failure_reason = ""

    def finish_transition(self, now: datetime, modified_at_end_of_update: bool) -> None:
        """Apply the end of the transition if it is due."""
        transition = self.transition
        if transition is None or transition.due is None or transition.due > now:
            return
        if self.status != "Updating" or modified_at_end_of_update:
            self.modified = transition.due
        self.status, self.failure_reason = transition.status, transition.failure_reason
        self.settings = self.settings if transition.settings is None else transition.settings
        self.transition = None

    def common(self) -> dict[str, Any]:
        """The members that Describe operations share."""
        common = {"Status": self.status, "CreationTime": self.created, "LastModifiedTime": self.modified}
        return {**common, "FailureReason": self.failure_reason} if self.failure_reason else common
