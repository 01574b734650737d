# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start a command in the sandbox's namespaces, end them, and enter them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .. import layout, processes
from . import linux

# The port in the namespaces' loopback that this machine's loopback has, too.
FORWARDED_PORT = 443

_SUPERVISOR = "tests.sandbox.namespaces.supervisor"
_STATE = layout.ENGINE / "namespaces.json"
_SECONDS_TO_STOP = 20


def start(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the command in new namespaces; return the process that holds them."""
    with log.open("w") as handle:
        return subprocess.Popen(
            [sys.executable, "-m", _SUPERVISOR, _STATE, layout.APP_HOME, str(FORWARDED_PORT), *command],
            cwd=layout.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=environment,
        )


def stop() -> None:
    """End the namespaces with all that runs in them."""
    with processes.running(_state().get("pid"), _SUPERVISOR, str(_STATE)) as process:
        if process is not None:
            processes.end(process, seconds=_SECONDS_TO_STOP)
    _STATE.unlink(missing_ok=True)


def port() -> int | None:
    """Return the port of this machine's loopback that leads to FORWARDED_PORT in the namespaces, None without them."""
    return _state().get("port")


def entering() -> list[str]:
    """Return the words before a command that run it in the namespaces."""
    pid = _state()["pid"]
    # The supervisor itself is in this machine's process namespace.
    kinds = {"mount": "mnt", "net": "net", "pid": "pid_for_children"}
    return ["nsenter", *(f"--{kind}=/proc/{pid}/ns/{file}" for kind, file in kinds.items())]


def listen(address: str) -> socket.socket:
    """Return a socket that listens in the network of the namespaces, for a process of this machine."""

    def create() -> socket.socket:
        linux.enter(Path(f"/proc/{_state()['pid']}/ns/net"), linux.NEW_NETWORK)
        return socket.create_server((address, 0))

    # Only the thread moves, and ends.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(create).result()


def _state() -> dict[str, int]:
    try:
        return json.loads(_STATE.read_text())
    except (FileNotFoundError, ValueError):
        return {}
