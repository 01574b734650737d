# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What UpdateDomain makes of DomainSettings, and what DescribeDomain shows of them. Pure functions."""

from __future__ import annotations

from typing import Any

from .controls import Controls
from .semantics import applied

# RStudioServerProDomainSettings is updated under a name of its own (botocore model: DomainSettingsForUpdate).
_FOR_UPDATE = "ForUpdate"


def updated_domain_settings(
    current: dict[str, Any] | None, update: dict[str, Any] | None, controls: Controls
) -> dict[str, Any] | None:
    """DomainSettings after an update with DomainSettingsForUpdate; what was not sent stays as it was."""
    if update is None:
        return current
    settings = dict(current or {})
    for name, value in update.items():
        settings[name.removesuffix(_FOR_UPDATE)] = value
    if "DockerSettings" in update:
        before = (current or {}).get("DockerSettings", {})
        settings["DockerSettings"] = updated_docker_settings(before, update["DockerSettings"], controls)
    return settings


def updated_docker_settings(before: dict[str, Any], update: dict[str, Any], controls: Controls) -> dict[str, Any]:
    after = applied(before, update, controls, controls.ignored_docker_settings)
    return {key: value for key, value in after.items() if key not in controls.dropped_docker_settings}


def reported_domain_settings(settings: dict[str, Any] | None, controls: Controls) -> dict[str, Any] | None:
    """DomainSettings as DescribeDomain shows them, None when it leaves them out."""
    if settings is None and not controls.report_unset_domain_settings:
        return None
    settings = settings or {}
    if "DockerSettings" not in settings:
        return settings
    defaults: dict[str, Any] = {"EnableDockerAccess": "DISABLED", "VpcOnlyTrustedAccounts": []}
    if controls.report_unset_rootless:
        defaults["RootlessDocker"] = "DISABLED"
    return {**settings, "DockerSettings": {**defaults, **settings["DockerSettings"]}}
