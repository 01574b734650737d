# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The spaces in the summary: what remote access changed, and the spaces that Ansible cannot reach, by reason. Pure."""

from __future__ import annotations

import typing as t

Described = t.Mapping[str, t.Any]

# So many names of spaces are printed for each reason.
_SHOWN = 10


def remote_access(result: Described, check_mode: bool) -> list[str]:
    """Return the lines of what sagemaker_studio_space changed, skipped, or did not manage to change."""
    lines = []
    for space in result.get("spaces", []):
        changes = _changes(space, check_mode)
        if changes:
            lines.append(f"  {space['space_name']} in {space['domain_name']}: {', '.join(changes)}")
        if "error" in space:
            lines.append(f"    {space['error']}")
        elif "skip_reason" in space:
            lines.append(f"    {space['skip_reason']}")
    return ["Remote access", *lines] if lines else []


def _changes(space: Described, check_mode: bool) -> list[str]:
    would = "would be " if check_mode else ""
    changes = []
    if "error" in space:
        changes.append("FAILED")
    elif space["changed"]:
        changes.append(f"{would}{'on' if space['remote_access'] else 'off'}")
    if space["restarted"]:
        changes.append(f"app {would}restarted")
    elif space["restart_required"]:
        changes.append("the running app has it after a restart")
    return changes or (["skipped"] if "skip_reason" in space else [])


def unreachable(hosts: t.Iterable[Described], domain_ids: t.Collection[str]) -> list[str]:
    """Return the lines of the spaces that Ansible cannot reach; C(domain_ids) limits them to these domains, if any."""
    by_reason: dict[str, list[str]] = {}
    for host in hosts:
        if not domain_ids or host.get("studio_domain_id") in domain_ids:
            by_reason.setdefault(host.get("studio_unreachable_because", "unknown"), []).append(
                host["inventory_hostname"]
            )
    if not by_reason:
        return []
    lines = ["Spaces that Ansible cannot reach"]
    for reason, names in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        lines += [f"  {', '.join(names[:_SHOWN])}{more}:", f"    {reason}"]
    return lines
