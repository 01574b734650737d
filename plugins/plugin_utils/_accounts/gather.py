# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The answers of Organizations and Account that the targets are made of, in the form that is cached.

An organization costs ListRoots, one ListOrganizationalUnitsForParent for each unit, and one ListAccountsForParent for
every 20 accounts of a selected unit. Tags and regions cost one call for each selected account.
"""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, replace

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.account import Account, AccountSelection
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.units import Unit, UnitSelection


@dataclass(frozen=True)
class Request:
    """The options that decide which calls are made; answers to another request are not reused."""

    units: UnitSelection
    selection: AccountSelection
    regions: t.Sequence[str]
    ask_for_regions: bool
    ask_for_tags: bool


class OrganizationApi:
    """The operations of AWS Organizations and AWS Account. Every method raises botocore's exceptions."""

    def __init__(self, organizations: t.Any, account: t.Any, concurrency: int) -> None:
        self._organizations = organizations
        self._account = account
        self.concurrency = concurrency

    def list_roots(self) -> list[dict[str, t.Any]]:
        return _all_pages(self._organizations.list_roots, "Roots")

    def list_units(self, parent_id: str) -> list[dict[str, t.Any]]:
        operation = self._organizations.list_organizational_units_for_parent
        return _all_pages(operation, "OrganizationalUnits", ParentId=parent_id)

    def list_accounts(self, parent_id: str) -> list[dict[str, t.Any]]:
        return _all_pages(self._organizations.list_accounts_for_parent, "Accounts", ParentId=parent_id)

    def list_tags(self, account_id: str) -> dict[str, str]:
        tags = _all_pages(self._organizations.list_tags_for_resource, "Tags", ResourceId=account_id)
        return t.cast("dict[str, str]", boto3_tag_list_to_ansible_dict(tags))

    def list_regions(self, account_id: str | None) -> dict[str, str]:
        """Return the status of each region; None asks for the account of the credentials."""
        request = {"AccountId": account_id} if account_id else {}
        regions = _all_pages(self._account.list_regions, "Regions", MaxResults=50, **request)
        return {region["RegionName"]: region["RegionOptStatus"] for region in regions}


def read_accounts(api: OrganizationApi, request: Request) -> list[Account]:
    """Return the selected accounts, without their tags. Raises botocore's exceptions and SelectionError."""
    units = request.units.selected(_read_units(api, request.units))
    listed = run_concurrently(lambda unit: api.list_accounts(unit.id), units, api.concurrency)
    # An account that was moved between two calls is in two lists.
    found = {answer["Id"]: _account(answer, unit) for unit, answers in zip(units, listed) for answer in answers}
    selected = request.selection.without_tags(list(found.values()))
    if not selected:
        raise SelectionError(request.selection.nothing(list(found.values())))
    return selected


def read_tags(api: OrganizationApi, accounts: t.Sequence[Account]) -> list[Account]:
    """Return the accounts with their tags."""
    tags = run_concurrently(lambda account: api.list_tags(account.id), accounts, api.concurrency)
    return [replace(account, tags=found) for account, found in zip(accounts, tags)]


def read_regions(api: OrganizationApi, accounts: t.Sequence[Account], own_account: str) -> dict[str, dict[str, str]]:
    """Return the status of the regions by account. AWS lists those of the caller's own account without its ID only."""

    def read(account: Account) -> dict[str, str]:
        return api.list_regions(None if account.id == own_account else account.id)

    return dict(zip((account.id for account in accounts), run_concurrently(read, accounts, api.concurrency)))


def as_json(accounts: t.Sequence[Account]) -> list[dict[str, t.Any]]:
    """Return the accounts as a cache in files keeps them."""
    return [asdict(account) for account in accounts]


def _read_units(api: OrganizationApi, selection: UnitSelection) -> list[Unit]:
    """Return the units from the root on, one level after the other, as deep as the selection needs."""
    level = [Unit(root["Id"], root["Name"]) for root in api.list_roots()]
    units = list(level)
    while level:
        parents = [unit for unit in level if selection.may_contain(unit)]
        answers = run_concurrently(lambda unit: api.list_units(unit.id), parents, api.concurrency)
        level = [
            Unit(child["Id"], f"{unit.path}/{child['Name']}")
            for unit, children in zip(parents, answers)
            for child in children
        ]
        units += level
    return units


def _account(answer: dict[str, t.Any], unit: Unit) -> Account:
    # State replaced Status, which AWS retired on September 9, 2026.
    state = answer.get("State") or answer.get("Status") or "of a state that only a newer botocore knows"
    return Account(answer["Id"], answer.get("Name") or answer["Id"], answer["Arn"], state, unit.path)


def _all_pages(operation: t.Callable[..., t.Any], result_key: str, **request: t.Any) -> list[dict[str, t.Any]]:
    """Return the items of all pages. A page of Organizations may be empty before the last one."""
    items: list[dict[str, t.Any]] = []
    token: dict[str, str] = {}
    while True:
        page = operation(**request, **token)
        items += page[result_key]
        if not page.get("NextToken"):
            return items
        token = {"NextToken": page["NextToken"]}
