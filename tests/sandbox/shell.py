# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Open a shell in the demo app, or run a command there: as its user, in its home, with the app's environment."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from . import app, engine, layout, packages
from .console import SandboxError

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(command: Sequence[str]) -> int:
    """Run the command, or a shell, with this process's standard input and output; return its exit status.

    Raises SandboxError if the app does not run.
    """
    if not engine.is_up() or not app.status().startswith("running"):
        raise SandboxError("The demo app does not run. Start it: make demo, or python -m tests.sandbox up")
    packages.ensure({"docker": "docker.io"})
    # The client and not the engine's API, since it handles the terminal.
    return subprocess.run(_arguments(command), check=False).returncode


def _arguments(command: Sequence[str]) -> list[str]:
    terminal = ["--tty"] if sys.stdin.isatty() and sys.stdout.isatty() else []
    host = f"unix://{layout.ENGINE_SOCKET}"
    home = f"/home/{app.USER}"
    options = ["--interactive", *terminal, f"--user={app.USER}", f"--workdir={home}"]
    return ["docker", "--host", host, "exec", *options, app.NAME, *(command or ["bash"])]
