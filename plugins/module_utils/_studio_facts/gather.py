# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Gathers all facts of a Studio app that matter for local mode, in one process."""

from __future__ import annotations

import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import cli_api
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.engine_api import (
    probe_engine,
    socket_path,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import (
    broken_programs,
    docker_config,
    environment,
    files,
    lifecycle_state,
    packages,
    record,
    tmp_folder,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.environment import Environment
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import (
    PROGRAM_TIMEOUT,
    StartedCommand,
    cli_version,
    find_all,
    plugin_folders,
    plugin_version,
)

# Debian's names of the architectures that Docker builds for; others keep the kernel's name.
_DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def app_facts(docker_host: str | None, timeout: float) -> dict[str, Any]:
    """Return the facts that studio_app_info documents, without changing anything.

    Args:
        docker_host: address of the engine to probe instead of the one in the environment.
        timeout: seconds to wait for each response of the engine.
    """
    env = environment.user_environment(os.environ, environment.of_process_one(), docker_host)
    home = str(Path("~").expanduser())
    # The programs run while the other facts are gathered; the engine takes the longest.
    config = docker_config.docker_config(env.variables, Path(home), env.path)
    folders = plugin_folders(env.variables, home, config["cli_plugins_extra_dirs"])
    programs = _RunningPrograms(env, folders)
    app = {
        **_machine(),
        **_docker_environment(env),
        "engine": probe_engine(env.docker_host, timeout),
        "resource_metadata": files.resource_metadata(),
        "sagemaker_sdk_version": _sagemaker_sdk_version(),
        "docker_config": config,
        "home": {**files.home_folder(Path(home)), **tmp_folder.facts(Path(home))},
        "installed_packages": packages.installed_packages(),
        "home_packages": record.home_packages(Path(home)),
        "lifecycle_config": lifecycle_state.read(Path(home), lifecycle_state.app_start()),
    }
    app.update(programs.facts())
    return {**app, "broken_programs": broken_programs.find(app, folders, env.variables)}


def _machine() -> dict[str, Any]:
    return {
        "os": files.operating_system(),
        "architecture": _DEBIAN_ARCHITECTURES.get(platform.machine(), platform.machine()),
        "user": {"name": files.user_name(os.getuid()), "uid": os.getuid(), "gid": os.getgid()},
        "python": {"executable": sys.executable, "version": platform.python_version()},
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
    try:
        return metadata.version("sagemaker")
    except metadata.PackageNotFoundError:
        return None


class _RunningPrograms:
    """The user's programs, all started at once; C(facts) collects their output."""

    def __init__(self, env: Environment, folders: list[str]) -> None:
        self._clis = {path: StartedCommand([path, "--version"], env.variables) for path in find_all("docker", env.path)}
        self._plugins = {}
        for name in ("compose", "buildx") if self._clis else ():
            path = next(iter(find_all(f"docker-{name}", folders)), None)
            # A newer CLI may know further folders, so that it is asked for Compose in any case.
            if path or name == "compose":
                cli = next(iter(self._clis))
                self._plugins[name] = path, StartedCommand([cli, name, "version"], env.variables)
        standalone = find_all("docker-compose", env.path)[:1]
        self._standalone = [(path, StartedCommand([path, "version"], env.variables)) for path in standalone]
        self._sudo = None if os.getuid() == 0 else StartedCommand(["sudo", "-n", "true"], env.variables)

    def facts(self) -> dict[str, Any]:
        deadline = time.monotonic() + PROGRAM_TIMEOUT
        facts = {
            "docker": self._docker(deadline),
            **{name: self._plugin(name, deadline) for name in ("compose", "buildx")},
            "standalone_compose": next((_version_facts(*one, deadline) for one in self._standalone), None),
            "sudo": self._sudo is None or self._sudo.output(_left(deadline)) is not None,
        }
        others = [command for _path, command in [*self._plugins.values(), *self._standalone]]
        started = [*self._clis.values(), *others, *([self._sudo] if self._sudo else [])]
        return {**facts, "unresponsive_programs": [command.text for command in started if command.timed_out]}

    def _docker(self, deadline: float) -> dict[str, Any] | None:
        found = [(path, cli_version(command.output(_left(deadline)))) for path, command in self._clis.items()]
        if not found:
            return None
        path, version = found[0]
        return {
            "path": path,
            "version": version,
            "api": cli_api(version) if version else None,
            "all": [{"path": path, "version": version} for path, version in found],
        }

    def _plugin(self, name: str, deadline: float) -> dict[str, str | None] | None:
        return _version_facts(*self._plugins[name], deadline) if name in self._plugins else None


def _version_facts(path: str | None, command: StartedCommand, deadline: float) -> dict[str, str | None] | None:
    output = command.output(_left(deadline))
    return {"path": path, "version": plugin_version(output), "output": output} if output else None


def _left(deadline: float) -> float:
    return max(0.1, deadline - time.monotonic())
