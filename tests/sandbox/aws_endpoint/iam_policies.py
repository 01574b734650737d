# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's evaluation of policy documents, as far as the sandbox needs it: Action, Resource, Principal and Condition.

IAM user guide, "Condition operators": with a missing key, a condition is false, and a negated one is true. The
simulation names the missing keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Evaluation:
    """The decision in the words of SimulatePrincipalPolicy."""

    decision: str = "implicitDeny"
    missing_context: set[str] = field(default_factory=set)


def evaluate(
    documents: list[dict[str, Any]], action: str, resource: str, context: dict[str, list[str]] | None = None
) -> Evaluation:
    """Evaluate policies of one kind; `context` has the values of condition keys."""
    result = Evaluation()
    effects = set()
    for statement in (statement for document in documents for statement in _list(document["Statement"])):
        if not (_covers(statement, "Action", action.lower(), fold=True) and _covers(statement, "Resource", resource)):
            continue
        met, missing = _conditions(statement, context or {})
        result.missing_context |= missing
        if met:
            effects.add(statement["Effect"])
    if "Deny" in effects:
        result.decision = "explicitDeny"
    elif "Allow" in effects:
        result.decision = "allowed"
    return result


def lets_account_in(document: dict[str, Any], account: str, action: str) -> bool:
    """Whether a resource's policy allows the action to everybody or to this account as a whole."""
    applying = [
        statement["Effect"]
        for statement in _list(document["Statement"])
        if _covers(statement, "Action", action.lower(), fold=True) and _is_for(statement, account)
    ]
    return set(applying) == {"Allow"}


def _conditions(statement: dict[str, Any], context: dict[str, list[str]]) -> tuple[bool, set[str]]:
    """Whether all conditions of the statement are met, and the keys that have no value."""
    met, missing = True, set()
    for operator, block in statement.get("Condition", {}).items():
        negated = "Not" in operator
        for key, expected in block.items():
            if key not in context:
                missing.add(key)
                met = met and negated
                continue
            found = any(_regex(str(pattern)).fullmatch(value) for pattern in _list(expected) for value in context[key])
            met = met and found != negated
    return met, missing


def _covers(statement: dict[str, Any], element: str, value: str, fold: bool = False) -> bool:
    if f"Not{element}" in statement:
        return not _covers({element: statement[f"Not{element}"]}, element, value, fold)
    patterns = [pattern.lower() if fold else pattern for pattern in _list(statement[element])]
    return any(_regex(pattern).fullmatch(value) for pattern in patterns)


def _is_for(statement: dict[str, Any], account: str) -> bool:
    principal = statement["Principal"]
    names = _list(principal if isinstance(principal, str) else principal.get("AWS", []))
    return any(name in ("*", account) or name.endswith(f"::{account}:root") for name in names)


def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
