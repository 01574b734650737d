# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the sandbox's progress, and run other programs."""

from __future__ import annotations

import shlex
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_STARTED = time.monotonic()


class SandboxError(RuntimeError):
    """An error that the user has to correct; the message has the cause and the remediation."""


def say(text: str) -> None:
    """Print one step, with the seconds since the start."""
    # One write, so that threads do not mix their lines.
    print(f"sandbox {time.monotonic() - _STARTED:6.1f}s  {text}\n", end="", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    stdin: str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a program and return its standard output.

    Raises SandboxError with the command and the end of its output if it fails.
    """
    arguments = [str(word) for word in command]
    done = subprocess.run(arguments, input=stdin, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SandboxError(
            f"{shlex.join(arguments)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}"
        )
    return done.stdout
