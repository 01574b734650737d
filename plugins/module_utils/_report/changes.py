# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Who changed a domain's Docker settings last, in a sentence or two. Pure."""

from __future__ import annotations

import typing as t

Described = t.Mapping[str, t.Any]


def place_of(domain: Described) -> tuple[str, str]:
    """Return the target and the ID of a domain in a module's result; without targets, the first is empty."""
    return domain.get("target") or "", domain["domain_id"]


def last_changes(domains: t.Sequence[Described], found: Described) -> dict[tuple[str, str], list[str]]:
    """Return the sentences about each domain, none where nobody asked. C(found): the module's result.

    A target that failed as a whole has no domains there, and neither has a module that failed as a whole.
    """
    texts = {place_of(domain): [last_change_text(domain)] for domain in found.get("domains", [])}
    failed = {target["name"]: target["error"] for target in found.get("targets", []) if target.get("error")}
    for domain in domains:
        reason = failed.get(domain.get("target")) or ("" if found.get("domains") else found.get("msg"))
        unknown = [last_change_text({"error": reason})] if reason and domain["changed"] else []
        texts.setdefault(place_of(domain), unknown)
    return texts


def last_change_text(domain: Described) -> str:
    """Return who changed the domain last, for an element of C(domains), and what is not known about it."""
    reason = domain.get("error") or domain.get("unknown_because")
    change = domain.get("last_change")
    if not change:
        return f"CloudTrail does not show who changed the Docker settings last. {reason}"
    return f"{_sentence(change)} {reason or ''}".strip()


def _sentence(change: Described) -> str:
    user = change["user"]
    verb = "Created" if change["event_name"] == "CreateDomain" else "Last changed"
    words = [verb, "by", user["name"], f"({user['type']})"]
    if user["source_identity"]:
        words.append(f"for {user['source_identity']}")
    via = _program(change)
    if via:
        words.append(f"with {via}")
    if change["source_ip_address"]:
        words.append(f"from {change['source_ip_address']}")
    return f"{' '.join(words)} at {change['event_time']}."


def _program(change: Described) -> str:
    if change["made_by_this_collection"]:
        job = change["awx_job_id"]
        return "this collection" + (f" in AWX job {job}" if job else "")
    # The first word names the program, such as aws-cli/2.31.0; the others are its environment.
    return str(change["user"]["invoked_by"] or (change["user_agent"] or "").partition(" ")[0])
