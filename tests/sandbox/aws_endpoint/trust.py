# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AssumeRole: the trust policy of the role, and the refusal in the words of AWS."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from moto.iam.models import Role, iam_backends

from .iam_policies import evaluate
from .organizations import organization_of
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .credentials import Caller

_ACTION = "sts:AssumeRole"
_ROLE = re.compile(r"arn:(?P<partition>[\w-]+):iam::(?P<account>\d{12}):role/.+")
_CHAINED = 3600


def refusal(parameters: Mapping[str, Any], caller: Caller) -> Refusal | None:
    """The refusal of this AssumeRole, None if the role trusts the caller.

    AWS does not say whether the role exists, and names no reason to a caller of another account. Without an
    organization in the sandbox, every account has every role.
    """
    arn = str(parameters.get("RoleArn", ""))
    named = _ROLE.fullmatch(arn)
    if named is None:
        return Refusal("ValidationError", f"{arn} is invalid")
    role = _role(arn, **named.groupdict())
    if role is None:
        return _denied(arn, caller) if state_of(named["account"]) or state_of(caller.account) else None
    if state_of(named["account"]) not in ("", "ACTIVE") or not _trusts(role, parameters, caller):
        return _denied(arn, caller)
    return _too_long(int(parameters.get("DurationSeconds", 3600)), role, caller)


def state_of(account: str) -> str:
    """The state of an account in its organization, empty if it is in none."""
    organization = organization_of(account)
    return str(organization.get_account_by_id(account).state) if organization else ""


def _role(arn: str, partition: str, account: str) -> Role | None:
    return next((role for role in iam_backends[account][partition].roles.values() if role.arn == arn), None)


def _trusts(role: Role, parameters: Mapping[str, Any], caller: Caller) -> bool:
    document = json.loads(role.assume_role_policy_document)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    applying = [{**each, "Resource": "*"} for each in statements if _is_named(each.get("Principal"), caller)]
    context = {
        "aws:PrincipalAccount": [caller.account],
        "aws:PrincipalArn": [caller.role_arn or caller.arn],
        "sts:RoleSessionName": [str(parameters.get("RoleSessionName", ""))],
    }
    if "ExternalId" in parameters:
        context["sts:ExternalId"] = [str(parameters["ExternalId"])]
    return evaluate([{"Statement": applying}], _ACTION, "*", context).decision == "allowed"


def _is_named(principal: Any, caller: Caller) -> bool:
    """An account stands for everybody in it whose own policies allow the call; those of the sandbox do."""
    if principal == "*":
        return True
    names = principal.get("AWS", []) if isinstance(principal, dict) else []
    names = names if isinstance(names, list) else [names]
    own = ("*", caller.account, f"arn:aws:iam::{caller.account}:root", caller.arn, caller.role_arn)
    return any(name in own for name in names)


def _denied(arn: str, caller: Caller) -> Refusal:
    text = f"User: {caller.arn} is not authorized to perform: {_ACTION} on resource: {arn}"
    return Refusal("AccessDenied", text, 403)


def _too_long(seconds: int, role: Role, caller: Caller) -> Refusal | None:
    if caller.token and seconds > _CHAINED:
        text = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        return Refusal("ValidationError", text)
    if seconds > int(role.max_session_duration or _CHAINED):
        return Refusal(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    return None
