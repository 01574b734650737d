# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""An account of the organization, and which of them are selected. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import matches
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError

_SHOWN = 10


@dataclass(frozen=True)
class Account:
    """An account as Organizations describes it; C(unit) is the path of names of its organizational unit."""

    id: str
    name: str
    arn: str
    state: str
    unit: str
    tags: t.Mapping[str, str] | None = None

    @property
    def partition(self) -> str:
        return self.arn.split(":")[1]

    @property
    def management_account(self) -> str:
        """The account that manages the organization, which the ARN has."""
        return self.arn.split(":")[4]

    @property
    def label(self) -> str:
        return f"{self.id} ({self.name})"

    def is_named(self, text: str) -> bool:
        return text == self.id or matches(text, self.name)

    def variables(self) -> dict[str, t.Any]:
        """Return the variables of all its targets, which templates of roles can use."""
        found = {
            "studio_target_account_id": self.id,
            "studio_target_account_name": self.name,
            "studio_target_organizational_unit": self.unit,
            "studio_target_partition": self.partition,
            "studio_target_account_tags": self.tags,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class AccountSelection:
    """Accounts by ID, name or pattern of names, by state and by tags. Empty selects all."""

    accounts: t.Sequence[str] = ()
    excluded: t.Sequence[str] = ()
    states: t.Sequence[str] = ("ACTIVE",)
    tags: t.Mapping[str, str] = field(default_factory=dict)
    management_account: bool = False

    def without_tags(self, accounts: t.Sequence[Account]) -> list[Account]:
        """Return the accounts that all but their tags select.

        Raises SelectionError for an account that does not exist, or that is named and in another state.
        """
        for option, texts in (("accounts", self.accounts), ("exclude_accounts", self.excluded)):
            for text in texts:
                if not any(account.is_named(text) for account in accounts):
                    raise SelectionError(_unknown(option, text, accounts))
        for account in accounts:
            if account.state not in self.states and self._is_given(account) and not self._is_excluded(account):
                raise SelectionError(
                    f"accounts: {account.label} is {account.state}, and AWS refuses the calls of such an account. "
                    "Remove it from accounts, or reopen it in AWS Organizations."
                )
        return [account for account in accounts if self._selects(account)]

    def with_tags(self, accounts: t.Sequence[Account]) -> list[Account]:
        """Return those that have all tags of the selection. Raises SelectionError if no account is left."""
        found = [account for account in accounts if self.tags.items() <= (account.tags or {}).items()]
        if not found and accounts:
            tags = ", ".join(f"{key}={value}" for key, value in self.tags.items())
            raise SelectionError(
                f"account_tags: none of the {len(accounts)} accounts that the other options select has the tags {tags}."
            )
        return found

    def nothing(self, accounts: t.Sequence[Account]) -> str:
        """Return the message for accounts of which none is selected."""
        states = {account.state for account in accounts if account.state not in self.states}
        reasons = [f"{sum(account.state == state for account in accounts)} are {state}" for state in sorted(states)]
        excluded = sum(self._is_excluded(account) for account in accounts)
        reasons += [f"exclude_accounts excludes {excluded}"] if excluded else []
        if not self.management_account and any(account.id == account.management_account for account in accounts):
            reasons.append("the management account is left out without include_management_account")
        because = f": {', '.join(reasons)}" if reasons else ""
        return f"No account is selected, so that there is no target. {len(accounts)} are in the units{because}."

    def _selects(self, account: Account) -> bool:
        if self._is_excluded(account) or account.state not in self.states:
            return False
        if self.accounts and not any(account.is_named(text) for text in self.accounts):
            return False
        is_management = account.id == account.management_account
        return not is_management or self.management_account or self._is_given(account)

    def _is_given(self, account: Account) -> bool:
        """Whether the account is named itself, and not only matched by a pattern."""
        return any(text in (account.id, account.name) for text in self.accounts)

    def _is_excluded(self, account: Account) -> bool:
        return any(account.is_named(text) for text in self.excluded)


def _unknown(option: str, text: str, accounts: t.Sequence[Account]) -> str:
    known = ", ".join(account.label for account in accounts[:_SHOWN])
    more = f" and {len(accounts) - _SHOWN} more" if len(accounts) > _SHOWN else ""
    return (
        f"{option}: no account in the selected organizational units has the ID or name {text!r}, or matches it as a "
        f"pattern. They have {known or 'no account'}{more}."
    )
