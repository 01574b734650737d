# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Make the list of targets from the hosts of the inventory, with Ansible's own precedence of variables."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets import (
    answers,
    host_variables,
    region_host,
)
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets.host_values import (
    HostTemplates,
    HostValues,
)
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
        manager, inventory = hostvars._variable_manager, hostvars._inventory
        # This process is the task's own.
        manager._extra_vars = answers.answered(manager.extra_vars)
        templates = HostTemplates(self._task, manager, self._templar)
        sources = Sources(self._task, manager, inventory, self._loader)
        targets, audit, problems = [], [], []
        for host, values in _hosts(inventory, templates, (task_vars or {}).get("ansible_limit")):
            name = region_host.name_of(host)
            variables = {variable: values.of(variable) for variable in host_variables.NAMES}
            if problem := host_variables.problem(name, variables):
                problems.append(problem)
                continue
            if options["condition"] and not values.of(options["condition"]):
                continue
            own = values.of(options["options"]) if options["options"] else {}
            targets.append(host_variables.target_of(name, variables, own or {}))
            audit += [
                {"target": name, "variable": variable, "value": values.of(variable), "source": source}
                for variable, source in sources.of(host, options["audited"]).items()
            ]
        if problems:
            raise AnsibleActionFail(" ".join(problems))
        return {**result, "changed": False, "targets": targets, "sources": audit}


def _hosts(inventory: t.Any, templates: HostTemplates, limit: str | None) -> t.Iterator[tuple[t.Any, HostValues]]:
    """Yield the host of each target with its variables."""
    # --limit applies, the hosts of the play do not: the play itself runs on localhost.
    group = inventory.groups.get(host_variables.GROUP)
    if group and (reason := group.get_vars().get(host_variables.UNREAD)):
        raise AnsibleActionFail(host_variables.unread(reason))
    hosts = inventory.get_hosts(group.name, ignore_restrictions=True) if group else []
    for host in hosts:
        values = templates.of(host)
        regions = host_variables.regions_of(values.of(host_variables.REGIONS))
        if not regions:
            yield host, values
        elif values.of(host_variables.REGION):
            raise AnsibleActionFail(host_variables.two_regions(host.name))
        for of_region in region_host.hosts_of(host, regions, inventory.groups):
            yield of_region, templates.of(of_region)
    if not hosts:
        raise AnsibleActionFail(host_variables.no_target(len(group.get_hosts()) if group else 0, limit))
