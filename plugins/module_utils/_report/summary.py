# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The summary at the end of a playbook: totals, the next steps by cause, one line each, and last what failed. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import causes, checked, model, spaces
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.changes import last_changes, place_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.problems import Problem, by_cause
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.sections import (
    in_full,
    joined,
    plural,
    steps,
    wrapped,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.totals import totals

Described = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class DomainsRun:
    """The results of the tasks that changed domains, as their modules return them."""

    domains: t.Sequence[Described] = ()
    restarts: t.Sequence[Described] = ()
    lifecycle_config: Described = field(default_factory=dict)
    # The apps that an earlier job of an AWX workflow named, by domain ID.
    earlier_apps_to_restart: t.Mapping[str, t.Sequence[Described]] = field(default_factory=dict)
    # The playbook's own way to restart apps, such as "restart_apps=true"; empty where it has none.
    restart_variable: str = ""
    # The result of sagemaker_studio_space, and the variables of the spaces that the inventory calls unreachable.
    remote_access: Described = field(default_factory=dict)
    unreachable: t.Sequence[Described] = ()
    # The result of sagemaker_domain_changes_info for the domains that do not have the requested settings.
    changes: Described = field(default_factory=dict)
    # The outcome of each account and region, if there are several.
    targets: t.Sequence[Described] = ()


@dataclass(frozen=True)
class AppRun:
    """The results of one app's roles; empty where a role did not run."""

    host: str
    failed: bool = False
    installation: Described = field(default_factory=dict)
    inspection: Described = field(default_factory=dict)
    findings: t.Sequence[t.Mapping[str, str]] = ()

    @property
    def facts(self) -> Described:
        """The app as studio_app_info describes it, at its latest."""
        return self.inspection.get("app") or self.installation.get("app") or {}

    @property
    def was_handled(self) -> bool:
        return bool(self.failed or self.installation or self.inspection or self.findings)


@dataclass(frozen=True)
class Reader:
    """Who reads the summary: the columns of the terminal, and how whoever reads it acts."""

    width: int = 100
    way: causes.Way = field(default_factory=causes.Way)


def summary(
    run: DomainsRun, prerequisites: Described, apps: t.Sequence[AppRun], check_mode: bool, reader: Reader
) -> list[str]:
    """Return the lines of the summary; none where nothing was done."""
    way, width = reader.way, reader.width
    of_domains = checked.domains(prerequisites, way)
    of_apps = checked.apps(apps, of_domains, way)
    unreachable = checked.unreachable(run.unreachable, [domain["domain_id"] for domain in run.domains])
    bad = [item for item in (*of_domains, *of_apps) if item["state"] == model.NOT_READY]
    found = causes.next_steps(of_domains, [*of_apps, *unreachable], way)
    failed = [
        *by_cause(_problems(run, apps, way), width),
        *in_full(bad, found, width, "the playbook fleet_report writes all of them to a file"),
    ]
    return joined(
        [
            totals(run.domains, of_domains, apps, check_mode),
            steps(found, width),
            _domains(run, check_mode, way),
            _restarts(run, check_mode),
            spaces.remote_access(run.remote_access, check_mode),
            _earlier_apps_to_restart(run),
            _checked_domains(of_domains),
            _apps(apps, check_mode),
            _unchecked(prerequisites, reader),
            ["Failed", *failed] if failed else [],
        ]
    )


def _domains(run: DomainsRun, check_mode: bool, way: causes.Way) -> list[str]:
    restarts = [result for result in run.restarts if "skipped" not in result]
    changes = last_changes(run.domains, run.changes)
    lines = []
    for domain in run.domains:
        # What failed comes last, by its cause.
        if "error" not in domain:
            lines += _domain(domain, restarts, check_mode)
            lines += [f"    {text}" for text in changes[place_of(domain)]]
    if run.domains:
        lines += [
            *_lifecycle_config(run.lifecycle_config, check_mode),
            *_how_to_restart(run, restarts, check_mode, way),
        ]
    return ["Domains", *lines] if lines else []


def _domain(domain: Described, restarts: t.Sequence[Described], check_mode: bool) -> list[str]:
    changed = ("would change" if check_mode else "changed") if domain["changed"] else "unchanged"
    settings = domain["docker_settings"]
    accounts = ", ".join(settings["vpc_only_trusted_accounts"]) or "none"
    lines = [
        f"  {_domain_name(domain)}: {changed}, Docker access {_on(settings['enable_docker_access'])}, "
        f"rootless {_on(settings['rootless_docker'])}, trusted accounts: {accounts}"
    ]
    if restarts:
        restarted = "Would restart" if check_mode else "Restarted"
        apps = [app for result in restarts for app in result.get("apps", []) if _is_restarted(app)]
        return lines + [f"    {restarted}: {_name_of(a)}" for a in apps if a["domain_id"] == domain["domain_id"]]
    purpose = "apply the settings" if settings["enable_docker_access"] else "end Docker access"
    return lines + [f"    Restart to {purpose}: {_created(app)}" for app in domain["apps_to_restart"]]


def _restarts(run: DomainsRun, check_mode: bool) -> list[str]:
    """Return the apps that a playbook restarted which changed no domain."""
    if run.domains or not run.restarts:
        return []
    restarted = "would be restarted" if check_mode else "restarted"
    lines = [
        f"  {app['domain_name']}: {_name_of(app)}: {restarted if app['changed'] else 'not restarted'}"
        for result in run.restarts
        for app in result.get("apps", [])
        if _is_restarted(app)
    ]
    left = any(not _is_restarted(app) for result in run.restarts for app in result.get("apps", []))
    return ["Apps", *lines] if lines else [] if left else ["No app needs a restart."]


def _domain_name(domain: Described) -> str:
    name = f"{domain['domain_name']} ({domain['domain_id']})" if domain["domain_name"] else str(domain["domain_id"])
    return f"{name} in {domain['target']}" if domain.get("target") else name


def _is_restarted(app: Described) -> bool:
    return "error" not in app and "skip_reason" not in app


def _lifecycle_config(result: Described, check_mode: bool) -> list[str]:
    if not result.get("changed"):
        return []
    if not result.get("lifecycle_configs"):
        detached = "would be detached" if check_mode else "is detached"
        return [f"  The lifecycle configuration {detached}: apps that start from then on do not run it"]
    runs = "would run" if check_mode else "runs"
    return [f"  The lifecycle configuration that installs the Docker CLI {runs} at the next start of each app"]


def _how_to_restart(run: DomainsRun, restarts: t.Sequence[Described], check_mode: bool, way: causes.Way) -> list[str]:
    """Return each way to restart the apps that are left, none where no app is left."""
    left = {app["domain_id"] for result in restarts for app in result.get("apps", []) if not _is_restarted(app)}
    domains = [d for d in run.domains if (d["domain_id"] in left if restarts else d.get("apps_to_restart"))]
    if not domains:
        return []
    after = "After the change, restart" if check_mode else "Restart"
    lines = [f"  A running app keeps the settings it was created with. {after} it, which ends its kernels:"]
    lines.append("    in Studio: stop the space, then run it")
    # Whoever disabled Docker access must not repeat the playbook that enables it.
    enabled = all((domain["docker_settings"] or {}).get("enable_docker_access") for domain in domains)
    if run.restart_variable and enabled:
        lines.append(f"    {_again(run, way)}")
    return lines + [f"    {command}" for command in causes.restart_commands(list(map(_place_of, domains)), way)]


def _place_of(domain: Described) -> Described:
    region = domain["domain_arn"].split(":")[3]
    return {"domain_id": domain["domain_id"], "region": region, "target": domain.get("target")}


def _again(run: DomainsRun, way: causes.Way) -> str:
    if way.in_awx:
        return "in AWX: launch this template again with the answer true to 'Restart running apps'"
    return f"with this playbook: run it again with -e {run.restart_variable}"


def _earlier_apps_to_restart(run: DomainsRun) -> list[str]:
    apps = [(domain_id, app) for domain_id, found in run.earlier_apps_to_restart.items() for app in found]
    if run.domains or not apps:
        return []
    title = "Apps to restart first, as an earlier job of the workflow reported"
    return [title, *(f"  {domain_id}: {_created(app)}" for domain_id, app in apps)]


def _checked_domains(domains: t.Sequence[Described]) -> list[str]:
    lines = [
        f"  {model.SHAPES[domain['state']]} {model.domain_name(domain)}: {_numbers(domain['findings'])}"
        for domain in domains
        if domain["state"] != model.NOT_READY and domain["findings"]
    ]
    return ["AWS prerequisites", *lines] if lines else []


def _unchecked(prerequisites: Described, reader: Reader) -> list[str]:
    text = f"AWS prerequisites were not checked: {reader.way.text(str(prerequisites.get('msg')))}"
    return wrapped(text, "", reader.width) if prerequisites.get("msg") else []


def _numbers(findings: t.Sequence[Described]) -> str:
    """Return how many checks had which result, such as "12 ok, 1 warning"."""
    statuses = [finding["status"] for finding in findings]
    return ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(sorted(statuses)))


