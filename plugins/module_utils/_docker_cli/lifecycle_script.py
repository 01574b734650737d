# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The values that the template of the lifecycle script shares with the role docker_cli."""

from __future__ import annotations

from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import (
    OLDEST_CLI,
    OLDEST_COMPOSE,
    SDK_THAT_READS_THE_NUMBER,
    SDK_WITHOUT_THE_V,
    incompatible_clis,
    incompatible_composes,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.documented_cli import CLI
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_home import HOME_PROGRAMS
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_system import LINK
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.moved_aside import REPLACED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import ON_PATH
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.refusals import COMPOSE
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import (
    files,
    lifecycle_state,
    record,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.cli_plugins import SYSTEM_PLUGINS
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import NO_ENGINE

# The script's names for what concerns a program.
_VARIABLES = {CLI: "cli", COMPOSE: "plugin"}


def template_values(bundles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the values for the template lifecycle_config.sh.j2.

    Args:
        bundles: as docker_deb_bundle returns them, one for each operating system.
    """
    return {
        "packages": [_package(_target(one), package) for one in bundles for package in one["packages"]],
        "systems": [_target(one).folder for one in bundles],
        "cli": CLI,
        "compose": COMPOSE,
        "oldest_cli": OLDEST_CLI,
        "oldest_compose": OLDEST_COMPOSE,
        "incompatible_clis": incompatible_clis(),
        "incompatible_composes": incompatible_composes(),
        "sdk_that_reads_the_number": SDK_THAT_READS_THE_NUMBER,
        "sdk_without_the_v": SDK_WITHOUT_THE_V,
        "no_engine": NO_ENGINE,
        "plugin_folders": SYSTEM_PLUGINS,
        "on_path": ON_PATH,
        "replaced": REPLACED,
        "record_format": record.FORMAT,
        "record_in_home": str(record.in_home(record.Path()).with_name(record.LIFECYCLE_RECORDS)),
        "record_in_system": str(record.SYSTEM.with_name(record.LIFECYCLE_RECORDS)),
        "state_format": lifecycle_state.FORMAT,
        "state_in_home": lifecycle_state.IN_HOME,
        "state_elsewhere": str(lifecycle_state.ELSEWHERE),
        "metadata": str(files.RESOURCE_METADATA),
        "app_id_expression": lifecycle_state.APP_ID_EXPRESSION,
        "record_of_role": record.in_home(record.Path()).name,
        "home_lock": record.HOME_LOCK,
        "link": str(LINK),
        "running": lifecycle_state.RUNNING,
        "done": lifecycle_state.DONE,
        "failed": lifecycle_state.FAILED,
        "programs": {
            name: {**program._asdict(), "variable": _VARIABLES[name]} for name, program in HOME_PROGRAMS.items()
        },
    }


def _package(target: Target, package: dict[str, Any]) -> dict[str, Any]:
    """Return a package with its usual names, which the script need not repeat: Studio limits its size."""
    name, version = package["name"], package["version"].rpartition(":")[2]
    folder = f"/{target.distribution}/dists/{target.codename}/pool/stable/{target.architecture}"
    return {
        "target": target,
        **package,
        "usual_file": f"{name}_{version}_{target.architecture}.deb",
        "usual_path": f"{folder}/{package['file']}",
    }


def _target(bundle: dict[str, Any]) -> Target:
    return Target(*(bundle[name] for name in Target._fields))
