# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Runs the docker and the plugins that the user gets, all at the same time, and finds out why one does not run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import cli_api
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import cli_plugins, files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.broken_programs import file_problem
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.environment import Environment
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import (
    PROGRAM_TIMEOUT,
    StartedCommand,
    cli_version,
    find_all,
    plugin_version,
)

# Variables of Docker that Studio sets itself.
_OF_STUDIO = ("DOCKER_HOST", "DOCKER_BUILDKIT")


def blocking_variables(variables: Mapping[str, str], runs: Callable[[dict[str, str]], bool]) -> list[str]:
    """Return the variables of Docker that keep a command from running.

    Args:
        variables: the user's environment, in which the command fails.
        runs: tells whether it runs in another one.
    """

    def runs_without(names: list[str]) -> bool:
        return runs({name: value for name, value in variables.items() if name not in names})

    names = sorted(name for name in variables if name.startswith("DOCKER_") and name not in _OF_STUDIO)
    if not names or not runs_without(names):
        return []
    return [name for name in names if runs_without([name])] or names


_DAMAGED = "it is damaged: its checksum is not that of the file that was installed"


class RunningPrograms:
    """The user's programs, all started at once; C(facts) collects their output."""

    def __init__(self, env: Environment, folders: list[str]) -> None:
        self._env = env
        self._clis = {path: self._start(path, "--version") for path in find_all("docker", env.path)}
        self._files = {name: cli_plugins.plugin_files(f"docker-{name}", folders) for name in ("compose", "buildx")}
        self._plugins: dict[str, StartedCommand] = {}
        for name, found in self._files.items():
            # The CLI may know more folders: it is always asked for Compose.
            if self._clis and (found or name == "compose"):
                self._plugins[name] = self._start(next(iter(self._clis)), name, "version")
        # The CLI would run the first one, which `docker compose version` shows.
        self._shadowed = {path: self._start(path, cli_plugins.METADATA) for path in self._files["compose"][1:]}
        standalone = find_all("docker-compose", env.path)[:1]
        self._standalone = {path: self._start(path, "version") for path in standalone}
        self._sudo = None if os.getuid() == 0 else self._start("sudo", "-n", "true")

    def _start(self, *command: str) -> StartedCommand:
        return StartedCommand([*command], self._env.variables)

    def facts(self, damaged: Collection[str]) -> dict[str, Any]:
        """Return the facts of the programs; the damaged ones may run and still be broken."""
        deadline = time.monotonic() + PROGRAM_TIMEOUT
        for command in self._started():
            command.output(_left(deadline))
        compose = self._plugins.get("compose")
        blocking = []
        if compose and compose.error and not compose.timed_out:
            blocking = blocking_variables(self._env.variables, lambda variables: self._composes(variables, deadline))
        return {
            "docker": self._docker(damaged),
            **{name: self._plugin(name) for name in ("compose", "buildx")},
            "standalone_compose": next((_version(*one) for one in self._standalone.items()), None),
            "compose_plugins": self._compose_plugins(deadline, damaged),
            "compose_error": compose.error if compose else None,
            "blocking_variables": blocking,
            "sudo": self._sudo is None or self._sudo.error is None,
            "unresponsive_programs": [command.text for command in self._started() if command.timed_out],
        }

    def _started(self) -> list[StartedCommand]:
        sudo = [self._sudo] if self._sudo else []
        others = [*self._shadowed.values(), *self._standalone.values(), *sudo]
        return [*self._clis.values(), *self._plugins.values(), *others]

    def _docker(self, damaged: Collection[str]) -> dict[str, Any] | None:
        found = [
            {"path": path, "version": cli_version(command.output(0)), "error": _error(path, command, damaged)}
            for path, command in self._clis.items()
        ]
        if not found:
            return None
        first, version = found[0], found[0]["version"]
        return {**first, "api": cli_api(version) if version else None, "all": found}

    def _plugin(self, name: str) -> dict[str, str | None] | None:
        if name not in self._plugins:
            return None
        return _version(next(iter(self._files[name]), None), self._plugins[name])

    def _compose_plugins(self, deadline: float, damaged: Collection[str]) -> list[dict[str, str | None]]:
        """Return the files that the CLI could run as Compose, each with the reason why it is broken."""
        compose = self._plugins.get("compose")
        commands = dict(self._shadowed)
        if self._files["compose"] and (compose is None or compose.error):
            first = self._files["compose"][0]
            commands[first] = self._start(first, cli_plugins.METADATA)
            commands[first].output(_left(deadline))
        return [
            {
                "path": path,
                "owner": files.owner(Path(path)),
                "error": _plugin_error(path, commands.get(path), damaged),
            }
            for path in self._files["compose"]
        ]

    def _composes(self, variables: dict[str, str], deadline: float) -> bool:
        command = StartedCommand([next(iter(self._clis)), "compose", "version"], variables)
        return command.output(_left(deadline)) is not None


def _error(path: str, command: StartedCommand | None, damaged: Collection[str]) -> str | None:
    """Return why a program is broken: what its file shows says more than the system's error."""
    if path in damaged:
        return file_problem(Path(path)) or _DAMAGED
    if command is None or command.error is None:
        return None
    return file_problem(Path(path)) or command.error


def _plugin_error(path: str, command: StartedCommand | None, damaged: Collection[str]) -> str | None:
    """Return why a plugin that was asked for its metadata does not work."""
    error = _error(path, command, damaged)
    if error or command is None:
        return error
    return cli_plugins.metadata_problem(command.output(0) or "") or None


def _version(path: str | None, command: StartedCommand) -> dict[str, str | None] | None:
    output = command.output(0)
    return {"path": path, "version": plugin_version(output), "output": output} if output else None


def _left(deadline: float) -> float:
    return max(0.1, deadline - time.monotonic())
