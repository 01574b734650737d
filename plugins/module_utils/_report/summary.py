# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The summary at the end of a playbook: the domains, the findings, the apps, and the next step for each."""

from __future__ import annotations

import shlex
import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import spaces
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.changes import last_changes, place_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.table import as_text
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
    # In a job of AWX nobody has a shell: its form takes the place of commands.
    in_awx: bool = False
    # The result of sagemaker_studio_space, and the variables of the spaces that the inventory calls unreachable.
    remote_access: Described = field(default_factory=dict)
    unreachable: t.Sequence[Described] = ()
    # The result of sagemaker_domain_changes_info for the domains that do not have the requested settings.
    changes: Described = field(default_factory=dict)


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


def summary(run: DomainsRun, prerequisites: Described, apps: t.Sequence[AppRun], check_mode: bool) -> list[str]:
    """Return the lines of the summary; none where nothing was done."""
    table = _findings(prerequisites, apps)
    sections = [
        totals(run.domains, apps, check_mode),
        _domains(run, check_mode),
        spaces.remote_access(run.remote_access, check_mode),
        _earlier_apps_to_restart(run),
        table,
        _unchecked(prerequisites),
        _apps(apps, check_mode, bool(table)),
        spaces.unreachable(run.unreachable, [domain["domain_id"] for domain in run.domains]),
    ]
    # One empty line between the sections.
    return [line for section in sections if section for line in ["", *section]][1:]


def _domains(run: DomainsRun, check_mode: bool) -> list[str]:
    if not run.domains:
        return []
    restarts = [result for result in run.restarts if "skipped" not in result]
    lines = ["Domains"]
    changes = last_changes(run.domains, run.changes)
    # What failed comes last.
    for domain in sorted(run.domains, key=lambda domain: "error" in domain):
        lines += _domain(domain, restarts, check_mode)
        lines += [f"    {text}" for text in changes[place_of(domain)]]
    lines += _lifecycle_config(run.lifecycle_config, check_mode)
    return lines + _how_to_restart(run, restarts, check_mode)


def _domain(domain: Described, restarts: t.Sequence[Described], check_mode: bool) -> list[str]:
    changed = ("would change" if check_mode else "changed") if domain["changed"] else "unchanged"
    name = f"{domain['domain_name']} ({domain['domain_id']})" if domain["domain_name"] else domain["domain_id"]
    if "error" in domain:
        failed = f"{changed}, FAILED" if domain["changed"] else "FAILED"
        return [f"  {name}: {failed}", f"    {domain['error']}"]
    settings = domain["docker_settings"]
    accounts = ", ".join(settings["vpc_only_trusted_accounts"]) or "none"
    lines = [
        f"  {name}: {changed}, Docker access {_on(settings['enable_docker_access'])}, "
        f"rootless {_on(settings['rootless_docker'])}, trusted accounts: {accounts}"
    ]
    if restarts:
        apps = [app for result in restarts for app in result.get("apps", [])]
        return lines + [
            f"    {_restart_result(app, check_mode)}: {_name_of(app)}{_skip_reason(app)}"
            for app in apps
            if app["domain_id"] == domain["domain_id"]
        ]
    purpose = "apply the settings" if settings["enable_docker_access"] else "end Docker access"
    return lines + [f"    Restart to {purpose}: {_created(app)}" for app in domain["apps_to_restart"]]


def _restart_result(app: Described, check_mode: bool) -> str:
    if not _is_restarted(app):
        return "NOT RESTARTED"
    return "Would restart" if check_mode else "Restarted"


def _is_restarted(app: Described) -> bool:
    return "error" not in app and "skip_reason" not in app


def _skip_reason(app: Described) -> str:
    return f": {app['skip_reason']}" if "skip_reason" in app else ""


