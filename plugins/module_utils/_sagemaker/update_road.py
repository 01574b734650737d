# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The road of every change to settings: describe, merge, compare, update, wait, describe, prove."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import retrying
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.docker_settings import (
    SettingsError,
    differences,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import (
    DomainError,
    explain,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import WrongStatus, wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import Patience

    Description = t.Dict[str, t.Any]
    Difference = t.Tuple[str, t.Any, t.Any]

# A domain may be busy with somebody else's updates for a while: each attempt waits for it to settle first.
_UPDATE_ATTEMPTS = 30


class Subject(t.Protocol):
    """What is changed: some settings of one domain or user profile. A value of them has as_dict(), and == compares it.

    C(resource) names it as its Describe operation does, C(waiters) is the first part of its waiters' names, and
    C(operation) the update.
    """

    api: DomainApi
    resource: dict[str, str]
    waiters: str
    operation: str

    def describe(self) -> Description: ...

    def read(self, description: Description) -> t.Any:
        """The settings out of a description."""

    def send(self, wanted: t.Any, description: Description) -> None:
        """Request the settings wanted; C(description) is what they were made from."""

    def unproven(self, wanted: t.Any, described: t.Any, still_wanted: t.Any) -> list[Difference]:
        """What of the settings wanted is not described afterwards; C(still_wanted) is what would be asked for then."""


@dataclass
class Outcome:
    """What became of one domain or user profile; C(before) and C(after) are None until it could be described.

    C(denied): the error is that the credentials lack an IAM action. C(sent): an update was sent whose effect is not
    known to be none. C(updating): nobody waited for its end. C(apps): a domain's, where they were asked for.
    """

    domain_id: str
    description: dict[str, t.Any] = field(default_factory=dict)
    before: t.Any = None
    after: t.Any = None
    error: str | None = None
    denied: bool = False
    sent: bool = False
    updating: bool = False
    apps: list[dict[str, t.Any]] | None = None

    @property
    def differences(self) -> list[Difference]:
        if self.before is None or self.after is None:
            return []
        return differences(self.before, self.after)

    @property
    def changed(self) -> bool:
        return bool(self.differences)


def travel(
    subject: Subject, outcome: Outcome, desired: t.Callable[[t.Any], t.Any], patience: Patience, check_mode: bool
) -> Outcome:
    """Bring what is described to what C(desired) makes of its settings; errors end in C(outcome.error).

    C(outcome.description) is what the decision starts from. In check mode C(outcome.after) is the prediction. What
    needs no change costs no call.
    """
    outcome.before = outcome.after = subject.read(outcome.description)
    try:
        _settle(subject, outcome, patience)
        outcome.before = outcome.after = subject.read(outcome.description)
        wanted = desired(outcome.before)
        if wanted == outcome.before:
            return outcome
        if check_mode:
            outcome.after = wanted
            return outcome
        wanted = retrying(
            lambda: _update(subject, outcome, desired, patience), "ResourceInUse", attempts=_UPDATE_ATTEMPTS
        )
        if wanted != outcome.before:
            _prove(subject, outcome, desired, wanted, patience)
    except WrongStatus as error:
        outcome.after, outcome.error = subject.read(error.description), str(error)
    except (DomainError, SettingsError) as error:
        outcome.error = str(error)
    except (ClientError, BotoCoreError) as error:
        outcome.error = explain(error, subject.api.region)
    return outcome


def _update(subject: Subject, outcome: Outcome, desired: t.Callable[[t.Any], t.Any], patience: Patience) -> t.Any:
    """One attempt: look, merge and send back to back, so that nobody else's update falls in between.

    The service itself refuses an update while another is under way (ResourceInUse); the next attempt then starts from
    a fresh description and keeps what the other one wrote.
    """
    outcome.description = subject.describe()
    _settle(subject, outcome, patience)
    current = subject.read(outcome.description)
    if not outcome.sent:
        outcome.before = outcome.after = current
    wanted = desired(current)
    if wanted == current:
        return wanted
    outcome.sent = True
    try:
        subject.send(wanted, outcome.description)
    except ClientError as error:
        outcome.sent = not was_refused(error)
        raise
    return wanted


def _settle(subject: Subject, outcome: Outcome, patience: Patience) -> None:
    """Wait until it can be updated, leaving its newest description in C(outcome.description)."""
    status = outcome.description["Status"]
    if status in ("InService", "Update_Failed"):
        return
    if status in ("Pending", "Updating") and not patience.wait:
        raise DomainError(
            f"it is {status}, and wait is false: run this again when it is InService, or set wait to true"
        )
    wait_for(subject.api, f"{subject.waiters}_settled", subject.resource, patience)
    outcome.description = subject.describe()


def _prove(
    subject: Subject, outcome: Outcome, desired: t.Callable[[t.Any], t.Any], wanted: t.Any, patience: Patience
) -> None:
    """Wait for the update and compare what is then described with what was asked."""
    outcome.after = wanted
    outcome.updating = True
    if not patience.wait:
        return
    wait_for(subject.api, f"{subject.waiters}_in_service", subject.resource, patience)
    outcome.description = subject.describe()
    outcome.updating = False
    outcome.after = described = subject.read(outcome.description)
    wrong = subject.unproven(wanted, described, desired(described))
    if wrong:
        listed = "; ".join(f"{key} was to be {asked!r} and is {seen!r}" for key, asked, seen in wrong)
        raise DomainError(
            f"SageMaker took the update and then describes something else: {listed}. Somebody else may have changed "
            f"it meanwhile (CloudTrail has the {subject.operation} calls); otherwise run this again"
        )
