# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gather the outcome of a playbook on local mode: its artifacts, the text of its summary, and why it fails."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import outcome
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import (
    AppRun,
    DomainsRun,
    Reader,
    summary,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.way import way_of
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.width import width_of

_SPEC: dict[str, dict[str, t.Any]] = {
    "restart_variable": {"type": "str", "default": ""},
    "apps_required": {"type": "bool", "default": False},
    "apps_to_restart": {"type": "dict", "default": {}},
    "fail_on_drift": {"type": "bool", "default": False},
    "prerequisites_required": {"type": "bool", "default": False},
}
# A playbook keeps the failure of a step, so that the others are done.
_STEPS = ("domain", "lifecycle_config", "remote_access", "restart")
Variables = t.Mapping[str, t.Any]


class ActionModule(ActionBase):
    """Everything is known on the controller: no connection is needed."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        _validation, options = self.validate_argument_spec(_SPEC)
        # One read of the variables in Python takes a tenth of the time that templates in a playbook take.
        local = variables["hostvars"]["localhost"]
        unreachable = list(variables["groups"].get("studio_apps_unreachable", []))
        apps = [_app(host, variables) for host in _app_names(variables)]
        way = way_of(variables)
        prerequisites = way.result(_prerequisites(local, apps, variables), "sagemaker_domain_prerequisites_info")
        run = DomainsRun(
            local.get("domain_docker_access_report") or (),
            (local.get("domain_docker_access_restarts") or {}).get("results") or (),
            local.get("domain_docker_access_lifecycle_config_result") or {},
            options["apps_to_restart"],
            options["restart_variable"],
            remote_access=local.get("domain_docker_access_remote_access_result") or {},
            targets=local.get("domain_docker_access_target_report") or (),
            unreachable=[variables["hostvars"][host] for host in unreachable],
            changes=local.get("domain_docker_access_changes") or {},
        )
        no_app, has_group = options["apps_required"] and not apps, "studio_apps" in variables["groups"]
        failures = [
            *(str(local.get(f"{step}_failure") or "").strip() for step in _STEPS),
            *(outcome.drifts(run) if options["fail_on_drift"] and self._task.check_mode else ()),
            *([outcome.no_group(way.in_awx)] if no_app and not has_group else ()),
            *outcome.unmet_prerequisites(prerequisites, options["prerequisites_required"]),
        ]
        reader = Reader(width_of(self._display), way)
        artifacts = {**outcome.artifacts(apps, unreachable), **outcome.domains_by_account(run.domains)}
        return {
            **result,
            "changed": False,
            "lines": [
                *summary(run, prerequisites, apps, self._task.check_mode, reader),
                *([outcome.NO_APP] if no_app and has_group else ()),
            ],
            "failures": [failure for failure in failures if failure],
            # Each slice of a job in AWX has those of its own apps. A failed task would lose them.
            **({"ansible_stats": {"data": artifacts, "per_host": False, "aggregate": False}} if artifacts else {}),
        }


def _app_names(variables: Variables) -> list[str]:
    """Return the apps of the play. One that has failed or that was not reachable is no host of it any more."""
    of_play = set(variables["ansible_play_hosts_all"])
    left_alone = set(variables["groups"].get("studio_apps_of_other_domains", []))
    return [host for host in variables["groups"].get("studio_apps", []) if host in of_play - left_alone]


def _app(host: str, variables: Variables) -> AppRun:
    hostvars = variables["hostvars"][host]
    return AppRun(
        host=host,
        failed=host not in variables["ansible_play_hosts"],
        installation=hostvars.get("docker_cli_result") or {},
        inspection=hostvars.get("local_mode_check_result") or {},
        findings=hostvars.get("local_mode_check_report") or (),
    )


def _prerequisites(local: Variables, apps: t.Sequence[AppRun], variables: Variables) -> Variables:
    """Return what was found for all hosts at once; with a limit, localhost does not have it."""
    hosts = [local, *(variables["hostvars"][app.host] for app in apps)]
    return next((host["domain_prerequisites"] for host in hosts if "domain_prerequisites" in host), {})
