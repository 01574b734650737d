# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Runs the user's programs for their versions, all at the same time and without contacting the engine."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

# `docker compose version` pings the engine first (20.10: without a timeout): a hanging engine would hang it, too.
# A connection to this address fails at once.
NO_ENGINE = "unix:///dev/null"

# Seconds for all programs together. No engine is contacted, so that only a busy app or a broken program takes long.
PROGRAM_TIMEOUT = 30


class StartedCommand:
    """A running command, whose output is read later."""

    def __init__(self, command: list[str], variables: Mapping[str, str]) -> None:
        self.text = " ".join(command)
        self.timed_out = False
        self.error: str | None = None  # why there is no output
        self._process: subprocess.Popen | None = None
        self._output: str | None = None
        try:
            # run_command has no time limit, and waits: these programs run at the same time.
            self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                command,
                env={**variables, "DOCKER_HOST": NO_ENGINE},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            self.error = start_error(command[0], error)

    def output(self, timeout: float) -> str | None:
        """Return the standard output, None if the command failed or exceeded the timeout (seconds)."""
        if self._process is None or self.error or self._output is not None:
            return self._output
        try:
            output, errors = self._process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.timed_out = True
            self.error = "it gave no output in time"
            # Kill the whole group: a plugin is a child of the CLI and would keep the pipe open.
            with contextlib.suppress(PermissionError):  # sudo runs as root
                os.killpg(self._process.pid, signal.SIGKILL)
            return None
        if self._process.returncode == 0:
            self._output = output.decode(errors="replace").strip()
        else:
            self.error = exit_error(self._process.returncode, errors.decode(errors="replace"))
        return self._output


def start_error(program: str, error: OSError) -> str:
    """Return why a program could not be started."""
    if isinstance(error, FileNotFoundError) and Path(program).exists():
        return "the loader or interpreter that it needs does not exist in this app"
    return os.strerror(error.errno or 0)


def exit_error(code: int, errors: str) -> str:
    """Return why a program failed: the first line of its error output, or its exit code or signal."""
    line = next((line.strip() for line in errors.splitlines() if line.strip()), "")
    if code < 0:
        return f"it was killed by signal {-code}"
    return line or f"it ended with exit code {code}"


def find_all(name: str, folders: Iterable[str]) -> list[str]:
    """Return the paths of all programs of that name, in order; a file with several paths counts once."""
    found: dict[Path, str] = {}
    for path in filter(None, (shutil.which(name, path=folder) for folder in folders)):
        found.setdefault(Path(path).resolve(), path)
    return list(found.values())


def cli_version(output: str | None) -> str | None:
    """Return C(20.10.24) of C(Docker version 20.10.24+dfsg1, build 297e128); None for podman and the like."""
    found = re.match(r"Docker version ([0-9.]*[0-9])", output or "")
    return found.group(1) if found else None


def plugin_version(output: str | None) -> str | None:
    """Return C(2.29.2) of C(Docker Compose version v2.29.2) or of C(github.com/docker/buildx v2.29.2 00ed17d)."""
    found = re.search(r"\bv?([0-9]+\.[0-9.]*[0-9])", output or "")
    return found.group(1) if found else None
