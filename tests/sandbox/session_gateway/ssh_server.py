# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ssh server as SageMaker's is known to be: banner SSH-2.0-Go, no authentication, bash, no HOME, no exit status."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import asyncssh

from .controls import Controls


@dataclass(frozen=True)
class Place:
    """Where the commands run: in a container as one of its users, or on this machine with an environment."""

    container: str = ""
    user: str = ""
    docker_host: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str = "/"

    def command(self, command: str) -> list[str]:
        """Return the command that runs it."""
        if not self.container:
            return ["bash", "-c", command]
        docker = ["/usr/bin/docker", "--host", self.docker_host, "exec", "--interactive", "--user", self.user]
        # Docker sets HOME, which the real server does not.
        return [*docker, self.container, "env", "--unset=HOME", "--unset=USER", "bash", "-c", command]

    def variables(self) -> dict[str, str]:
        """Return the environment of the command."""
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return {"PATH": path, **self.environment}


class _Server(asyncssh.SSHServer):
    """One connection, without authentication."""

    # While a connection waits for its peer, nothing else refers to it, and Python would collect it.
    _open: ClassVar[set[asyncssh.SSHServerConnection]] = set()

    def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
        self._connection = connection
        self._open.add(connection)

    def connection_lost(self, _error: Exception | None) -> None:
        self._open.discard(self._connection)

    def begin_auth(self, _username: str) -> bool:
        return False


async def listen(place: Place, controls: Callable[[], Controls]) -> asyncssh.SSHAcceptor:
    """Serve on a free port of the loopback, with a new host key."""

    # While all its pipes wait, nothing else refers to a command, and Python would collect it.
    running: set[asyncio.Task[None]] = set()

    async def run(process: asyncssh.SSHServerProcess[bytes]) -> None:
        task = asyncio.create_task(_run(process, place, controls().exit_status))
        running.add(task)
        task.add_done_callback(running.discard)
        closed = asyncio.create_task(process.wait_closed())
        await asyncio.wait({task, closed}, return_when=asyncio.FIRST_COMPLETED)
        task.cancel()
        closed.cancel()

    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=_Server,
        process_factory=run,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        server_version="Go",
        # Go's ssh package has no compression.
        compression_algs=["none"],
        sftp_factory=controls().sftp,
        allow_pty=False,
        line_editor=False,
        encoding=None,
    )


async def _run(process: asyncssh.SSHServerProcess[bytes], place: Place, reported: str) -> None:
    started = await asyncio.create_subprocess_exec(
        *place.command(process.command or ""),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=place.variables(),
        cwd=place.directory,
        start_new_session=True,
    )
    fed = asyncio.create_task(_feed(process, started.stdin))
    try:
        await asyncio.gather(_pump(started.stdout, process.stdout), _pump(started.stderr, process.stderr))
        status = await started.wait()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        raise
    finally:
        fed.cancel()
    if reported == "none":
        process.close()
    else:
        process.exit(0 if reported == "zero" else (status if status >= 0 else 128 - status))


async def _pump(source: asyncio.StreamReader, sink: asyncssh.SSHWriter[bytes]) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()


async def _feed(process: asyncssh.SSHServerProcess[bytes], sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await process.stdin.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()
