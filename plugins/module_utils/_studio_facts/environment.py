# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The environment variables of the app's user, also where Ansible's own process lacks them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import docker_config

_PROCESS_ONE = Path("/proc/1/environ")
_FROM_PROCESS_ONE = ("DOCKER_HOST", "PATH", *docker_config.VARIABLES)


class Environment(NamedTuple):
    """The variables that the user's programs get, and the origin of DOCKER_HOST."""

    variables: dict[str, str]
    docker_host: str | None
    docker_host_source: str | None  # option, environment, app process
    app_docker_host: str | None  # of process 1

    @property
    def path(self) -> list[str]:
        """The folders of the user's PATH, in order, without relative ones."""
        folders = self.variables.get("PATH", "").split(os.pathsep)
        return [folder for folder in dict.fromkeys(folders) if folder.startswith("/")]


def user_environment(own: Mapping[str, str], app: Mapping[str, str], docker_host: str | None) -> Environment:
    """Return the environment of the app's user.

    Studio sets DOCKER_HOST for the app's first process, and a terminal in the app inherits it. An ssh session does not.
    Where our own process lacks it and process 1 has it, DOCKER_HOST, PATH and the client's other variables are taken
    from process 1.
    Docker's CLI treats an empty DOCKER_HOST as unset, and so does this function.

    Args:
        own: variables of our own process.
        app: variables of process 1; empty if they are not readable.
        docker_host: an address that overrides both.
    """
    variables, source = dict(own), "environment"
    if not own.get("DOCKER_HOST") and app.get("DOCKER_HOST"):
        variables.update({name: app[name] for name in _FROM_PROCESS_ONE if name in app})
        source = "app process"
    if docker_host:
        variables["DOCKER_HOST"], source = docker_host, "option"
    found = variables.get("DOCKER_HOST") or None
    return Environment(variables, found, source if found else None, app.get("DOCKER_HOST") or None)


def of_process_one() -> dict[str, str]:
    """Return the environment of the app's first process, or an empty one if it is not readable."""
    try:
        return parse_environ(_PROCESS_ONE.read_bytes())
    except OSError:
        return {}


def parse_environ(content: bytes) -> dict[str, str]:
    """Return the variables of a /proc/PID/environ (proc(5): NAME=value, each ended by a null byte)."""
    pairs = (item.partition("=") for item in content.decode(errors="replace").split("\0"))
    return {name: value for name, equals, value in pairs if name and equals}
