# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The domains and apps that a playbook checked, in the form in which the report has its own. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.causes import Way
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, skipped

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import AppRun

Described = t.Mapping[str, t.Any]
Items = t.List[t.Dict[str, t.Any]]


def domains(prerequisites: Described, way: Way) -> Items:
    """Return the domains with the findings about their prerequisites."""
    return [_domain(found, way) for found in prerequisites.get("domains", [])]


def _domain(found: Described, way: Way) -> dict[str, t.Any]:
    findings = way.findings(found["findings"])
    unchecked = found.get("unchecked", [])
    seen = model.READY if findings and not unchecked else model.NOT_CHECKED
    return {
        "region": "",
        "target": found.get("target") or "",
        "domain_id": found["domain_id"] or "",
        # What concerns no single domain is about the account.
        "domain_name": found["domain_name"] or ("" if found["domain_id"] else "AWS"),
        "state": model.NOT_READY if _has_failed(findings) else seen,
        "findings": findings,
        "unchecked": unchecked,
    }


def apps(runs: t.Iterable[AppRun], of_domains: Items, way: Way) -> Items:
    """Return the apps whose check has findings."""
    by_id = {domain["domain_id"]: domain for domain in of_domains}
    return [_app(run, by_id, way) for run in runs if run.findings]


def _app(run: AppRun, of_domains: t.Mapping[str, Described], way: Way) -> dict[str, t.Any]:
    domain_id = (run.facts.get("resource_metadata") or {}).get("domain_id") or ""
    findings = way.findings(run.findings)
    # An app without Docker has its cause at its domain, if that has no Docker access.
    causes = [f for f in of_domains.get(domain_id, {}).get("findings", ()) if _is_without_access(f)]
    return {
        **_place(run.host, domain_id, of_domains.get(domain_id, {}).get("domain_name", "")),
        "target": of_domains.get(domain_id, {}).get("target", ""),
        "state": model.NOT_READY if _has_failed(findings) else model.READY,
        "findings": [*causes, *findings] if _has_failed(findings) else findings,
    }


def unreachable(hosts: t.Iterable[Described], domain_ids: t.Collection[str]) -> Items:
    """Return the spaces that Ansible cannot reach; C(domain_ids) limits them to these domains, if any."""
    return [
        {
            **_place(host["inventory_hostname"], host.get("studio_domain_id", ""), host.get("studio_domain_name", "")),
            "region": host.get("studio_region", ""),
            "target": host.get("studio_target", ""),
            "remote_access": host.get("studio_remote_access") == "ENABLED",
            "state": model.NOT_CHECKED,
            "findings": [asdict(skipped("app_checks", host.get("studio_unreachable_because", "unknown")))],
        }
        for host in hosts
        if not domain_ids or host.get("studio_domain_id") in domain_ids
    ]


def _place(host: str, domain_id: str, domain_name: str) -> dict[str, t.Any]:
    return {
        "host": host,
        "space": "",
        "owner": "",
        "region": "",
        "domain_id": domain_id,
        "domain_name": domain_name,
        "remote_access": None,
    }


def _has_failed(findings: t.Iterable[Described]) -> bool:
    return any(finding["status"] == FAILED for finding in findings)


def _is_without_access(finding: Described) -> bool:
    return bool(finding["check"] == "docker_access" and finding["status"] == FAILED)
