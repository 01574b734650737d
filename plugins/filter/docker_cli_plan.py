# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what to install in a Studio app."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import check_versions, cli_plan

_SCOPES = ("system", "home")


def docker_cli_plan(
    app: dict[str, t.Any],
    version: str = "20.10",
    compose_version: str = "2",
    keep_existing: bool = True,
    scope: str = "system",
) -> dict[str, t.Any]:
    """Return the plan for an app as studio_app_info describes it. Raises AnsibleFilterError for what is no version."""
    if not isinstance(app, t.Mapping) or "installed_packages" not in app:
        raise AnsibleFilterError("docker_cli_plan takes what mlops.studio_local_mode.studio_app_info returns as app.")
    if scope not in _SCOPES:
        raise AnsibleFilterError(f"scope is {scope!r}, it must be one of {', '.join(_SCOPES)}.")
    try:
        check_versions(version, compose_version)
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error
    return cli_plan(app, version, compose_version, keep_existing, scope)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"docker_cli_plan": docker_cli_plan}
