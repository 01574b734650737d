# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The results of all targets as the result of one task. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target

    Values = t.Dict[str, t.Any]

# Return values by domain ID whose values are settings, so that each can tell its target.
_TAGGED_BY_DOMAIN = "previous_docker_settings"


@dataclass
class Outcome:
    """What a module returns for one account and region. C(message): it failed; C(failure) is failure_values()."""

    values: Values
    message: str | None = None
    failure: Values = field(default_factory=dict)


@dataclass
class TargetResult:
    """The result of a target. C(error): it failed as a whole, and C(outcome) is empty."""

    target: Target
    outcome: Outcome
    error: str | None = None
    error_code: str | None = None
    not_started: bool = False

    @property
    def failed(self) -> bool:
        return bool(self.error or self.outcome.message)

    @property
    def changed(self) -> bool:
        return bool(self.outcome.values.get("changed"))

    def as_dict(self) -> Values:
        """Return one element of the return value C(targets)."""
        target = self.target
        values = {
            "name": target.name,
            "account_id": target.account_id,
            "region": target.region,
            "changed": self.changed,
            "failed": self.failed,
        }
        return {**values, "error": self.error, "error_code": self.error_code} if self.error else values


def merged(results: t.Sequence[TargetResult]) -> Values:
    """Return the values of all targets together: lists one after the other, dictionaries by domain ID as one."""
    values: Values = {"changed": any(result.changed for result in results)}
    for result in results:
        for key, value in result.outcome.values.items():
            if key == "diff":
                values.setdefault(key, []).extend(_with_place(diff, result.target) for diff in value)
            elif isinstance(value, list):
                values.setdefault(key, []).extend(_tagged(element, result.target) for element in value)
            elif isinstance(value, dict):
                values.setdefault(key, {}).update(_by_domain(key, value, result.target))
    return {**values, "targets": [result.as_dict() for result in results]}


def failure(results: t.Sequence[TargetResult]) -> tuple[str, Values] | None:
    """Return the message that names each target that failed, and the values of the first failure; None without one."""
    failed = [result for result in results if result.failed]
    if not failed:
        return None
    begun = [result for result in failed if not result.not_started]
    parts = [f"{len(begun)} of {len(results)} target(s) failed."]
    parts += [f"{result.target}: {(result.error or result.outcome.message or '').rstrip('.')}." for result in begun]
    not_started = [result for result in failed if result.not_started]
    if not_started:
        names = ", ".join(result.target.name for result in not_started)
        parts.append(f"{len(not_started)} target(s) {(not_started[0].error or '').rstrip('.')}: {names}.")
    changed = [result.target.name for result in results if result.changed]
    parts.append(f"Targets with changes: {', '.join(changed) or 'none'}.")
    return " ".join(parts), next((result.outcome.failure for result in failed if result.outcome.failure), {})


def _tagged(element: t.Any, target: Target) -> t.Any:
    return {**target.tags(), **element} if isinstance(element, dict) else element


def _by_domain(key: str, value: Values, target: Target) -> Values:
    if key != _TAGGED_BY_DOMAIN:
        return value
    return {domain_id: {**settings, "target": target.name} for domain_id, settings in value.items()}


def _with_place(diff: Values, target: Target) -> Values:
    headers = {key: f"{target.name}: {text}" for key, text in diff.items() if key in ("before_header", "after_header")}
    return {**diff, **headers}
