# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which domains a task is about: IDs and names, mixed, or all of the region."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import DomainError

# botocore model, DomainId: "d-(-*[a-z0-9]){1,61}". A name may look the same, so a miss is looked up by name, too.
_DOMAIN_ID = re.compile(r"d-(-*[a-z0-9]){1,61}")
_SHOWN = 10


# Arguments of AnsibleAWSModule that say how domains are selected.
RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("domains", "all_domains")],
    "required_one_of": [("domains", "all_domains")],
}


def argument_spec() -> dict[str, t.Any]:
    """The options that select domains, for modules that change something in them."""
    return {
        "domains": {"type": "list", "elements": "str"},
        "all_domains": {"type": "bool"},
        "wait_timeout": {"type": "int", "default": 600},
        "concurrency": {"type": "int", "default": 10},
    }


def problem(params: dict[str, t.Any]) -> str | None:
    """Say what is wrong with the values of these options, or None."""
    if not params["all_domains"] and not any(text.strip() for text in params["domains"] or []):
        return "No domain is selected: give domains at least one domain ID or name, or set all_domains to true."
    for option in ("wait_timeout", "concurrency"):
        if params[option] < 1:
            return f"{option} is {params[option]}, it must be at least 1."
    return None


def wanted(params: dict[str, t.Any]) -> list[str] | None:
    """Return the domains that the options select, as describe_selected() takes them."""
    return None if params["all_domains"] else params["domains"]


def looks_like_id(wanted: str) -> bool:
    """Whether the text may be a domain's ID; that no domain is named so is not said."""
    return bool(_DOMAIN_ID.fullmatch(wanted))


def match(wanted: t.Iterable[str], domains: t.Sequence[dict[str, t.Any]], region: str) -> list[str]:
    """Return the IDs of the domains wanted, in order and once each, out of ListDomains' summaries.

    Raises DomainError naming every one that is unknown or whose name two domains share, and what there is instead.
    """
    ids: list[str] = []
    problems: list[str] = []
    for text in wanted:
        found = [d["DomainId"] for d in domains if d["DomainId"] == text] or [
            d["DomainId"] for d in domains if d["DomainName"] == text
        ]
        if len(found) == 1:
            ids += found
        elif found:
            problems.append(f"{len(found)} domains have the name {text!r}, give the ID instead: {', '.join(found)}")
        else:
            problems.append(f"no domain has the ID or the name {text!r}")
    if problems:
        raise DomainError(f"{'; '.join(problems)}. {_seen(domains, region)}")
    return list(dict.fromkeys(ids))


def _seen(domains: t.Sequence[dict[str, t.Any]], region: str) -> str:
    if not domains:
        return f"The region {region} has no domain at all: is it the right one, and the right account?"
    names = ", ".join(f"{d['DomainName']} ({d['DomainId']})" for d in domains[:_SHOWN])
    more = f" and {len(domains) - _SHOWN} more" if len(domains) > _SHOWN else ""
    return f"The region {region} has {len(domains)}: {names}{more}."