def _apps(apps: t.Sequence[AppRun], check_mode: bool) -> list[str]:
    lines = [
        f"  {app.host}: {', '.join([_result(app), *_details(app, check_mode)])}"
        for app in apps
        if app.was_handled and not app.failed
    ]
    return ["Apps", *lines] if lines else []


def _problems(run: DomainsRun, apps: t.Sequence[AppRun], way: causes.Way) -> t.Iterator[Problem]:
    """Yield what failed with a message instead of findings."""
    for target in run.targets:
        if target.get("error"):
            place = (target["name"], target["account_id"] or "", target["region"])
            name = f"{place[0]} ({place[1]}, {place[2]})"
            yield Problem("FAILED", "targets", name, way.text(target["error"]), place)
    for domain in run.domains:
        if "error" in domain:
            name = f"{_domain_name(domain)}{' changed' if domain['changed'] else ''}"
            own_names = (domain["domain_id"], domain["domain_name"] or "")
            yield Problem("FAILED", "domains", name, way.text(domain["error"]), own_names)
    yield from spaces.problems(run.remote_access)
    for result in run.restarts:
        for app in result.get("apps", []):
            if not _is_restarted(app):
                text = app.get("error") or app["skip_reason"]
                yield Problem("NOT RESTARTED", "apps", _name_of(app), text, (app["owner"], app["domain_id"]))
    for app in apps:
        if app.failed:
            yield from _failure(app, way)


