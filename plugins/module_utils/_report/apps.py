# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The apps of a report: the spaces and apps that AWS lists, joined with the hosts of the inventory. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model, states
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import OK

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.build import (
        HostResult,
        RegionResults,
        Result,
    )

# A domain's ID and the name of the space, or of the user profile of an app of Studio Classic.
Key = t.Tuple[str, str]
NO_HOST = "It is no host of the inventory. The inventory studio_spaces lists the spaces that Ansible can reach."
# ListApps has the apps of the last day, too.
_GONE = ("Deleted", "Deleting")


def build_apps(
    domains: t.Sequence[model.Domain], regions: t.Sequence[RegionResults], hosts: t.Sequence[HostResult]
) -> list[model.App]:
    """Return one item for each space, for each other app, and for each host that AWS does not list."""
    by_id = {domain["domain_id"]: domain for domain in domains}
    listed = {key: row for results in regions for key, row in _rows_of_aws(results)}
    by_host = [(host, _key(host)) for host in hosts]
    known = {key for _host, key in by_host}
    rows: list[tuple[HostResult | None, dict[str, t.Any]]] = [
        (host, {**listed.get(key, {}), **_row_of_host(host)}) for host, key in by_host
    ]
    rows += [(None, row) for key, row in listed.items() if key not in known]
    apps = [_app(row, host, by_id) for host, row in rows]
    return sorted(
        apps, key=lambda app: (app["account"], app["region"], app["domain_name"], app["domain_id"], model.app_name(app))
    )


def _rows_of_aws(results: RegionResults) -> t.Iterator[tuple[Key, dict[str, t.Any]]]:
    """Yield what AWS shows of each space, then of the apps that have none."""
    described = {domain["domain_id"]: domain for domain in results.domains.get("domains", [])}
    apps: dict[Key, Result] = {}
    for domain_id, domain in described.items():
        for app in domain.get("apps") or []:
            if app["status"] not in _GONE:
                apps[domain_id, app["owner"]] = app
    place = {"account": results.account, "region": results.name, "target": results.target}
    spaces = results.spaces.get("spaces", [])
    for space in spaces:
        key = (space["domain_id"], space["space_name"])
        yield key, {**place, **_of_space(space), **_of_app(apps.pop(key, {}))}
    for (domain_id, owner), app in apps.items():
        names = {"space": owner} if app["owner_type"] == "space" else {"owner": owner}
        because = "" if "space" in names else "An app of a user profile has no remote access."
        row = {**place, "domain_id": domain_id, **names, **_of_app(app), "_because": because}
        yield (domain_id, owner), row


def _of_space(space: Result) -> dict[str, t.Any]:
    app = space.get("app") or {}
    gone = app.get("status") in _GONE
    return {
        "domain_id": space["domain_id"],
        "domain_name": space.get("domain_name"),
        "space": space["space_name"],
        "owner": space.get("owner"),
        "app_type": space.get("app_type"),
        "status": "" if gone else app.get("status"),
        "instance_type": app.get("instance_type"),
        "creation_time": app.get("creation_time"),
        "remote_access": space.get("remote_access"),
        "_because": space.get("unreachable_because"),
    }


def _of_app(app: Result) -> dict[str, t.Any]:
    if not app:
        return {}
    return {
        "app_type": app["type"],
        "status": app["status"],
        "creation_time": app["creation_time"],
        "predates_domain_update": app["predates_domain_update"],
    }


def _key(host: HostResult) -> Key:
    metadata = host.facts.get("resource_metadata") or {}
    domain_id = host.variables.get("studio_domain_id") or metadata.get("domain_id") or ""
    owner = (
        host.variables.get("studio_space_name") or metadata.get("space_name") or metadata.get("user_profile_name") or ""
    )
    # A host that says nothing of its space is joined with nothing.
    return (domain_id, owner) if owner else ("", f"host {host.name}")


def _row_of_host(host: HostResult) -> dict[str, t.Any]:
    """Return what the host knows. What it does not know is missing, so that AWS's value stays."""
    get = host.variables.get
    metadata = host.facts.get("resource_metadata") or {}
    remote = get("studio_remote_access")
    found = {
        "host": host.name,
        "account": get("studio_account_id"),
        "region": get("studio_region"),
        "domain_id": get("studio_domain_id") or metadata.get("domain_id"),
        "domain_name": get("studio_domain_name"),
        "space": get("studio_space_name") or metadata.get("space_name"),
        "owner": get("studio_owner") or metadata.get("user_profile_name"),
        "app_type": get("studio_app_type") or metadata.get("app_type"),
        "status": get("studio_app_status"),
        "instance_type": get("studio_instance_type"),
        "image": " ".join(filter(None, [(get("studio_image_arn") or "").split("/")[-1], get("studio_image_version")])),
        "creation_time": get("studio_app_creation_time"),
        "remote_access": None if remote is None else remote == "ENABLED",
        "docker_access": get("studio_docker_access"),
        **_versions(host.facts),
        "_because": _not_inspected_because(host),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _versions(facts: Result) -> dict[str, str]:
    docker, compose, engine = (facts.get(name) or {} for name in ("docker", "compose", "engine"))
    return {
        "docker_cli": docker.get("version") or "",
        "compose": compose.get("version") or "",
        "engine": (engine.get("version") or "") if engine.get("reachable") else "",
    }


def _not_inspected_because(host: HostResult) -> str:
    """Return what Ansible and the inventory know about a host whose app was not inspected."""
    if host.facts:
        return ""
    # A connection that fails like a module has its reason there.
    texts = (str(host.inspection.get(name) or "").strip() for name in ("msg", "module_stderr"))
    message = " ".join(filter(None, texts))
    known = str(host.variables.get("studio_unreachable_because") or "")
    if not host.inspection:
        return known or "It was not in the hosts of this run."
    about = "Ansible could not connect" if host.inspection.get("unreachable") else "The app could not be inspected"
    return " ".join(filter(None, [f"{about}: {message or 'Ansible gives no reason.'}", known]))


def _app(row: Result, host: HostResult | None, domains: t.Mapping[str, model.Domain]) -> model.App:
    domain: t.Mapping[str, t.Any] = domains.get(row.get("domain_id", ""), {})
    access = domain.get("docker_access")
    findings = [dict(finding) for finding in (host.findings if host else ())]
    texts: dict[str, t.Any] = {name: str(row.get(name) or domain.get(name) or "") for name in _OF_DOMAINS}
    texts.update({name: str(row.get(name) or "") for name in _TEXTS})
    app = t.cast(
        model.App,
        {
            **texts,
            "remote_access": row.get("remote_access"),
            "docker_access": row.get("docker_access") if access is None else access,
            "predates_domain_update": row.get("predates_domain_update"),
            "state": model.NOT_CHECKED,
            "findings": findings,
            "passed": [finding["check"] for finding in findings if finding["status"] == OK],
        },
    )
    is_inspected = bool(findings)
    own = states.own_findings(app, is_inspected, row.get("_because") or NO_HOST)
    app["findings"] = [*own, *findings]
    app["state"] = states.app_state(app, is_inspected)
    return app


_OF_DOMAINS = ("account", "region", "target", "domain_id", "domain_name")
_TEXTS = (
    "host",
    "space",
    "owner",
    "app_type",
    "status",
    "instance_type",
    "image",
    "docker_cli",
    "compose",
    "engine",
    "creation_time",
)
