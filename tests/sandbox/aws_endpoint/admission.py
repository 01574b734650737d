# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals of services other than SageMaker that depend on accounts, before moto sees the call."""

from __future__ import annotations

from . import account_regions, lookup_events, organizations, trust
from .aws_request import AwsRequest
from .refusals import Refusal
from .state import State


def admitted_account(request: AwsRequest) -> str:
    """The account that moto serves: the caller's, or the one under which moto keeps the caller's organization."""
    return organizations.keeper(request.account) if request.service == "organizations" else request.account


def refused(request: AwsRequest, state: State) -> Refusal | None:
    if request.service == "sts" and request.operation == "AssumeRole":
        caller = state.credentials.caller(request.access_key, request.token)
        return trust.refusal(request.parameters, caller) if caller else None
    if request.service == "organizations":
        return organizations.refusal(request)
    if request.service == "account":
        return account_regions.refusal(request)
    if request.service == "cloudtrail":
        return lookup_events.refusal(request)
    return None
