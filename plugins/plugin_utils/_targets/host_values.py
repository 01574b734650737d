# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The values that the variables of a task have on many hosts."""

from __future__ import annotations

import typing as t


class HostValues:
    """The variables that the task would have on a host, in Ansible's order of precedence."""

    def __init__(self, templar: t.Any, variables: t.Mapping[str, t.Any]) -> None:
        self._templar = templar
        self._variables = variables

    def of(self, name: str) -> t.Any:
        """Return the value of the variable, None if it is not set."""
        if name not in self._variables:
            return None
        self._templar.available_variables = self._variables
        return self._templar.template(self._variables[name])


class HostTemplates:
    """C(task), C(manager) of the variables and C(templar) are those of an action."""

    def __init__(self, task: t.Any, manager: t.Any, templar: t.Any) -> None:
        self._task = task
        self._manager = manager
        self._templar = templar.copy_with_new_env(available_variables={})
        _compile_once(self._templar)

    def of(self, host: t.Any) -> HostValues:
        return HostValues(self._templar, self._manager.get_vars(play=self._task.get_play(), host=host, task=self._task))


def _compile_once(templar: t.Any) -> None:
    """Compile each template once for all hosts. Ansible does it at each use, which is most of the time of a template.

    An ansible-core without these private names compiles as before.
    """
    environment = getattr(getattr(templar, "_engine", None), "environment", None)
    if environment is None:
        return
    compile_template = environment.from_string
    compiled: dict[str, t.Any] = {}

    def from_string(source: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        # An expression comes as the nodes of its parser.
        if not isinstance(source, str) or args or kwargs:
            return compile_template(source, *args, **kwargs)
        if source not in compiled:
            compiled[source] = compile_template(source)
        return compiled[source]

    environment.from_string = from_string
