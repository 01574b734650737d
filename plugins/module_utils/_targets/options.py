# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The options of a task for each target: its own in place of the task's. Pure."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import MutuallyExclusiveError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import argument_spec

if t.TYPE_CHECKING:
    Params = t.Dict[str, t.Any]

# They select domains together: a target that has one of them replaces all of the task's.
_SELECTION = ("domains", "all_domains", "domain_tags")
# What is one for all targets together.
_OF_THE_TASK = frozenset({*argument_spec(), "state", "batch_size", "max_failures"})


_EXCLUDING = (
    " In the playbooks, they are variables of the target, its groups or the command line, whose names begin with "
    "domain_docker_access_: set one of them only, for single domains with "
    "-e '{\"domain_docker_access_all_domains\": false}'."
)


class OptionsError(ValueError):
    """The options of a target are invalid; the message is for the user."""


def params_of(task: Params, own: t.Mapping[str, t.Any], spec: dict[str, t.Any], rules: dict[str, t.Any]) -> Params:
    """Return the parameters for a target with these options of its C(own), converted and checked like the task's.

    C(spec) has the module's own options, C(rules) the names that exclude each other. Raises OptionsError.
    """
    allowed = {
        name: {key: value for key, value in option.items() if key not in ("default", "required")}
        for name, option in spec.items()
        if name not in _OF_THE_TASK
    }
    validator = ArgumentSpecValidator(allowed, mutually_exclusive=rules.get("mutually_exclusive"))
    checked = validator.validate(dict(own))
    if checked.error_messages:
        excluding = any(isinstance(error, MutuallyExclusiveError) for error in checked.errors)
        raise OptionsError(f"options: {'; '.join(checked.error_messages)}.{_EXCLUDING if excluding else ''}")
    given = {name: checked.validated_parameters[name] for name in own if checked.validated_parameters[name] is not None}
    replaced = _SELECTION if any(name in given for name in _SELECTION) else ()
    return {**task, **{name: None for name in replaced if name in task}, **given}