def _lifecycle_config(result: Described, check_mode: bool) -> list[str]:
    if not result.get("changed"):
        return []
    if not result.get("lifecycle_configs"):
        detached = "would be detached" if check_mode else "is detached"
        return [f"  The lifecycle configuration {detached}: apps that start from then on do not run it"]
    runs = "would run" if check_mode else "runs"
    return [f"  The lifecycle configuration that installs the Docker CLI {runs} at the next start of each app"]


def _how_to_restart(run: DomainsRun, restarts: t.Sequence[Described], check_mode: bool) -> list[str]:
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
        lines.append(f"    {_again(run)}")
    if not run.in_awx:
        ids = ",".join(domain["domain_id"] for domain in domains)
        region = domains[0]["domain_arn"].split(":")[3]
        arguments = f"domains={ids} region={region}"
        lines.append(f"    ansible localhost -m mlops.studio_local_mode.sagemaker_studio_app -a '{arguments}'")
    return lines


def _again(run: DomainsRun) -> str:
    if run.in_awx:
        return "in AWX: launch this template again with the answer true to 'Restart running apps'"
    return f"with this playbook: run it again with -e {run.restart_variable}"


def _earlier_apps_to_restart(run: DomainsRun) -> list[str]:
    apps = [(domain_id, app) for domain_id, found in run.earlier_apps_to_restart.items() for app in found]
    if run.domains or not apps:
        return []
    title = "Apps to restart first, as an earlier job of the workflow reported"
    return [title, *(f"  {domain_id}: {_created(app)}" for domain_id, app in apps)]


def _findings(prerequisites: Described, apps: t.Sequence[AppRun]) -> list[str]:
    """One table of the domains and the apps: a domain's setting often explains an app's failure."""
    of_domains = [
        {**finding, "check": f"{domain['domain_name'] or domain['domain_id'] or 'AWS'} {finding['check']}"}
        for domain in prerequisites.get("domains", [])
        for finding in domain["findings"]
    ]
    if not of_domains:
        return []
    of_apps = [{**finding, "check": f"{app.host} {finding['check']}"} for app in apps for finding in app.findings]
    title = "AWS prerequisites and app checks" if of_apps else "AWS prerequisites"
    return [title, *as_text([*of_domains, *of_apps]).splitlines()]


def _unchecked(prerequisites: Described) -> list[str]:
    reason = prerequisites.get("msg")
    return [f"AWS prerequisites were not checked: {reason}"] if reason else []


def _apps(apps: t.Sequence[AppRun], check_mode: bool, in_table: bool) -> list[str]:
    lines = []
    for app in sorted(apps, key=lambda app: app.failed):
        if app.failed:
            lines += [f"  {app.host}: FAILED", *_indented(_failure(app, in_table))]
        elif app.was_handled:
            lines.append(f"  {app.host}: {', '.join([_result(app), *_details(app, check_mode)])}")
    return ["Apps", *lines] if lines else []


def _failure(app: AppRun, in_table: bool) -> list[str]:
    result = next((r for r in (app.installation, app.inspection) if r.get("failed") or r.get("unreachable")), None)
    if result:
        text = f"{result.get('msg', '')}\n{result.get('module_stderr', '')}".strip()
        return (f"unreachable: {text}" if result.get("unreachable") else text).splitlines()
    problems = [finding for finding in app.findings if finding["status"] == FAILED]
    if not problems:
        return [
            "No task of this app returned a result. Say why: ansible "
            + shlex.quote(app.host)
            + " -m ansible.builtin.ping"
        ]
    return ["See the table above."] if in_table else as_text(problems).splitlines()


def _result(app: AppRun) -> str:
    return "local mode works" if app.findings else "done"


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


def _indented(lines: t.Iterable[str]) -> list[str]:
    return [f"    {line}".rstrip() for line in lines]


def _name_of(app: Described) -> str:
    return f"{app['type']} {app['name']} of {app['owner_type'].replace('_', ' ')} {app['owner']}"


def _created(app: Described) -> str:
    return f"{_name_of(app)}, created {app['creation_time']}"


def _on(enabled: bool) -> str:
    return "on" if enabled else "off"
