# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A host of the inventory as an element of the option C(targets). Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.filter.as_list import as_list

GROUP = "studio_targets"
_PREFIX = "studio_target_"
_OPTIONS = ("region", "account_id", "role_arn", "external_id", "session_name")
NAMES = tuple(f"{_PREFIX}{option}" for option in _OPTIONS)
REGION = f"{_PREFIX}region"
# A host with this variable is an account with several regions, and a target for each of them.
REGIONS = f"{_PREFIX}regions"
# A variable of the group: why an inventory could not list its targets.
UNREAD = "studio_targets_unread"


def target_of(host: str, variables: t.Mapping[str, t.Any], options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the target that the host's variables describe, with these options of a module for it."""
    given = {option: variables.get(f"{_PREFIX}{option}") for option in _OPTIONS}
    return {"name": host, **{option: value for option, value in given.items() if value}, "options": dict(options)}


def regions_of(value: t.Any) -> list[str]:
    """Return the regions of the variable studio_target_regions, a list or a text, each once."""
    return list(dict.fromkeys(as_list(value)))


def problem(host: str, variables: t.Mapping[str, t.Any]) -> str | None:
    """Return what the host lacks to be a target, or None; the module checks the values."""
    if variables.get(REGION):
        return None
    return f"{host}: set the host variable {REGION}, such as eu-west-1, or {REGIONS} to a list of regions."


def two_regions(host: str) -> str:
    """Return the message for a host that is both one target and several."""
    return f"{host}: set one of {REGION} and {REGIONS}."


def unread(reason: str) -> str:
    """Return the message for targets that an inventory could not list."""
    return f"The accounts of the organization could not be listed: {reason.rstrip('.')}. Nothing was changed."


def no_target(hosts: int, limit: str | None) -> str:
    """Return why none of so many hosts of the group is a target, and what to do."""
    if hosts:
        return (
            f"There is no target: the limit {limit} leaves out all {hosts} host(s) of the group {GROUP}. Limit the run "
            "to localhost and to some of them."
        )
    return (
        f"There is no target: the group {GROUP} of the inventory has no host. Add one with the variables "
        "studio_target_region and studio_target_role_arn, or check the inventory with `ansible-inventory --graph`."
    )
