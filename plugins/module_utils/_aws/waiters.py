# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Waiters for domains, user profiles, spaces and apps, which botocore lacks, and the wait policy of a task."""

from __future__ import annotations

import sys
import typing as t
from dataclasses import dataclass

try:
    from botocore.exceptions import ClientError, WaiterError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.waiter import BaseWaiterFactory
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import (
    TimeLimitExceeded,
    time_limit,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.resource_polls import IsStale
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

_FAILED_STATUSES = ("Failed", "Deleting", "Delete_Failed")


def _on_status(state: str, *statuses: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "path", "argument": "Status", "expected": status} for status in statuses]


def _on_error(state: str, code: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "error", "expected": code}]


def _waiter(operation: str, *acceptors: list[dict[str, str]]) -> dict[str, t.Any]:
    # The polls themselves pause, and end at the deadline.
    flat = [acceptor for some in acceptors for acceptor in some]
    return {"operation": operation, "delay": 0, "maxAttempts": sys.maxsize, "acceptors": flat}


def _stable(operation: str) -> dict[str, t.Any]:
    return _waiter(
        operation, _on_status("success", "InService", "Update_Failed"), _on_status("failure", *_FAILED_STATUSES)
    )


def _in_service(operation: str) -> dict[str, t.Any]:
    return _waiter(
        operation, _on_status("success", "InService"), _on_status("failure", "Update_Failed", *_FAILED_STATUSES)
    )


class SageMakerWaiterFactory(BaseWaiterFactory):
    """C(..._stable): it accepts an update. C(..._in_service): its creation or update succeeded.

    C(..._deleted): it does not exist; SageMaker describes a deleted app for a day, with the status Deleted.
    C(..._or_recreated): an app that is being created was deleted before, and so was another one that is in service:
    the caller has to take the answers that show the deleted one for stale.
    """

    @property
    def _waiter_model_data(self) -> dict[str, t.Any]:
        gone = _on_error("success", "ResourceNotFound")
        app_failed = _on_status("failure", "Failed")
        return {
            "domain_stable": _stable("DescribeDomain"),
            "domain_in_service": _in_service("DescribeDomain"),
            "domain_deleted": _waiter("DescribeDomain", gone, _on_status("failure", "Delete_Failed")),
            "user_profile_stable": _stable("DescribeUserProfile"),
            "user_profile_in_service": _in_service("DescribeUserProfile"),
            "space_stable": _stable("DescribeSpace"),
            "space_in_service": _in_service("DescribeSpace"),
            "app_stable": _waiter("DescribeApp", gone, _on_status("success", "InService", "Failed", "Deleted")),
            "app_in_service": _waiter(
                "DescribeApp",
                _on_status("success", "InService"),
                _on_status("failure", "Failed", "Deleting", "Deleted"),
            ),
            "app_deleted": _waiter("DescribeApp", gone, _on_status("success", "Deleted"), app_failed),
            "app_deleted_or_recreated": _waiter(
                "DescribeApp", gone, _on_status("success", "Deleted", "Pending", "InService"), app_failed
            ),
        }


@dataclass(frozen=True)
class WaitPolicy:
    """Whether to wait for a domain, profile, space or app, and the seconds for all the work on it, retries included."""

    wait: bool
    timeout: int


class UnexpectedStatus(ResourceError):
    """The resource reached a final status other than the expected one; C(description) is the last response."""

    def __init__(self, message: str, description: dict[str, t.Any]) -> None:
        super().__init__(message)
        self.description = description


def wait_for(
    api: SageMakerApi,
    waiter_name: str,
    resource: dict[str, str],
    wait_policy: WaitPolicy,
    pause: int = 2,
    is_stale: IsStale = lambda answer: False,
) -> dict[str, t.Any] | None:
    """Wait with a waiter of SageMakerWaiterFactory; C(resource) has the parameters of the Describe operation.

    C(pause) is the number of seconds between two polls. An answer that C(is_stale) ends no wait. Returns the last
    response of the Describe operation, None when the waiter waited for the resource's end. Raises UnexpectedStatus with
    the final status and FailureReason, ResourceError when somebody else deleted it, TimeLimitExceeded at the deadline,
    or Stopped.
    """
    with time_limit(wait_policy.timeout) as deadline, api.polls(resource, pause, is_stale) as polls:
        deadline.start()
        waiter = api.waiter(waiter_name, polls)
        try:
            waiter.wait(**resource)
        except WaiterError as error:
            if "Error" in error.last_response:
                _raise_refusal(ClientError(error.last_response, waiter.config.operation))
            raise _unexpected_status(error.last_response) from error
        except TimeLimitExceeded as error:
            raise deadline.error(f"was still {polls.status}") from error
        return polls.description


def _raise_refusal(error: ClientError) -> t.NoReturn:
    if error.response["Error"]["Code"] == "ResourceNotFound":
        raise ResourceError("it was deleted meanwhile") from error
    raise error


def _unexpected_status(last: dict[str, t.Any]) -> UnexpectedStatus:
    reason = last.get("FailureReason") or "SageMaker reports no FailureReason"
    return UnexpectedStatus(f"it ended in status {last['Status']}: {reason}", last)
