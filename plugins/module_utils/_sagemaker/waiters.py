# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Waiters for domains: botocore has none (botocore#3452), so they stand here as data."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.waiter import BaseWaiterFactory


def _on_status(state: str, *statuses: str) -> list[dict[str, str]]:
    return [{"state": state, "matcher": "path", "argument": "Status", "expected": status} for status in statuses]


def _domain_waiter(*acceptors: dict[str, str]) -> dict[str, t.Any]:
    return {"operation": "DescribeDomain", "delay": 2, "maxAttempts": 300, "acceptors": list(acceptors)}


class DomainWaiterFactory(BaseWaiterFactory):
    """C(domain_settled): may be updated now. C(domain_in_service): a creation or update has come through.

    C(domain_deleted): DescribeDomain does not find it any more.
    """

    @property
    def _waiter_model_data(self) -> dict[str, t.Any]:
        # SageMaker's throttling code is not among those amazon.aws retries on.
        throttled = {"state": "retry", "matcher": "error", "expected": "ThrottlingException"}
        return {
            "domain_settled": _domain_waiter(
                *_on_status("success", "InService", "Update_Failed"),
                *_on_status("failure", "Failed", "Deleting", "Delete_Failed"),
                throttled,
            ),
            "domain_in_service": _domain_waiter(
                *_on_status("success", "InService"),
                *_on_status("failure", "Update_Failed", "Failed", "Deleting", "Delete_Failed"),
                throttled,
            ),
            "domain_deleted": _domain_waiter(
                {"state": "success", "matcher": "error", "expected": "ResourceNotFound"},
                *_on_status("failure", "Delete_Failed"),
                throttled,
            ),
        }