def _failure(app: AppRun, way: causes.Way) -> t.Iterator[Problem]:
    result = next((r for r in (app.installation, app.inspection) if r.get("failed") or r.get("unreachable")), None)
    if result:
        text = f"{result.get('msg', '')}\n{result.get('module_stderr', '')}".strip()
        word = "UNREACHABLE" if result.get("unreachable") else "FAILED"
        yield Problem(word, "apps", app.host, way.text(text), (app.host,))
    elif not any(finding["status"] == FAILED for finding in app.findings):
        text = "No task of this app returned a result. The task above that failed has the reason."
        yield Problem("FAILED", "apps", app.host, text)


def _result(app: AppRun) -> str:
    warnings = sum(finding["status"] == WARNING for finding in app.findings)
    also = f", {plural(warnings, 'warnings')}" if warnings else ""
    return f"local mode works{also}" if app.findings else "done"


def _details(app: AppRun, check_mode: bool) -> list[str]:
    verb = "would install" if check_mode else "installed"
    lines = [f"{verb} {package['name']} {package['version']}" for package in app.installation.get("packages", [])]
    if not app.facts:
        return lines
    docker, compose, engine = (app.facts[key] for key in ("docker", "compose", "engine"))
    client = f"docker {docker['version']} ({docker['path']})" if docker else "docker not installed"
    lines.append(f"{client}, Compose {compose['version'] if compose else 'not installed'}")
    if engine["reachable"]:
        return [*lines, f"engine {engine['version']} answers, API {engine['api_version']}"]
    return [*lines, f"engine does not answer: {engine['error']}"]


def _name_of(app: Described) -> str:
    return f"{app['type']} {app['name']} of {app['owner_type'].replace('_', ' ')} {app['owner']}"


def _created(app: Described) -> str:
    return f"{_name_of(app)}, created {app['creation_time']}"


def _on(enabled: bool) -> str:
    return "on" if enabled else "off"
