# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what to install in a Studio app."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.cli_plan import cli_plan

# What becomes of a 20.10 without quotes, also where a role has made a string of it again. Docker had no such version.
_UNQUOTED = "20.1"


def docker_cli_plan(
    app: dict[str, t.Any], version: str = "20.10", compose_version: str = "2", keep_existing: bool = True
) -> dict[str, t.Any]:
    """Return the plan for an app as studio_app_info describes it. Raises AnsibleFilterError for what is no version."""
    if not isinstance(app, t.Mapping) or "installed_packages" not in app:
        raise AnsibleFilterError("docker_cli_plan takes what mlops.studio_local_mode.studio_app_info returns as app.")
    for name, value in (("version", version), ("compose_version", compose_version)):
        if not isinstance(value, str) or not versions.number(value) or value == _UNQUOTED:
            raise AnsibleFilterError(
                f'{name} is {value!r}, which is no version such as "20.10". Put it in quotes: YAML reads 20.10 as 20.1.'
            )
    return cli_plan(app, version, compose_version, keep_existing)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"docker_cli_plan": docker_cli_plan}
