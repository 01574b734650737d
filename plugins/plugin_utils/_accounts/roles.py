# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The role of each account, from a template. Pure, but for the template itself."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.account import Account

    Render = t.Callable[[str, t.Dict[str, t.Any]], t.Any]

# botocore's model of IAM: roleNameType, with a path in front of it.
_NAME = re.compile(r"(?:[\x21-\x7e]+/)?[\w+=,.@-]{1,64}")
_ARN = re.compile(r"arn:[\w-]+:iam::(?P<account>\d{12}):role/(?P<name>.+)")


def role_of(account: Account, option: str, template: str, render: Render) -> str:
    """Return the ARN of the account's role. Raises SelectionError if the template has none for this account."""
    try:
        text = str(render(template, account.variables()) or "").strip()
    except Exception as error:
        raise SelectionError(f"{option}: {template!r} for the account {account.label}: {error}") from error
    if not text:
        raise SelectionError(f"{option}: {template!r} is empty for the account {account.label}.")
    if option == "role_name":
        if not _NAME.fullmatch(text):
            raise SelectionError(f"{option}: {text!r}, for the account {account.label}, is not the name of a role.")
        return f"arn:{account.partition}:iam::{account.id}:role/{text}"
    found = _ARN.fullmatch(text)
    if not found or not _NAME.fullmatch(found["name"]):
        raise SelectionError(
            f"{option}: {text!r}, for the account {account.label}, is not the ARN of a role "
            f"(arn:{account.partition}:iam::{account.id}:role/NAME)."
        )
    if found["account"] != account.id:
        raise SelectionError(
            f"{option}: {text} is a role of another account than {account.label}. Write the account as "
            "{{ studio_target_account_id }}."
        )
    return text


def roles_of(
    accounts: t.Sequence[Account], option: str, template: str, render: Render
) -> tuple[dict[str, str], list[str]]:
    """Return the role of each account that has one, by its ID, and a message for each of the others.

    Raises SelectionError if the template fits no account.
    """
    roles: dict[str, str] = {}
    problems: list[str] = []
    for account in accounts:
        try:
            roles[account.id] = role_of(account, option, template, render)
        except SelectionError as error:
            problems.append(str(error))
    if problems and not roles:
        raise SelectionError(f"{problems[0]} The template fits none of the {len(accounts)} selected accounts.")
    return roles, problems
