# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Waiters for domains, user profiles and apps, which botocore does not have, and how long a task waits."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass

try:
    from botocore.exceptions import WaiterError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.waiter import BaseWaiterFactory, custom_waiter_config
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

_ENDS_OF_UPDATES = ("Failed", "Deleting", "Delete_Failed")


def _on_status(state: str, *statuses: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "path", "argument": "Status", "expected": status} for status in statuses]


def _on_error(state: str, code: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "error", "expected": code}]


def _waiter(operation: str, *acceptors: list[dict[str, str]]) -> dict[str, t.Any]:
    # SageMaker's throttling code is not among those amazon.aws retries on.
    flat = [acceptor for some in (*acceptors, _on_error("retry", "ThrottlingException")) for acceptor in some]
    return {"operation": operation, "delay": 2, "maxAttempts": 300, "acceptors": flat}


def _stable(operation: str) -> dict[str, t.Any]:
    return _waiter(
        operation, _on_status("success", "InService", "Update_Failed"), _on_status("failure", *_ENDS_OF_UPDATES)
    )


def _in_service(operation: str) -> dict[str, t.Any]:
    return _waiter(
        operation, _on_status("success", "InService"), _on_status("failure", "Update_Failed", *_ENDS_OF_UPDATES)
    )


class SageMakerWaiterFactory(BaseWaiterFactory):
    """C(..._stable): may be updated now. C(..._in_service): a creation or update has come through.

    C(..._deleted): it is gone; an app may also be Deleted, and is still described for a day.
    C(..._or_recreated): an app that is being created was gone before.
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
            "app_stable": _waiter("DescribeApp", gone, _on_status("success", "InService", "Failed", "Deleted")),
            "app_in_service": _waiter(
                "DescribeApp",
                _on_status("success", "InService"),
                _on_status("failure", "Failed", "Deleting", "Deleted"),
            ),
            "app_deleted": _waiter("DescribeApp", gone, _on_status("success", "Deleted"), app_failed),
            "app_deleted_or_recreated": _waiter(
                "DescribeApp", gone, _on_status("success", "Deleted", "Pending"), app_failed
            ),
        }


@dataclass(frozen=True)
class WaitPolicy:
    """How long to wait for a domain, profile or app, in seconds, or that nobody waits."""

    wait: bool
    timeout: int


class UnexpectedStatus(ResourceError):
    """It ended in another status than the one waited for; C(description) is the last there is."""

    def __init__(self, message: str, description: dict[str, t.Any]) -> None:
        super().__init__(message)
        self.description = description


def wait_for(
    api: SageMakerApi, waiter_name: str, resource: dict[str, str], wait_policy: WaitPolicy, pause: int = 2
) -> None:
    """Wait with a waiter of SageMakerWaiterFactory for the resource its Describe operation finds by these parameters.

    C(pause) is between two polls, in seconds. Raises UnexpectedStatus with the status it ended in and FailureReason, or
    ResourceError when that took too long.
    """
    started = time.monotonic()
    try:
        api.wait(waiter_name, resource, custom_waiter_config(wait_policy.timeout, pause))
    except WaiterError as error:
        last = error.last_response
        status = last.get("Status")
        if not status:
            raise ResourceError(f"waiting for it failed: {error}") from error
        if _is_an_end(status, waiter_name):
            reason = last.get("FailureReason") or "SageMaker gives no FailureReason"
            raise UnexpectedStatus(f"it ended in status {status}: {reason}", last) from error
        raise ResourceError(
            f"it was still {status} after {time.monotonic() - started:.0f} s (wait_timeout {wait_policy.timeout} s): "
            "run this again later, or raise wait_timeout"
        ) from error


def _is_an_end(status: str, waiter_name: str) -> bool:
    return status.endswith("Failed") or (status in ("Deleting", "Deleted") and "_deleted" not in waiter_name)
