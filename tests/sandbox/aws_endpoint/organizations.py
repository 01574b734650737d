# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Organizations, as far as moto's differs from AWS's: who may ask, the state of an account, the size of a page, and
the type of the answer.

Only the management account and delegated administrators may read the organization; every member may describe it.
"""

from __future__ import annotations

from typing import Any

from moto.organizations.models import FakeAccount, OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse
from moto.organizations.utils import PAGINATION_MODEL

from .aws_request import AwsRequest
from .refusals import Refusal

_MOST_IN_PAGE = 20
_READING = ("Describe", "List")
_MOTOS_DESCRIBE = FakeAccount.describe
_MOTOS_SETUP = OrganizationsResponse.setup_class


def install() -> None:
    PAGINATION_MODEL["list_accounts"] |= {"limit_default": _MOST_IN_PAGE, "unique_attribute": "Id"}
    PAGINATION_MODEL["list_organizational_units_for_parent"]["limit_default"] = _MOST_IN_PAGE
    FakeAccount.describe = _describe
    OrganizationsResponse.setup_class = _setup


def _setup(response: OrganizationsResponse, *args: Any, **kwargs: Any) -> None:
    """moto calls its answers HTML."""
    _MOTOS_SETUP(response, *args, **kwargs)
    response.response_headers["Content-Type"] = "application/x-amz-json-1.1"


def _describe(account: FakeAccount) -> dict[str, Any]:
    """AWS retired Status on September 9, 2026 (botocore's documentation of Account); State stays."""
    return {name: value for name, value in _MOTOS_DESCRIBE(account).items() if name != "Status"}


def organization_of(account: str) -> OrganizationsBackend | None:
    """moto's organization that the account belongs to, which is kept under its management account."""
    for backends in list(organizations_backends.values()):
        for backend in list(backends.values()):
            if backend.org and any(member.id == account for member in backend.accounts):
                return backend
    return None


def is_delegated(organization: OrganizationsBackend, account: str) -> bool:
    return any(admin.account.id == account for admin in organization.admins)


def administers(organization: OrganizationsBackend, account: str) -> bool:
    return account == organization.account_id or is_delegated(organization, account)


def refusal(request: AwsRequest) -> Refusal | None:
    """The refusal of a caller who may not ask; None for the others."""
    organization = organization_of(request.account)
    if organization is None:
        is_creation = request.operation == "CreateOrganization"
        text = "Your account is not a member of an organization."
        return None if is_creation else Refusal("AWSOrganizationsNotInUseException", text)
    if request.operation == "DescribeOrganization" or request.account == organization.account_id:
        return None
    if is_delegated(organization, request.account) and request.operation.startswith(_READING):
        return None
    return Refusal("AccessDeniedException", "You don't have permissions to access this resource.")


def keeper(account: str) -> str:
    """The account under which moto keeps the organization that this account reads."""
    organization = organization_of(account)
    return organization.account_id if organization else account
