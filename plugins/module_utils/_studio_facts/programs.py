# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Asks the user's programs who they are, all at the same time and without the engine having a say."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

# A CLI greets its engine before it tells its own version (20.10: Ping without a time limit), so that a hanging engine
# hangs `docker compose version`, too. This address answers at once: nobody is there.
NO_ENGINE = "unix:///dev/null"

# Seconds for all of them: there is no engine to wait for, so that only a busy app or a broken program takes long.
PROGRAM_TIMEOUT = 30

# docker/cli, cli-plugins/manager/manager_unix.go: behind the folder in the user's configuration, in this order.
SYSTEM_PLUGINS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)


class Question:
    """A program that was started and may be asked for its answer later."""

    def __init__(self, command: list[str], variables: Mapping[str, str]) -> None:
        self.command = " ".join(command)
        self.timed_out = False
        try:
            self._process: subprocess.Popen | None = subprocess.Popen(
                command,
                env={**variables, "DOCKER_HOST": NO_ENGINE},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:  # not there, or no program of this machine
            self._process = None

    def answer(self, timeout: float) -> str | None:
        """Return what it printed, None if it failed or took longer than the timeout in seconds."""
        if self._process is None:
            return None
        try:
            output, _errors = self._process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.timed_out = True
            # The whole group: a plugin is a child of the CLI and would keep the pipe open.
            with contextlib.suppress(PermissionError):  # sudo is not ours to kill
                os.killpg(self._process.pid, signal.SIGKILL)
            return None
        return output.decode(errors="replace").strip() if self._process.returncode == 0 else None


def find_all(name: str, folders: Iterable[str]) -> list[str]:
    """Return the paths of every program of that name, in order; the same file under two paths counts once."""
    found: dict[Path, str] = {}
    for path in filter(None, (shutil.which(name, path=folder) for folder in folders)):
        found.setdefault(Path(path).resolve(), path)
    return list(found.values())


def plugin_folders(variables: Mapping[str, str], home: str) -> list[str]:
    """Return where Docker's CLI looks for its plugins."""
    return [str(Path(variables.get("DOCKER_CONFIG") or Path(home, ".docker"), "cli-plugins")), *SYSTEM_PLUGINS]


def cli_version(output: str | None) -> str | None:
    """Return C(20.10.24) of C(Docker version 20.10.24+dfsg1, build 297e128); None for what is no Docker, as podman."""
    found = re.match(r"Docker version ([0-9.]*[0-9])", output or "")
    return found.group(1) if found else None


def plugin_version(output: str | None) -> str | None:
    """Return C(2.29.2) of C(Docker Compose version v2.29.2) or of C(github.com/docker/buildx v2.29.2 00ed17d)."""
    found = re.search(r"\bv?([0-9]+\.[0-9.]*[0-9])", output or "")
    return found.group(1) if found else None
