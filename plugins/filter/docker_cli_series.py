# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which series of the Docker CLI to stage for an operating system."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import series_for


def docker_cli_series(version: str, codename: str) -> str:
    """Return the series to take for the version that was asked for."""
    return series_for(version, codename)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"docker_cli_series": docker_cli_series}
