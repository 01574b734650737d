# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every Studio resource has in common: a status that changes by itself after a while.

Nothing runs in the background: whoever looks at a resource first lets the time that has passed take its effect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .controls import ControlDesk, selects

BUSY = ("Pending", "Updating", "Deleting")


@dataclass(frozen=True)
class Moment:
    """When and under which controls an operation happens."""

    now: datetime
    desk: ControlDesk

    def due(self, domain_id: str) -> datetime | None:
        """When a transition that begins now is over; None if that domain is stuck."""
        controls = self.desk.controls
        if selects(controls.stuck_domains, domain_id):
            return None
        return self.now + timedelta(seconds=controls.transition_seconds)


@dataclass(frozen=True)
class Outcome:
    """How a transition ends: the status, and the settings from then on if they differ."""

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
    outcome: Outcome | None = None

    def begin(self, status: str, outcome: Outcome, now: datetime) -> None:
        self.status, self.outcome, self.modified = status, outcome, now
        self.failure_reason = ""

    def settle(self, now: datetime) -> None:
        """Let a transition that is over by now have its outcome."""
        outcome = self.outcome
        if outcome is None or outcome.due is None or outcome.due > now:
            return
        self.status, self.failure_reason, self.modified = outcome.status, outcome.failure_reason, outcome.due
        self.settings = self.settings if outcome.settings is None else outcome.settings
        self.outcome = None

    def common(self) -> dict[str, Any]:
        """The members that Describe operations share."""
        common = {"Status": self.status, "CreationTime": self.created, "LastModifiedTime": self.modified}
        return {**common, "FailureReason": self.failure_reason} if self.failure_reason else common
