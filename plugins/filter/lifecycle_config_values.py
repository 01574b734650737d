# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the template of the lifecycle configuration's script what it has in common with the role docker_cli."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.lifecycle_script import script_values


def lifecycle_config_values(bundles: t.Iterable[dict[str, t.Any]]) -> dict[str, t.Any]:
    """Return the values for bundles as docker_deb_bundle returns them."""
    return script_values(list(bundles))


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"lifecycle_config_values": lifecycle_config_values}
