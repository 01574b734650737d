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

# A domain may be busy with somebody else's updates for a while: each attempt waits for it to settle first.
_UPDATE_ATTEMPTS = 30


class Resource(t.Protocol):
    """What is changed: some settings of one domain or user profile. A value of them has as_dict(), and == compares it.

    C(identifier) names it as its Describe operation does, C(waiters) is the first part of its waiters' names, and
    C(operation) the update.
    """

    api: SageMakerApi
    identifier: dict[str, str]
    waiters: str
    operation: str

    def describe(self) -> Description: ...

    def read(self, description: Description) -> t.Any:
        """The settings out of a description."""

    def send(self, wanted: t.Any, description: Description) -> None:
        """Request the settings wanted; C(description) is what they were made from."""

    def mismatches(self, wanted: t.Any, described: t.Any, still_desired: t.Any) -> list[Difference]:
        """What of the settings wanted is not described afterwards; C(still_desired) is what would be asked for then."""


@dataclass
class ResourceResult:
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
    desired: t.Callable[[t.Any], t.Any],
    wait_policy: WaitPolicy,
    check_mode: bool,
) -> ResourceResult:
    """Bring what is described to what C(desired) makes of its settings; errors end in C(result.error).

    C(result.description) is what the decision starts from. In check mode C(result.after) is the prediction. What
    needs no change costs no call.
    """
    result.before = result.after = resource.read(result.description)
    try:
        _settle(resource, result, wait_policy)
        result.before = result.after = resource.read(result.description)
        wanted = desired(result.before)
        if wanted == result.before:
            return result
        if check_mode:
            result.after = wanted
            return result
        wanted = with_retries(
            lambda: _update(resource, result, desired, wait_policy), "ResourceInUse", attempts=_UPDATE_ATTEMPTS
        )
        if wanted != result.before:
            _prove(resource, result, desired, wanted, wait_policy)
    except UnexpectedStatus as error:
        result.after, result.error = resource.read(error.description), str(error)
    except (ResourceError, SettingsError, ClientError, BotoCoreError) as error:
        result.fail(error, resource.api.region)
    return result


def _update(
    resource: Resource, result: ResourceResult, desired: t.Callable[[t.Any], t.Any], wait_policy: WaitPolicy
) -> t.Any:
    """One attempt: look, merge and send back to back, so that nobody else's update falls in between.

    The service itself refuses an update while another is under way (ResourceInUse); the next attempt then starts from
    a fresh description and keeps what the other one wrote.
    """
    result.description = resource.describe()
    _settle(resource, result, wait_policy)
    current = resource.read(result.description)
    if not result.sent:
        result.before = result.after = current
    wanted = desired(current)
    if wanted == current:
        return wanted
    result.sent = True
    try:
        resource.send(wanted, result.description)
    except ClientError as error:
        result.sent = not was_refused(error)
        raise
    return wanted


def _settle(resource: Resource, result: ResourceResult, wait_policy: WaitPolicy) -> None:
    """Wait until it can be updated, leaving its newest description in C(result.description)."""
    status = result.description["Status"]
    if status in ("InService", "Update_Failed"):
        return
    if status in ("Pending", "Updating") and not wait_policy.wait:
        raise ResourceError(
            f"it is {status}, and wait is false: run this again when it is InService, or set wait to true"
        )
    wait_for(resource.api, f"{resource.waiters}_stable", resource.identifier, wait_policy)
    result.description = resource.describe()


def _prove(
    resource: Resource,
    result: ResourceResult,
    desired: t.Callable[[t.Any], t.Any],
    wanted: t.Any,
    wait_policy: WaitPolicy,
) -> None:
    """Wait for the update and compare what is then described with what was asked."""
    result.after = wanted
    result.updating = True
    if not wait_policy.wait:
        return
    wait_for(resource.api, f"{resource.waiters}_in_service", resource.identifier, wait_policy)
    result.description = resource.describe()
    result.updating = False
    result.after = described = resource.read(result.description)
    wrong = resource.mismatches(wanted, described, desired(described))
    if wrong:
        listed = "; ".join(f"{key} was to be {asked!r} and is {seen!r}" for key, asked, seen in wrong)
        raise ResourceError(
            f"SageMaker took the update and then describes something else: {listed}. Somebody else may have changed "
            f"it meanwhile (CloudTrail has the {resource.operation} calls); otherwise run this again"
        )
