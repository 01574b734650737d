# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The spaces whose remote access a playbook changed, in its summary. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.problems import Problem

Described = t.Mapping[str, t.Any]


def remote_access(result: Described, check_mode: bool) -> list[str]:
    """Return a line for each space that sagemaker_studio_space changed."""
    lines = []
    for space in result.get("spaces", []):
        changes = [] if "error" in space else _changes(space, check_mode)
        if changes:
            lines.append(f"  {_name(space)}: {', '.join(changes)}")
    return ["Remote access", *lines] if lines else []


def _changes(space: Described, check_mode: bool) -> list[str]:
    would = "would be " if check_mode else ""
    changes = []
    if space["changed"]:
        changes.append(f"{would}{'on' if space['remote_access'] else 'off'}")
    if space["restarted"]:
        changes.append(f"app {would}restarted")
    elif space["restart_required"]:
        changes.append("the running app has it after a restart")
    return changes


def problems(result: Described) -> t.Iterator[Problem]:
    """Yield the spaces that failed or that were left out, with the reason."""
    for space in result.get("spaces", []):
        for word, field in (("FAILED", "error"), ("SKIPPED", "skip_reason")):
            if space.get(field):
                yield Problem(word, "spaces", _name(space), space[field], (space["space_name"], space["domain_name"]))
                break


def _name(space: Described) -> str:
    return f"{space['space_name']} in {space['domain_name']}"
