# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The loop of every change to settings: describe, merge, compare, update, wait, describe, verify."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.differences import differences
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    SettingsError,
    aws_error,
    explain,
    is_denied,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus, wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy

    Description = t.Dict[str, t.Any]
    Difference = t.Tuple[str, t.Any, t.Any]

# Somebody else may update the domain for a while: each attempt waits first until it is stable.
_UPDATE_ATTEMPTS = 30


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
    accepted update has not ended yet. C(apps): the apps of the domain, with O(include_apps).
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
    aws_error: dict[str, str] | None = None

    def fail(self, error: Exception, region: str | None) -> None:
        """Record the failure: the message for the user, AWS's code and message, whether IAM denied the call."""
        is_from_botocore = isinstance(error, (ClientError, BotoCoreError))
        self.error = explain(error, region) if is_from_botocore else str(error)
        self.aws_error = aws_error(error)
        self.denied = is_denied(error)

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
) -> ResourceResult:
    """Update the settings to what C(desired_state) computes from the current ones; failures go to C(result).

    It starts from C(result.description). In check mode C(result.after) is the prediction. A resource that needs no
    change costs no call.
    """
    result.before = result.after = resource.read(result.description)
    try:
        _wait_until_stable(resource, result, wait_policy)
        result.before = result.after = resource.read(result.description)
        desired = desired_state(result.before)
        if desired == result.before:
            return result
        if check_mode:
            result.after = desired
            return result
        desired = with_retries(
            lambda: _update(resource, result, desired_state, wait_policy), "ResourceInUse", attempts=_UPDATE_ATTEMPTS
        )
        if desired != result.before:
            _verify(resource, result, desired_state, desired, wait_policy)
    except UnexpectedStatus as error:
        result.description, result.updating = error.description, False
        result.after, result.error = resource.read(error.description), str(error)
    except (ResourceError, SettingsError, ClientError, BotoCoreError) as error:
        result.fail(error, resource.api.region)
    return result


def _update(
    resource: Resource, result: ResourceResult, desired_state: t.Callable[[t.Any], t.Any], wait_policy: WaitPolicy
) -> t.Any:
    """Make one attempt: describe, merge and send back to back, so that no other update falls in between.

    SageMaker refuses an update while another one is in progress (ResourceInUse). The next attempt then starts from a
    fresh description and keeps the settings that the other update wrote.
    """
    result.description = resource.describe()
    _wait_until_stable(resource, result, wait_policy)
    current = resource.read(result.description)
    if not result.sent:
        result.before = result.after = current
    desired = desired_state(current)
    if desired == current:
        return desired
    result.sent = True
    try:
        resource.send(desired, result.description)
    except ClientError as error:
        result.sent = not was_refused(error)
        raise
    return desired


def _wait_until_stable(resource: Resource, result: ResourceResult, wait_policy: WaitPolicy) -> None:
    """Wait until the resource accepts an update, and leave its newest description in C(result.description)."""
    status = result.description["Status"]
    if status in ("InService", "Update_Failed"):
        return
    if status in ("Pending", "Updating") and not wait_policy.wait:
        raise ResourceError(
            f"it is {status}, and wait is false: run this again when it is InService, or set wait to true"
        )
    wait_for(resource.api, f"{resource.waiters}_stable", resource.identifier, wait_policy)
    result.description = resource.describe()


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
    wait_for(resource.api, f"{resource.waiters}_in_service", resource.identifier, wait_policy)
    result.description = resource.describe()
    result.updating = False
    result.after = described = resource.read(result.description)
    mismatches = resource.mismatches(desired, described, desired_state(described))
    if mismatches:
        listed = "; ".join(
            f"{key}: expected {expected!r}, observed {observed!r}" for key, expected, observed in mismatches
        )
        raise ResourceError(
            f"SageMaker accepted the update and then describes other settings: {listed}. Somebody else may have "
            f"changed them meanwhile (CloudTrail lists the {resource.operation} calls); otherwise run this again"
        )
