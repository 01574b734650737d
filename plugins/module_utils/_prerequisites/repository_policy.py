# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What an ECR repository's policy says of a role: the part of IAM's evaluation that IAM does not simulate.

SimulatePrincipalPolicy takes a resource policy for IAM users only (its CallerArn "can specify only the ARN of an IAM
user"), so for execution roles it is read here. What depends on a Condition is said to depend on it, not guessed.
"""

from __future__ import annotations

import re
import typing as t

ALLOW, DENY, NONE, DEPENDS = "allow", "deny", "none", "depends"

_YES, _NO, _MAYBE = "yes", "no", "maybe"
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(?P<account>[0-9]{12})(?::root)?")


def effect(policy: t.Mapping[str, t.Any] | None, role: str, action: str, repository: str) -> str:
    """Return what the policy does for this role (ARN), action and repository (ARN): C(ALLOW), C(DENY), ...

    C(NONE) leaves it to the role's own policies, C(DEPENDS) is a statement that may or may not apply.
    """
    statements = [
        (s.get("Effect"), _applies(s, role, action, repository)) for s in _list((policy or {}).get("Statement"))
    ]
    for wanted, certain in (("Deny", DENY), ("Allow", ALLOW)):
        answers = [applies for kind, applies in statements if kind == wanted]
        if _YES in answers:
            return certain
        if _MAYBE in answers:
            return DEPENDS
    return NONE


def conditions(policy: t.Mapping[str, t.Any] | None) -> list[str]:
    """The condition keys that the policy's statements ask for."""
    blocks = [block for s in _list((policy or {}).get("Statement")) for block in s.get("Condition", {}).values()]
    return sorted({key for block in blocks for key in block})


def _applies(statement: t.Mapping[str, t.Any], role: str, action: str, repository: str) -> str:
    answers = [
        _names_principal(statement, role, repository),
        _names(statement, "Action", action.lower(), str.lower),
        # Older policies of ECR have no Resource: they are about their repository.
        _names(statement, "Resource", repository, str) if {"Resource", "NotResource"} & set(statement) else _YES,
        _MAYBE if statement.get("Condition") else _YES,
    ]
    return next((answer for answer in (_NO, _MAYBE) if answer in answers), _YES)


def _names(statement: t.Mapping[str, t.Any], element: str, value: str, normalized: t.Callable[[str], str]) -> str:
    negated = f"Not{element}" in statement
    patterns = _list(statement.get(f"Not{element}" if negated else element))
    found = any(_like(normalized(pattern), value) for pattern in patterns)
    return _YES if found != negated else _NO


def _names_principal(statement: t.Mapping[str, t.Any], role: str, repository: str) -> str:
    if "NotPrincipal" in statement:
        return _MAYBE
    principal = statement.get("Principal", {})
    names = _list(principal if isinstance(principal, str) else principal.get("AWS"))
    answers = {_is_role(name, role, repository, statement.get("Effect", "")) for name in names}
    return next((answer for answer in (_YES, _MAYBE) if answer in answers), _NO)


def _is_role(name: str, role: str, repository: str, kind: str) -> str:
    if name in ("*", role):
        return _YES
    account = _ACCOUNT.fullmatch(name)
    if account:
        if account.group("account") != _account(role):
            return _NO
        # To name the own account leaves it to the role's policies; another account is so let in.
        return _NO if kind == "Allow" and _account(repository) == _account(role) else _YES
    # A session of the role, whose name is SageMaker's to choose, or a unique ID, which only IAM can resolve.
    session = f":assumed-role/{role.rpartition('/')[2]}/"
    return _MAYBE if session in name or name.startswith("AROA") else _NO


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _like(pattern: str, value: str) -> bool:
    """IAM's wildcards: C(*) and C(?), and no others."""
    wildcards = {"*": ".*", "?": "."}
    return bool(re.fullmatch("".join(wildcards.get(char) or re.escape(char) for char in pattern), value))


def _list(value: t.Any) -> list[t.Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
