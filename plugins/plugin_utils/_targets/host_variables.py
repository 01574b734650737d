# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A host of the inventory as an element of the option C(targets). Pure."""

from __future__ import annotations

import typing as t

GROUP = "studio_targets"
_PREFIX = "studio_target_"
_OPTIONS = ("region", "account_id", "role_arn", "external_id", "session_name")
NAMES = tuple(f"{_PREFIX}{option}" for option in _OPTIONS)


def target_of(host: str, variables: t.Mapping[str, t.Any], options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the target that the host's variables describe, with these options of a module for it."""
    given = {option: variables.get(f"{_PREFIX}{option}") for option in _OPTIONS}
    return {"name": host, **{option: value for option, value in given.items() if value}, "options": dict(options)}


def problem(target: t.Mapping[str, t.Any]) -> str | None:
    """Return what the host lacks to be a target, or None; the module checks the values."""
    if "region" in target:
        return None
    return f"{target['name']}: set the host variable studio_target_region, such as eu-west-1."


def no_target(hosts: int, limit: str | None) -> str:
    """Return why none of so many hosts of the group is a target, and what to do."""
    if hosts:
        return (
            f"There is no target: --limit {limit} leaves out all {hosts} host(s) of the group {GROUP}. Limit the run "
            "to localhost and to some of them."
        )
    return (
        f"There is no target: the group {GROUP} of the inventory has no host. Add one with the variables "
        "studio_target_region and studio_target_role_arn, or check the inventory with `ansible-inventory --graph`."
    )
