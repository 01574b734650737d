# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The statements of an IAM policy document: which of them apply to an action, a resource and a principal.

A statement with a Condition may or may not apply: its condition keys have values only when the call is made. The rules
are those of the IAM user guide, "Policy evaluation logic" and "IAM JSON policy elements".
"""

from __future__ import annotations

import re
import typing as t

ALLOW, DENY, NONE, CONDITIONAL = "allow", "deny", "none", "conditional"
YES, NO, MAYBE = "yes", "no", "maybe"

Statement = t.Mapping[str, t.Any]
Policy = t.Optional[t.Mapping[str, t.Any]]


def effect(policy: Policy, action: str, resource: str, names_principal: t.Callable[[Statement], str]) -> str:
    """Return the effect of the policy: C(ALLOW), C(DENY), C(NONE) without a statement that applies, or C(CONDITIONAL).

    C(names_principal) returns whether a statement names the caller: C(YES), C(NO) or C(MAYBE).
    """
    applying = [(s.get("Effect"), _applies(s, action, resource, names_principal)) for s in _statements(policy)]
    for kind, certain in (("Deny", DENY), ("Allow", ALLOW)):
        answers = [applies for effect_of_statement, applies in applying if effect_of_statement == kind]
        if YES in answers:
            return certain
        if MAYBE in answers:
            return CONDITIONAL
    return NONE


def condition_keys(policy: Policy) -> list[str]:
    """Return the condition keys of the policy's statements."""
    blocks = [block for s in _statements(policy) for block in s.get("Condition", {}).values()]
    return sorted({key for block in blocks for key in block})


def names_any(statement: Statement, matches: t.Callable[[str], str]) -> str:
    """Return whether one of the AWS principals of the statement is the caller, by C(matches) for each."""
    if "NotPrincipal" in statement:
        return MAYBE
    principal = statement.get("Principal", {})
    names = as_list(principal if isinstance(principal, str) else principal.get("AWS"))
    answers = {matches(name) for name in names}
    return next((answer for answer in (YES, MAYBE) if answer in answers), NO)


def as_list(value: t.Any) -> list[t.Any]:
    """Return a policy element as a list: IAM accepts a single value, too."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _statements(policy: Policy) -> list[Statement]:
    return as_list((policy or {}).get("Statement"))


def _applies(statement: Statement, action: str, resource: str, names_principal: t.Callable[[Statement], str]) -> str:
    answers = [
        names_principal(statement),
        _names(statement, "Action", action.lower(), str.lower),
        # Older policies of ECR repositories have no Resource: they are about their repository.
        _names(statement, "Resource", resource, str) if {"Resource", "NotResource"} & set(statement) else YES,
        MAYBE if statement.get("Condition") else YES,
    ]
    return next((answer for answer in (NO, MAYBE) if answer in answers), YES)


def _names(statement: Statement, element: str, value: str, normalized: t.Callable[[str], str]) -> str:
    negated = f"Not{element}" in statement
    patterns = as_list(statement.get(f"Not{element}" if negated else element))
    found = any(_like(normalized(pattern), value) for pattern in patterns)
    return YES if found != negated else NO


def _like(pattern: str, value: str) -> bool:
    """IAM's wildcards are C(*) and C(?), and no others."""
    wildcards = {"*": ".*", "?": "."}
    return bool(re.fullmatch("".join(wildcards.get(char) or re.escape(char) for char in pattern), value))
