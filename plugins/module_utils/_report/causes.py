# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What to do next: the findings of the fleet by their cause, with the commands for all that a cause concerns."""

from __future__ import annotations

import json
import shlex
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import awx, inventory, model, questions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED, SKIPPED, WARNING
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.states import SYMPTOMS

_EXAMPLES = 5
# Of so many causes on, the reasons why apps were not looked into are no causes of their own.
_MOST = 40
_COLLECTION = "mlops.studio_local_mode"
# A check of an app -> the cause at its domain or of its age, which its symptoms follow from.
_ROOT_CAUSES = ("docker_access", "app_age")
# What nobody could look into is worth a step, a check that is not needed is not.
_UNSEEN = frozenset({"app_checks", "domain_description"})
_INSTALLED = frozenset({"docker_cli", "compose"})

Item = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Way:
    """How whoever reads the report acts: with commands and these inventories, or with the templates of AWX."""

    inventories: tuple[str, ...] = ()
    in_awx: bool = False
    # What the names of AWX's templates begin with.
    template_prefix: str = ""
    # The variables that the form of AWX, or whoever runs a playbook, has given.
    answers: t.Container[str] = frozenset()

    def text(self, text: str) -> str:
        """Return the text as whoever reads it can act on it."""
        return awx.in_awx(text, self.template_prefix) if self.in_awx else inventory.of_run(text, self.inventories)

    def failure(self, message: str, module: str = "") -> str:
        """Return the message of a failure, in AWX with the questions of the form that it is about."""
        return questions.named_in(self.text(message), module, self.answers) if self.in_awx else message

    def result(self, result: Item, module: str) -> dict[str, t.Any]:
        """Return the result of a module, with the questions of the form that its failure is about."""
        told = str(result.get("msg") or "")
        message = self.failure(told, module)
        if message == told:
            return dict(result)
        # From 2.19 on, ansible-core shows the exception of the module as well, with the commands of its message.
        return {**{name: value for name, value in result.items() if name != "exception"}, "msg": message}

    def findings(self, found: t.Iterable[t.Mapping[str, str]]) -> list[dict[str, str]]:
        return [{**finding, "remediation": self.text(finding["remediation"])} for finding in found]


@dataclass
class _Cause:
    check: str
    status: str
    finding: t.Mapping[str, str]
    domains: list[Item]
    apps: list[Item]


def next_steps(domains: t.Sequence[Item], apps: t.Sequence[Item], way: Way) -> list[model.Step]:
    """Return one step for each cause: failures before warnings, and what concerns most first."""
    causes: dict[str, _Cause] = {}
    for domain in domains:
        for finding in _actionable(domain):
            _cause_of(causes, finding).domains.append(domain)
    for app in apps:
        for finding in _without_symptoms(_actionable(app)):
            _cause_of(causes, finding).apps.append(app)
    order = (FAILED, WARNING, SKIPPED).index
    ordered = sorted(causes.values(), key=lambda c: (order(c.status), -len(c.apps) - len(c.domains), c.check))
    return [_step(cause, way) for cause in ordered]


def _actionable(item: Item) -> list[t.Mapping[str, str]]:
    unseen = _UNSEEN.union(item.get("unchecked", ()))
    return [f for f in item["findings"] if f["status"] in (FAILED, WARNING) or f["check"] in unseen]


def _without_symptoms(findings: list[t.Mapping[str, str]]) -> list[t.Mapping[str, str]]:
    if not any(finding["check"] in _ROOT_CAUSES for finding in findings):
        return findings
    return [finding for finding in findings if finding["check"] not in SYMPTOMS]


def _cause_of(causes: dict[str, _Cause], finding: t.Mapping[str, str]) -> _Cause:
    # Nobody could look into an app for a reason of its own, which is the cause.
    key = f"{finding['check']} {finding['reason']}" if finding["check"] in _UNSEEN else finding["check"]
    if key not in causes and len(causes) > _MOST:
        key = finding["check"]
    cause = causes.setdefault(key, _Cause(finding["check"], finding["status"], finding, [], []))
    if cause.status == WARNING and finding["status"] == FAILED:
        cause.status, cause.finding = FAILED, finding
    return cause


