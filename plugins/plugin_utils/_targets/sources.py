# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Where a variable of a host comes from, as far as Ansible can tell: the winner of its order of precedence."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible.inventory.helpers import sort_groups
from ansible.vars.plugins import get_vars_from_inventory_sources, get_vars_from_path

if t.TYPE_CHECKING:
    Variables = t.Mapping[str, t.Any]

_STAGE = "task"


@dataclass(frozen=True)
class Level:
    """One place that sets variables, such as a group; C(name) is for people."""

    name: str
    variables: Variables
    # Whether file and line tell more than the name: nobody edits a role's defaults.
    has_files: bool = True


class Sources:
    """The places that set the variables of a play's hosts, in Ansible's order of precedence."""

    def __init__(self, task: t.Any, variable_manager: t.Any, inventory: t.Any, loader: t.Any) -> None:
        self._task = task
        self._manager = variable_manager
        self._inventory = inventory
        self._loader = loader
        self._of_groups: dict[str, Level] = {}

    def of(self, host: t.Any, names: t.Iterable[str]) -> dict[str, str]:
        """Return the place that each of these variables of the host comes from; a variable that is not set has none."""
        levels = self._levels(host)
        found = {}
        for name in names:
            level = next((level for level in reversed(levels) if name in level.variables), None)
            if level:
                found[name] = f"{level.name}{_origin(level.variables[name]) if level.has_files else ''}"
        return found

    def _levels(self, host: t.Any) -> list[Level]:
        """From the lowest to the highest, as in "Understanding variable precedence" of Ansible's guide."""
        task, role = self._task, self._task._role
        play = task.get_play()
        levels = []
        if role:
            defaults = role.get_default_vars(task.get_dep_chain())
            levels.append(Level(f"default of the role {role.get_name()}", defaults, has_files=False))
        levels += [self._of_group(group) for group in sort_groups(host.get_groups())]
        levels += [
            Level("host", {**host.get_vars(), **self._plugin_variables([host])}),
            Level("vars of the play", play.get_vars()),
        ]
        if role:
            chain = task.get_dep_chain()
            levels.append(Level(f"vars of the role {role.get_name()}", role.get_vars(chain, include_params=False)))
        levels += [Level("vars of the task", task.get_vars())]
        name = host.get_name()
        levels += [
            Level("include_vars", self._manager._vars_cache.get(name, {})),
            Level("set_fact", self._manager._nonpersistent_fact_cache.get(name, {})),
        ]
        if role:
            levels.append(Level("vars of the role's import", role.get_role_params(task.get_dep_chain())))
        return [
            *levels,
            Level("vars of the include", task.get_include_params()),
            Level("extra variable", self._manager.extra_vars),
        ]

    def _of_group(self, group: t.Any) -> Level:
        if group.name not in self._of_groups:
            variables = {**group.get_vars(), **self._plugin_variables([group])}
            self._of_groups[group.name] = Level(f"group {group.name}", variables)
        return self._of_groups[group.name]

    def _plugin_variables(self, entities: list[t.Any]) -> dict[str, t.Any]:
        """The group_vars and host_vars beside the inventory and beside the playbook."""
        found = get_vars_from_inventory_sources(self._loader, self._inventory._sources, entities, _STAGE)
        for path in self._task.get_search_path()[-1:]:
            found = {**found, **get_vars_from_path(self._loader, path, entities, _STAGE)}
        return found


def _origin(value: t.Any) -> str:
    """The file and line that Ansible remembers of a value; it remembers none of a boolean."""
    try:
        from ansible._internal._datatag._tags import Origin
    except ImportError:
        return ""
    origin = Origin.get_tag(value)
    if not origin or not origin.path:
        return ""
    return f" ({origin.path}:{origin.line_num})" if origin.line_num else f" ({origin.path})"
