# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The loop of every change to settings: describe, merge, compare, update, wait, describe, verify."""

from __future__ import annotations

import math
import time
import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.differences import differences
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    SettingsError,
    aws_error,
    explain,
    is_denied,
    is_throttled,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stale_reads import SECONDS, for_a_while
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import Stopped
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus, wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.resource_polls import IsStale
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy

    Description = t.Dict[str, t.Any]
    Difference = t.Tuple[str, t.Any, t.Any]

# An update may start from a description that is so many seconds old. A younger one spares a call.
_FRESH_SECONDS = 2.0
_ACCEPTS_UPDATES = ("InService", "Update_Failed")
_IN_PROGRESS = ("Pending", "Updating")


class Resource(t.Protocol):
    """Some settings of one domain or user profile. A value of them has as_dict(), and == compares two values.

    C(identifier) has the parameters of the Describe operation. C(waiters) is the first part of the waiters' names,
    C(operation) the name of the Update operation.
    """

    api: SageMakerApi
    identifier: dict[str, str]
    waiters: str
    operation: str

    def describe(self) -> Description: ...

    def read(self, description: Description) -> t.Any:
        """The settings out of a description."""

    def send(self, desired: t.Any, description: Description) -> None:
        """Request the desired settings, which were computed from C(description)."""

    def mismatches(self, desired: t.Any, described: t.Any, desired_now: t.Any) -> list[Difference]:
        """Return the desired settings that the resource does not describe after the update.

        C(desired_now) is the desired state computed from C(described).
        """


@dataclass
class ResourceResult:
    """The result for one domain or user profile; C(before) and C(after) are None until it was described.

    C(denied): IAM denied a call. C(sent): an update was sent, and SageMaker may have accepted it. C(updating): an
    accepted update has not ended yet. C(stopped): the task was stopped before the end. C(apps): the apps of the domain,
    with O(include_apps).
    """

    domain_id: str
    description: dict[str, t.Any] = field(default_factory=dict)
    before: t.Any = None
    after: t.Any = None
    error: str | None = None
    denied: bool = False
    sent: bool = False
    updating: bool = False
    stopped: bool = False
    apps: list[dict[str, t.Any]] | None = None
    aws_error: dict[str, str] | None = None
    described_at: float = field(default_factory=time.monotonic)

    def describe(self, description: dict[str, t.Any]) -> None:
        """Keep a description that was received now."""
        self.description = description
        self.described_at = time.monotonic()

    def fail(self, error: Exception, region: str | None) -> None:
        """Record the failure: the message for the user, AWS's code and message, whether IAM denied the call."""
        is_from_botocore = isinstance(error, (ClientError, BotoCoreError))
        self.error = explain(error, region) if is_from_botocore else str(error)
        self.aws_error = aws_error(error)
        self.denied = is_denied(error)
        self.stopped = isinstance(error, Stopped)
        if self.stopped:
            progress = "the update was sent and its result is not verified" if self.sent else "not started"
            self.error = f"{progress}: {self.error}"

    @property
    def not_started(self) -> bool:
        """Whether the task was stopped before it changed anything here."""
        return self.stopped and not self.sent

    @property
    def error_code(self) -> str | None:
        """AWS's error code, for the return value C(error_code); None when AWS did not cause the failure."""
        return self.aws_error["code"] if self.aws_error else None

    @property
    def differences(self) -> list[Difference]:
        if self.before is None or self.after is None:
            return []
        return differences(self.before, self.after)

    @property
    def changed(self) -> bool:
        return bool(self.differences)


def reconcile(
    resource: Resource,
    result: ResourceResult,
    desired_state: t.Callable[[t.Any], t.Any],
    wait_policy: WaitPolicy,
    check_mode: bool,
    confirm: t.Callable[[], None] = lambda: None,
) -> ResourceResult:
    """Update the settings to what C(desired_state) computes from the current ones; failures go to C(result).

    It starts from C(result.description), or describes the resource if that is empty. A resource that has the desired
    settings needs no update, even if it failed or is being deleted. In check mode C(result.after) is the prediction.
    C(wait_policy.timeout) is the time for everything together, retries included. C(confirm) is called before a wait and
    before an update, and raises an exception that is none of AWS's where neither may be begun.
    """
    try:
        with time_limit(wait_policy.timeout):
            _reconcile(resource, result, desired_state, wait_policy, check_mode, confirm)
    except (ResourceError, SettingsError, ClientError, BotoCoreError) as error:
        result.fail(error, resource.api.region)
    return result


