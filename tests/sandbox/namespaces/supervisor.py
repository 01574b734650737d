# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command in network, mount and process namespaces of its own, which all end with this process.

It also forwards a port of this machine's loopback to the loopback in there.

Usage: python -m tests.sandbox.namespaces.supervisor STATE_FILE HOME PORT COMMAND...
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from .. import layout
from . import linux
from .private_folders import separate

_LOOPBACK = "127.0.0.1"
_CHUNK = 1 << 16
# What the namespaces have of their own: the app's home, the missing sources of mounts, which the engine makes, and
# containerd's and Docker's folders.
_REPLACED = {"/home": (layout.HOME.name,), "/opt": ("ml", "containerd"), "/run": ("containerd", "docker")}


def main(state_file: Path, home: Path, port: int, command: list[str]) -> int:
    """Run until the command ends, or SIGTERM; return the command's exit status."""
    # A socket stays in the namespace in which it was made: this one is the machine's.
    listener = socket.create_server((_LOOPBACK, 0))
    linux.unshare(linux.NEW_MOUNT | linux.NEW_NETWORK | linux.NEW_PID)
    child = os.fork()
    if child == 0:
        os._exit(_first_process(home, command))
    state_file.write_text(json.dumps({"pid": os.getpid(), "port": listener.getsockname()[1]}))
    return asyncio.run(_supervise(child, listener, port))


def _first_process(home: Path, command: list[str]) -> int:
    """Prepare the namespaces, run the command, and wait for it and for the orphans, as the first process has to."""
    linux.end_with_parent()
    linux.mount("none", "/", flags=linux.RECURSIVE | linux.PRIVATE)
    linux.mount("proc", "/proc", "proc")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for folder, replaced in _REPLACED.items():
        separate(Path(folder), without=replaced)
    layout.HOME.mkdir()
    linux.mount(str(home), layout.HOME, flags=linux.BIND)
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: running.terminate())
    while True:
        ended, status = os.wait()
        if ended == running.pid:
            return os.waitstatus_to_exitcode(status) & 0xFF


async def _supervise(child: int, listener: socket.socket, port: int) -> int:
    """Forward connections until the child ends. Without threads: the kernel allows none after unshare(NEW_PID)."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def reap() -> None:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid and not ended.done():
            ended.set_result(os.waitstatus_to_exitcode(status) & 0xFF)

    loop.add_signal_handler(signal.SIGCHLD, reap)
    loop.add_signal_handler(signal.SIGTERM, os.kill, child, signal.SIGTERM)
    await asyncio.start_server(lambda *streams: _forward(*streams, port), sock=listener)
    reap()
    return await ended


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    with contextlib.suppress(OSError):
        inner_reader, inner_writer = await asyncio.open_connection(_LOOPBACK, port)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
    writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
    except PermissionError as error:
        sys.exit(f"The sandbox may not make namespaces ({error}). In a container, it needs --privileged.")