def _step(cause: _Cause, way: Way) -> model.Step:
    names = [*map(model.domain_name, cause.domains), *map(model.app_name, cause.apps)]
    return {
        "cause": cause.check,
        "status": cause.status,
        "reason": cause.finding["reason"],
        "remediation": cause.finding["remediation"],
        "domains": len(cause.domains),
        "apps": len(cause.apps),
        "examples": names[:_EXAMPLES],
        "commands": [way.text(command) for command in _commands(cause, way)],
    }


def _commands(cause: _Cause, way: Way) -> list[str]:
    if cause.check == "docker_access":
        concerned = [*cause.domains, *cause.apps]
        return [
            *(_enable(region, ids) for region, ids in by_region(concerned)),
            *_of_targets("enable_local_mode", concerned, way),
        ]
    if cause.check == "app_age":
        # AWS does not create apps of Studio Classic again.
        apps = [app for app in cause.apps if app["state"] == model.AFTER_RESTART]
        return restart_commands(apps, way)
    if cause.check == "app_checks":
        apps = [app for app in cause.apps if app["remote_access"] is False]
        commands = [_remote_access(region, ids) for region, ids in by_region(apps)]
        commands += _of_targets("enable_local_mode", apps, way, enable_remote_access=True)
        return [] if way.in_awx else commands
    if cause.check in _INSTALLED:
        hosts = [app["host"] for app in cause.apps if app["host"]]
        return [_install(hosts, way)] if hosts else []
    return []


def by_region(items: t.Iterable[Item]) -> list[tuple[str, list[str]]]:
    """Return the IDs of the domains of each region, without those of targets."""
    regions: dict[str, dict[str, None]] = {}
    for item in items:
        if item["domain_id"] and not item.get("target"):
            regions.setdefault(item["region"], {})[item["domain_id"]] = None
    return [(region, list(ids)) for region, ids in regions.items()]


def restart_commands(items: t.Sequence[Item], way: Way) -> list[str]:
    """Return the commands that restart the outdated apps of the domains of these items."""
    commands = [_restart(region, ids) for region, ids in by_region(items)]
    return [way.text(command) for command in (*commands, *_of_targets("restart_apps", items, way))]


def _of_targets(playbook: str, items: t.Iterable[Item], way: Way, **variables: bool) -> list[str]:
    """Return one command for the domains of all targets; none without targets."""
    targets = {item["domain_id"]: item["target"] for item in items if item["domain_id"] and item.get("target")}
    if not targets:
        return []
    if way.in_awx:
        # The form has no question for the domains of each target: the limit names the targets.
        limit = ",".join(dict.fromkeys(["localhost", *targets.values()]))
        return [f"ansible-playbook {_COLLECTION}.{playbook} --limit {shlex.quote(limit)}"]
    # As for the domains that a person approved: each target has its own.
    chosen = {"domain_docker_access_domain_ids": list(targets), "domain_docker_access_domain_targets": targets}
    values = shlex.quote(json.dumps({**chosen, **variables}))
    return [f"ansible-playbook {inventory.options(way.inventories)}{_COLLECTION}.{playbook} -e {values}"]


def _enable(region: str, ids: list[str]) -> str:
    variables = _variables(domain_docker_access_domains=ids, domain_docker_access_region=[region])
    return f"ansible-playbook {_COLLECTION}.enable_local_mode {variables}"


def _restart(region: str, ids: list[str]) -> str:
    arguments = f"domains={','.join(ids)}{f' region={region}' if region else ''}"
    return f"ansible localhost -m {_COLLECTION}.sagemaker_studio_app -a {shlex.quote(arguments)}"


def _remote_access(region: str, ids: list[str]) -> str:
    arguments = f"domains={','.join(ids)} remote_access=true{f' region={region}' if region else ''}"
    return f"ansible localhost -m {_COLLECTION}.sagemaker_studio_space -a {shlex.quote(arguments)}"


def _install(hosts: list[str], way: Way) -> str:
    inventories, limit = inventory.options(way.inventories), shlex.quote(",".join(hosts))
    return f"ansible-playbook {inventories}{_COLLECTION}.install_docker_cli --limit {limit}"


def _variables(**values: list[str]) -> str:
    return " ".join(f"-e {shlex.quote(f'{name}=' + ','.join(value))}" for name, value in values.items() if any(value))
