# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the summary of a playbook on local mode as plain text."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.summary import (
    AppRun,
    DomainsRun,
    summary,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.printer import print_lines

_SPEC: dict[str, dict[str, t.Any]] = {
    "domains": {"type": "list", "elements": "dict", "default": []},
    "restarts": {"type": "list", "elements": "dict", "default": []},
    "restart_variable": {"type": "str", "default": ""},
    "lifecycle_config": {"type": "dict", "default": {}},
    "apps_to_restart": {"type": "dict", "default": {}},
    "remote_access": {"type": "dict", "default": {}},
    "unreachable_apps": {"type": "list", "elements": "str", "default": []},
    "prerequisites": {"type": "dict", "default": {}},
    "apps": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(ActionBase):
    """Everything is known on the controller: no connection is needed."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        _validation, options = self.validate_argument_spec(_SPEC)
        run = DomainsRun(
            options["domains"],
            options["restarts"],
            options["lifecycle_config"],
            options["apps_to_restart"],
            options["restart_variable"],
            in_awx="awx_job_id" in variables or "tower_job_id" in variables,
            remote_access=options["remote_access"],
            unreachable=[variables["hostvars"][host] for host in options["unreachable_apps"]],
        )
        apps = [_app(host, variables) for host in options["apps"]]
        lines = summary(run, options["prerequisites"], apps, self._task.check_mode)
        # Callbacks quote or wrap a result's text; the display does not.
        print_lines(self._display, lines)
        return {**result, "changed": False, "lines": lines}


def _app(host: str, variables: dict[str, t.Any]) -> AppRun:
    hostvars = variables["hostvars"][host]
    return AppRun(
        host=host,
        failed=host not in variables["ansible_play_hosts"],
        installation=hostvars.get("docker_cli_result", {}),
        inspection=hostvars.get("local_mode_check_result", {}),
        findings=hostvars.get("local_mode_check_report", []),
    )
