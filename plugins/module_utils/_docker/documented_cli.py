# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The series of the Docker CLI that Studio documents, and which versions replace it where Docker has none of it."""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import cli_problem

CLI = "docker-ce-cli"
DOCUMENTED = "20.10"
# The releases that Docker built 20.10 for (docker/docker-ce-packaging, branch 20.10).
_CODENAMES = ("focal", "jammy", "bullseye")


def is_published(version: str, codename: str | None) -> bool:
    """Tell whether Docker has packages of this series or version for a release, as far as 20.10 is concerned."""
    return package_versions.series(version) != DOCUMENTED or codename in _CODENAMES


def may_be_replaced(name: str, requested: str) -> bool:
    """Tell whether another series may be installed where the requested one is missing: only the documented CLI."""
    return (name, requested) == (CLI, DOCUMENTED)


def can_replace(version: str) -> bool:
    """Tell whether a CLI may be installed in place of the documented series: it speaks API 1.41."""
    return not cli_problem(package_versions.number(version), {})


def satisfies(name: str, version: str, requested: str, codename: str | None) -> bool:
    """Tell whether a package's version is the requested one, or replaces it on a release without the documented CLI."""
    return package_versions.matches(version, requested) or (
        may_be_replaced(name, requested) and not is_published(requested, codename) and can_replace(version)
    )
