# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Waiters for domains, user profiles and apps; botocore has none."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.waiter import BaseWaiterFactory

_ENDS_OF_UPDATES = ("Failed", "Deleting", "Delete_Failed")


def _on_status(state: str, *statuses: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "path", "argument": "Status", "expected": status} for status in statuses]


def _on_error(state: str, code: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "error", "expected": code}]


def _waiter(operation: str, *acceptors: list[dict[str, str]]) -> dict[str, t.Any]:
    # SageMaker's throttling code is not among those amazon.aws retries on.
    flat = [acceptor for some in (*acceptors, _on_error("retry", "ThrottlingException")) for acceptor in some]
    return {"operation": operation, "delay": 2, "maxAttempts": 300, "acceptors": flat}


def _settled(operation: str) -> dict[str, t.Any]:
    return _waiter(
        operation, _on_status("success", "InService", "Update_Failed"), _on_status("failure", *_ENDS_OF_UPDATES)
    )


def _in_service(operation: str) -> dict[str, t.Any]:
    return _waiter(
        operation, _on_status("success", "InService"), _on_status("failure", "Update_Failed", *_ENDS_OF_UPDATES)
    )


class DomainWaiterFactory(BaseWaiterFactory):
    """C(..._settled): may be updated now. C(..._in_service): a creation or update has come through.

    C(..._deleted): it is gone; an app may also be Deleted, and is still described for a day.
    C(..._or_recreated): an app that is being created was gone before.
    """

    @property
    def _waiter_model_data(self) -> dict[str, t.Any]:
        gone = _on_error("success", "ResourceNotFound")
        app_failed = _on_status("failure", "Failed")
        return {
            "domain_settled": _settled("DescribeDomain"),
            "domain_in_service": _in_service("DescribeDomain"),
            "domain_deleted": _waiter("DescribeDomain", gone, _on_status("failure", "Delete_Failed")),
            "user_profile_settled": _settled("DescribeUserProfile"),
            "user_profile_in_service": _in_service("DescribeUserProfile"),
            "app_settled": _waiter("DescribeApp", gone, _on_status("success", "InService", "Failed", "Deleted")),
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
