# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Make the list of targets from the hosts of the inventory, with Ansible's own precedence of variables."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets import host_variables
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets.sources import Sources

_SPEC: dict[str, dict[str, t.Any]] = {
    "options": {"type": "str"},
    "condition": {"type": "str"},
    "audited": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(ActionBase):
    """Everything is known on the controller: no connection is needed."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(_SPEC)
        hostvars = (task_vars or {})["hostvars"]
        self._manager, inventory = hostvars._variable_manager, hostvars._inventory
        # --limit applies, the hosts of the play do not: the play itself runs on localhost.
        group = inventory.groups.get(host_variables.GROUP)
        hosts = inventory.get_hosts(group.name, ignore_restrictions=True) if group else []
        if not hosts:
            limit = (task_vars or {}).get("ansible_limit")
            raise AnsibleActionFail(host_variables.no_target(len(group.get_hosts()) if group else 0, limit))
        sources = Sources(self._task, self._manager, inventory, self._loader)
        targets, audit = [], []
        for host in hosts:
            values = _Values(self, host)
            if options["condition"] and not values.of(options["condition"]):
                continue
            variables = {name: values.of(name) for name in host_variables.NAMES}
            own = values.of(options["options"]) if options["options"] else {}
            targets.append(host_variables.target_of(host.name, variables, own or {}))
            audit += [
                {"target": host.name, "variable": name, "value": values.of(name), "source": source}
                for name, source in sources.of(host, options["audited"]).items()
            ]
        problems = [problem for problem in map(host_variables.problem, targets) if problem]
        if problems:
            raise AnsibleActionFail(" ".join(problems))
        return {**result, "changed": False, "targets": targets, "sources": audit}


class _Values:
    """The variables that the task would have on a host."""

    def __init__(self, action: ActionModule, host: t.Any) -> None:
        task = action._task
        variables = action._manager.get_vars(play=task.get_play(), host=host, task=task)
        self._variables = variables
        self._templar = action._templar.copy_with_new_env(available_variables=variables)

    def of(self, name: str) -> t.Any:
        if name not in self._variables:
            return None
        return self._templar.template(self._variables[name])
