# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The principals in resource-based policies: which of them are an execution role."""

from __future__ import annotations

import re

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.policy_statements import (
    MAYBE,
    NO,
    YES,
)

_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(?P<account>[0-9]{12})(?::root)?")


def account_in(principal: str) -> str | None:
    """Return the account if the principal is an account as a whole."""
    found = _ACCOUNT.fullmatch(principal)
    return found.group("account") if found else None


def account_of_arn(arn: str) -> str:
    """Return the account in an ARN."""
    return arn.split(":")[4]


def is_role(principal: str, role: str) -> str:
    """Return whether the principal, an account as a whole excluded, is this role."""
    if principal in ("*", role):
        return YES
    # A session of the role, whose name SageMaker chooses, or a unique ID, which only IAM can resolve.
    session = f":assumed-role/{role.rpartition('/')[2]}/"
    return MAYBE if session in principal or principal.startswith("AROA") else NO
