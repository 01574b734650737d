# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Build the report out of the modules' results: domains and spaces from AWS, apps from the hosts. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import causes, drift, model, places
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.apps import build_apps
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import OK, skipped
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.states import domain_state

Result = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class RegionResults:
    """The results of the modules in one region; empty where a module did not run."""

    name: str = ""
    domains: Result = field(default_factory=dict)
    spaces: Result = field(default_factory=dict)
    prerequisites: Result = field(default_factory=dict)
    # Both are empty without targets.
    account: str = ""
    target: str = ""
    # The comparison with the requested settings, and who changed the domains that differ: empty unless requested.
    drift: Result = field(default_factory=dict)
    changes: Result = field(default_factory=dict)


@dataclass(frozen=True)
class HostResult:
    """A host of the inventory: its variables from studio_spaces, and the result of studio_app_info in its app."""

    name: str
    variables: Result = field(default_factory=dict)
    inspection: Result = field(default_factory=dict)
    findings: t.Sequence[t.Mapping[str, str]] = ()

    @property
    def facts(self) -> Result:
        return self.inspection.get("app") or {}


def build(
    run: model.Run,
    results: t.Sequence[RegionResults],
    hosts: t.Sequence[HostResult],
    way: causes.Way,
    account_names: t.Mapping[str, str] | None = None,
) -> model.Report:
    """Return the report, without the changes since an earlier one."""
    regions = [region for found in results for region in _by_target(found)]
    by_region = [list(_domains(results)) for results in regions]
    domains = [domain for found in by_region for domain in found]
    apps = build_apps(domains, regions, hosts)
    for item in (*domains, *apps):
        item["findings"] = way.findings(item["findings"])
    return {
        "schema_version": model.SCHEMA_VERSION,
        "run": run,
        "accounts": sorted({item["account"] for item in [*domains, *apps] if item["account"]}),
        "regions": [_region(results, found) for results, found in zip(regions, by_region)],
        "summary": {"domains": model.counts(domains), "apps": model.counts(apps)},
        "by_account": places.by_account(domains, apps, account_names or {}),
        "next_steps": causes.next_steps(domains, apps, way),
        "domains": domains,
        "apps": apps,
        "changes": None,
    }


def _by_target(results: RegionResults) -> list[RegionResults]:
    """Return the results of each target, which modules return together; themselves if they have no targets."""
    targets = places.targets_of(results.domains, results.spaces, results.prerequisites)
    return [
        RegionResults(
            target["region"],
            places.of_target(results.domains, target["name"]),
            places.of_target(results.spaces, target["name"]),
            places.of_target(results.prerequisites, target["name"]),
            target["account_id"] or "",
            target["name"],
            {**results.drift, **places.of_target(results.drift, target["name"])},
            {**results.changes, **places.of_target(results.changes, target["name"])},
        )
        for target in targets
    ] or [results]


def _region(results: RegionResults, domains: t.Sequence[model.Domain]) -> model.Region:
    known = (results.account, results.name)
    account, region = next(((d["account"], d["region"]) for d in domains if d["account"]), known)
    return {"account": account, "region": region, "target": results.target, "error": _error_of(results)}


def _error_of(results: RegionResults) -> str:
    """Return why AWS did not show all of the region; the error of a domain is with the domain."""
    # The message of a module that failed for some domains names their errors again.
    errors = [
        str(result["msg"])
        for result in (results.domains, results.spaces, results.prerequisites, results.drift)
        if result.get("msg") and not result.get("domains")
    ]
    return " ".join(dict.fromkeys(errors))


def _domains(results: RegionResults) -> t.Iterator[model.Domain]:
    prerequisites = {found["domain_id"]: found for found in results.prerequisites.get("domains", [])}
    compared = drift.compare(results.drift, results.changes)
    for described in results.domains.get("domains", []):
        domain_id = described["domain_id"]
        yield _domain(results, described, prerequisites.get(domain_id), compared.get(domain_id))


def _domain(
    results: RegionResults, described: Result, prerequisites: Result | None, compared: drift.Compared | None
) -> model.Domain:
    arn = (described.get("domain_arn") or ":::::").split(":")
    found = drift.with_drift((prerequisites or {}).get("findings", []), compared)
    error = described.get("error") or (prerequisites or {}).get("error") or ""
    if error:
        found.append(asdict(skipped("domain_description", error, "a domain that the credentials may describe")))
    domain: model.Domain = {
        "account": arn[4] or results.account,
        "region": arn[3] or results.name,
        "target": results.target,
        "domain_id": described.get("domain_id") or "",
        "domain_name": described.get("domain_name") or "",
        "status": described.get("status") or "",
        "docker_access": (described.get("docker_settings") or {}).get("enable_docker_access"),
        "state": model.NOT_CHECKED,
        "error": error,
        "findings": found,
        "passed": [finding["check"] for finding in found if finding["status"] == OK],
    }
    domain["state"] = domain_state(domain, bool((prerequisites or {}).get("findings")))
    return domain
