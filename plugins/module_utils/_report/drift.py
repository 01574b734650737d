# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The domains of a report that do not have the requested settings, and who changed them. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.changes import last_changes, place_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    Finding,
    skipped,
)

Described = t.Mapping[str, t.Any]

CHECK = "drift"
_EXPECTED = "the requested Docker settings"
_ACCESS = "enable_docker_access true"


class Compared(t.NamedTuple):
    """The comparison of one domain, and the sentences about who changed it."""

    finding: Finding
    who: list[str]


def compare(drift: Described, changes: Described) -> dict[str, Compared]:
    """Return the comparison of each domain by its ID; none if nobody asked for it.

    C(drift) is the result of sagemaker_domain_docker_settings in check mode, C(changes) that of
    sagemaker_domain_changes_info for the domains that differ.
    """
    domains = drift.get("domains", [])
    previous = drift.get("previous_docker_settings") or {}
    texts = last_changes(domains, changes)
    return {
        domain["domain_id"]: Compared(_finding(domain, previous.get(domain["domain_id"], {})), texts[place_of(domain)])
        for domain in domains
    }


def with_drift(findings: t.Sequence[t.Mapping[str, str]], compared: Compared | None) -> list[dict[str, str]]:
    """Add the comparison to a domain's findings. That Docker access is off is not told twice."""
    if compared is None:
        return [dict(finding) for finding in findings]
    finding, who = compared
    if finding.expected == _ACCESS and any(map(_lacks_access, findings)):
        return [{**f, "observed": ". ".join([f["observed"], *who])} if _lacks_access(f) else dict(f) for f in findings]
    own = {**asdict(finding), "observed": ". ".join([finding.observed, *who])}
    return [*(dict(finding) for finding in findings), own]


def _lacks_access(finding: t.Mapping[str, str]) -> bool:
    return finding["check"] == "docker_access" and finding["status"] == FAILED


def _finding(domain: Described, previous: Described) -> Finding:
    if domain.get("error"):
        return skipped(CHECK, str(domain["error"]), _EXPECTED)
    if not domain["changed"]:
        return Finding(CHECK, OK, _EXPECTED, _EXPECTED)
    present = {key: value for key, value in previous.items() if key in domain["docker_settings"]}
    requested = {key: domain["docker_settings"][key] for key in present}
    return Finding(
        CHECK,
        FAILED,
        _text(present),
        _text(requested),
        "The domain does not have the requested settings.",
        "Set them with the playbook enable_local_mode, or correct the variables that request them.",
    )


def _text(settings: Described) -> str:
    return ", ".join(f"{key} {_value(value)}" for key, value in settings.items())


def _value(value: t.Any) -> str:
    if isinstance(value, list):
        return " ".join(value) or "none"
    return "true" if value is True else "false"
