# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Gathers all facts of a Studio app that matter for local mode, in one process."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.engine_api import (
    probe_engine,
    socket_path,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import (
    broken_programs,
    cli_plugins,
    docker_config,
    environment,
    files,
    lifecycle_state,
    packages,
    record,
    tmp_folder,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.client_programs import (
    RunningPrograms,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.environment import Environment

# Debian's names of the architectures that Docker builds for; others keep the kernel's name.
_DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def app_facts(docker_host: str | None, timeout: float) -> dict[str, Any]:
    """Return the facts that studio_app_info documents, without changing anything.

    Args:
        docker_host: address of the engine to probe instead of the one in the environment.
        timeout: seconds to wait for each response of the engine.
    """
    env = environment.user_environment(os.environ, environment.of_process_one(), docker_host)
    home = str(_home())
    # The programs run while the other facts are gathered; the engine takes the longest.
    config = docker_config.docker_config(env.variables, Path(home), env.path)
    folders = cli_plugins.plugin_folders(
        str(docker_config.folder(env.variables, Path(home))), config["cli_plugins_extra_dirs"]
    )
    programs = RunningPrograms(env, folders)
    checked_home = record.CheckedHome(Path(home))
    metadata = files.resource_metadata()
    app = {
        **_machine(),
        **_docker_environment(env),
        "engine": probe_engine(env.docker_host, timeout),
        "resource_metadata": metadata,
        "sagemaker_sdk_version": _sagemaker_sdk_version(),
        "docker_config": config,
        "home": {**files.home_folder(Path(home)), **tmp_folder.facts(Path(home))},
        "installed_packages": packages.installed_packages(),
        "lifecycle_config": lifecycle_state.read(Path(home), lifecycle_state.app_start(), metadata),
    }
    app.update(programs.facts(checked_home.damaged()))
    broken = broken_programs.find(app, folders)
    return {**app, "broken_programs": broken, "home_packages": checked_home.packages()}


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise PackageError(
            f"The user with UID {os.getuid()} has no home: HOME is not set, and /etc/passwd does not have the user. "
            "Set HOME in the task's environment."
        ) from error


def _machine() -> dict[str, Any]:
    return {
        "os": files.operating_system(),
        "architecture": _DEBIAN_ARCHITECTURES.get(platform.machine(), platform.machine()),
        "user": {"name": files.user_name(os.getuid()), "uid": os.getuid(), "gid": os.getgid()},
        "python": {"executable": sys.executable, "version": platform.python_version()},
        "app_user": files.owner(Path("/proc/1")),
        "become": "SUDO_USER" in os.environ,
        "sudo_user": os.environ.get("SUDO_USER"),
    }


def _docker_environment(env: Environment) -> dict[str, Any]:
    path = socket_path(env.docker_host)
    return {
        "path": env.path,
        "docker_host": env.docker_host,
        "docker_host_source": env.docker_host_source,
        "app_docker_host": env.app_docker_host,
        "docker_buildkit": env.variables.get("DOCKER_BUILDKIT"),
        "client_environment": docker_config.client_environment(env.variables),
        "socket": files.socket_file(path) if path else None,
        "known_sockets": files.known_sockets(),
    }


def _sagemaker_sdk_version() -> str | None:
    # Imported here, while the programs run.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sagemaker")
    except PackageNotFoundError:
        return None
