# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account's ListRegions, which moto lacks.

For another account, AWS asks for the management account or a delegated administrator, and for trusted access of the
service in the organization.
"""

from __future__ import annotations

from typing import Any

from moto.account import urls
from moto.account.responses import AccountResponse
from moto.core.responses import ActionResult

from .aws_request import AwsRequest
from .organizations import administers, organization_of
from .paging import page
from .refusals import Refusal
from .state import State
from .validation import check_request

_SERVICE = "account.amazonaws.com"
_DEFAULT_PAGE = 50


def install(state: State) -> None:
    urls.url_paths["{0}/listRegions$"] = AccountResponse.dispatch
    AccountResponse.list_regions = lambda response: _list_regions(response, state)


def refusal(request: AwsRequest) -> Refusal | None:
    if request.operation != "ListRegions":
        return None
    if refused := check_request(request.operation, dict(request.parameters), "account"):
        return refused
    account = request.parameters.get("AccountId")
    if account is None:
        return None
    organization = organization_of(request.account)
    denied = Refusal(
        "AccessDeniedException",
        f"User: {request.principal} is not authorized to perform: account:ListRegions "
        f"(Your organization must first enable trusted access with AWS Account Management.)",
        403,
    )
    if organization is None or not administers(organization, request.account):
        return denied
    if account == organization.account_id and account == request.account:
        # botocore's documentation: "The management account can't specify its own AccountId".
        return Refusal(
            "ValidationException", "The management account can only be managed using the standalone context."
        )
    if not any(service["ServicePrincipal"] == _SERVICE for service in organization.services):
        return denied
    if all(member.id != account for member in organization.accounts):
        return Refusal("ValidationException", f"The account {account} is not in your organization.")
    return None


def _list_regions(response: AccountResponse, state: State) -> ActionResult:
    request: dict[str, Any] = {
        name: response._get_param(name)
        for name in ("AccountId", "MaxResults", "NextToken", "RegionOptStatusContains")
        if response._get_param(name) is not None
    }
    statuses = state.regions.statuses(request.get("AccountId") or response.current_account)
    selected = request.get("RegionOptStatusContains") or set(statuses.values())
    regions = [
        {"RegionName": name, "RegionOptStatus": status} for name, status in statuses.items() if status in selected
    ]
    return ActionResult(page(regions, request, "Regions", default=_DEFAULT_PAGE))