def _reconcile(
    resource: Resource,
    result: ResourceResult,
    desired_state: t.Callable[[t.Any], t.Any],
    wait_policy: WaitPolicy,
    check_mode: bool,
    confirm: t.Callable[[], None],
) -> None:
    if not result.description:
        result.describe(resource.describe())
    result.before = result.after = resource.read(result.description)
    if result.description["Status"] in _IN_PROGRESS:
        confirm()
        # The update in progress may change the settings that are described now.
        _wait_until_stable(resource, result, wait_policy)
        result.before = result.after = resource.read(result.description)
    desired = desired_state(result.before)
    if desired == result.before:
        return
    if check_mode:
        _refuse_final_status(result)
        result.after = desired
        return
    confirm()
    retried = ("ResourceInUse",) if wait_policy.wait else ()
    desired = with_retries(lambda: _update(resource, result, desired_state, wait_policy), *retried)
    if desired != result.before:
        _verify(resource, result, desired_state, desired, wait_policy)


def _update(
    resource: Resource, result: ResourceResult, desired_state: t.Callable[[t.Any], t.Any], wait_policy: WaitPolicy
) -> t.Any:
    """Make one attempt: describe, merge and send back to back, so that no other update falls in between.

    SageMaker refuses an update while another one is in progress (ResourceInUse). The next attempt then starts from a
    fresh description and keeps the settings that the other update wrote.
    """
    if time.monotonic() - result.described_at > _FRESH_SECONDS:
        result.describe(resource.describe())
    _wait_until_stable(resource, result, wait_policy)
    current = resource.read(result.description)
    if not result.sent:
        result.before = result.after = current
    desired = desired_state(current)
    if desired == current:
        return desired
    sent_before, result.sent = result.sent, True
    try:
        resource.send(desired, result.description)
    except Stopped:
        result.sent = sent_before
        raise
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and was_refused(error):
            result.sent = sent_before
        if not is_throttled(error):
            # Another update is in progress, or this one may be: the description is obsolete.
            result.described_at = -math.inf
        raise
    return desired


def _wait_until_stable(resource: Resource, result: ResourceResult, wait_policy: WaitPolicy) -> None:
    """Wait until the resource accepts an update, and leave its newest description in C(result.description)."""
    status = result.description["Status"]
    if status in _ACCEPTS_UPDATES:
        return
    _refuse_final_status(result)
    if not wait_policy.wait:
        raise ResourceError(
            f"it is {status}, and wait is false: run this again when it is InService, or set wait to true"
        )
    result.describe(_waited_for(resource, "stable", wait_policy))


def _refuse_final_status(result: ResourceResult) -> None:
    status = result.description["Status"]
    if status not in (*_ACCEPTS_UPDATES, *_IN_PROGRESS):
        reason = result.description.get("FailureReason") or "SageMaker reports no FailureReason"
        raise UnexpectedStatus(f"it is {status}, and SageMaker no longer updates it: {reason}", result.description)


def _verify(
    resource: Resource,
    result: ResourceResult,
    desired_state: t.Callable[[t.Any], t.Any],
    desired: t.Any,
    wait_policy: WaitPolicy,
) -> None:
    """Wait for the end of the update, and compare the described settings with the desired ones."""
    result.after = desired
    result.updating = True
    if not wait_policy.wait:
        return
    before = result.description

    def is_invisible(description: Description | None) -> bool:
        return (
            description is not None
            and _shows_before(resource, before, description)
            and bool(_mismatches(resource, desired, desired_state, description))
        )

    try:
        result.describe(_waited_for(resource, "in_service", wait_policy, for_a_while(is_invisible)))
    except UnexpectedStatus as error:
        result.describe(error.description)
        result.updating = False
        result.after = resource.read(error.description)
        raise
    mismatches = _mismatches(resource, desired, desired_state, result.description)
    listed = "; ".join(f"{key}: expected {expected!r}, observed {found!r}" for key, expected, found in mismatches)
    if is_invisible(result.description):
        # It may yet become visible: the accepted update counts as a change.
        raise ResourceError(
            f"SageMaker accepted the update, and {SECONDS:g} s later still describes the settings and the "
            f"LastModifiedTime from before it: {listed}. Run this again: it verifies them, or repeats the update"
        )
    result.updating = False
    result.after = resource.read(result.description)
    if mismatches:
        raise ResourceError(
            f"SageMaker accepted the update and then describes other settings: {listed}. Somebody else may have "
            f"changed them meanwhile (CloudTrail lists the {resource.operation} calls); otherwise run this again"
        )


def _shows_before(resource: Resource, before: Description, description: Description) -> bool:
    """Whether the description has nothing of an update that was sent after the description C(before)."""
    if any(description.get(member) != before.get(member) for member in ("Status", "LastModifiedTime")):
        return False
    return bool(resource.read(description) == resource.read(before))


def _mismatches(
    resource: Resource, desired: t.Any, desired_state: t.Callable[[t.Any], t.Any], description: Description
) -> list[Difference]:
    described = resource.read(description)
    return resource.mismatches(desired, described, desired_state(described))


def _waited_for(
    resource: Resource, state: str, wait_policy: WaitPolicy, is_stale: IsStale = lambda answer: False
) -> Description:
    waiter_name = f"{resource.waiters}_{state}"
    description = wait_for(resource.api, waiter_name, resource.identifier, wait_policy, is_stale=is_stale)
    # None of these waiters waits for the end of the resource.
    return t.cast("Description", description)
