# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service: spaces, their sessions, and the WebSocket that clients connect to."""

from __future__ import annotations

import contextlib
import json
import ssl
import uuid
from dataclasses import dataclass, field
from typing import Any

import asyncssh
from websockets.asyncio.server import ServerConnection, serve

from . import ssh_server
from .agent import Agent, Ended
from .controls import Controls

MOST_SESSIONS = 10
"""Connections that a space accepts (AWS's guide: remote access)."""


@dataclass
class Space:
    """An app: the port of its ssh server, and that server if it is the gateway's."""

    port: int
    server: asyncssh.SSHAcceptor | None = None


@dataclass
class Session:
    """A started session. It is open until one of its ends ends it; a client that just goes leaves it open."""

    space: str
    identifier: str = field(default_factory=lambda: f"sandbox-{uuid.uuid4().hex[:17]}")
    token: str = field(default_factory=lambda: f"token-{uuid.uuid4().hex}")
    is_open: bool = True
    connection: ServerConnection | None = None


class Gateway:
    """All spaces and sessions."""

    def __init__(self) -> None:
        self.controls = Controls()
        self.spaces: dict[str, Space] = {}
        self.sessions: dict[str, Session] = {}
        self.url = ""

    @contextlib.asynccontextmanager
    async def listen(self, certificate: str | None) -> Any:
        """Serve the WebSocket on a free port of the loopback, with TLS if there is a certificate (with its key)."""
        tls = None
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
        options = {"compression": None, "ping_interval": 54, "close_timeout": 1}
        async with serve(self._serve, "127.0.0.1", 0, ssl=tls, **options) as server:
            self.url = f"{'wss' if tls else 'ws'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield

    async def add_space(self, arn: str, port: int = 0, **place: Any) -> dict[str, Any]:
        """Start the app of a space, again if it runs. Returns the port of its ssh server, which may be another's."""
        await self.stop_space(arn)
        if port:
            self.spaces[arn] = Space(port)
        else:
            server = await ssh_server.listen(ssh_server.Place(**place), lambda: self.controls)
            self.spaces[arn] = Space(int(server.get_port()), server)
        return {"port": self.spaces[arn].port}

    async def stop_space(self, arn: str) -> dict[str, Any]:
        """Stop the app: its sessions end."""
        space = self.spaces.pop(arn, None)
        if space and space.server:
            space.server.close()
        for session in self.sessions.values():
            if session.space == arn and session.is_open:
                session.is_open = False
                if session.connection:
                    session.connection.transport.abort()
        return {}

    async def port(self, arn: str) -> dict[str, Any]:
        """Return the port of a space's ssh server."""
        return {"port": self.spaces[arn].port}

    async def start(self, arn: str) -> dict[str, Any]:
        """Start a session: StartSession's answer, or its `error`."""
        if arn not in self.spaces:
            return {"error": "not running"}
        open_now = [session for session in self.sessions.values() if session.space == arn and session.is_open]
        if len(open_now) >= MOST_SESSIONS:
            return {"error": "limit"}
        session = Session(arn)
        self.sessions[session.identifier] = session
        stream = f"{self.url}/v1/data-channel/{session.identifier}?role=publish_subscribe"
        return {"SessionId": session.identifier, "StreamUrl": stream, "TokenValue": session.token}

    async def list_sessions(self) -> dict[str, Any]:
        """Return the space of each session and whether it is open, in the order of their starts."""
        return {"sessions": [[session.space, session.is_open] for session in self.sessions.values()]}

    async def tokens(self) -> dict[str, Any]:
        """Return all tokens, for the tests that look for them where they must not be."""
        return {"tokens": [session.token for session in self.sessions.values()]}

    async def change(self, **changes: Any) -> dict[str, Any]:
        """Put controls in force."""
        self.controls = self.controls.changed(changes)
        return {}

    async def reset(self) -> dict[str, Any]:
        """Forget everything."""
        for arn in list(self.spaces):
            await self.stop_space(arn)
        self.sessions.clear()
        self.controls = Controls()
        return {}

    async def _serve(self, connection: ServerConnection) -> None:
        identifier = connection.request.path.split("?")[0].rpartition("/")[2]
        session = self.sessions.get(identifier)
        opening = json.loads(await connection.recv())
        if session is None or opening["TokenValue"] != session.token or self.controls.expired_tokens:
            if session:
                session.is_open = False
            await connection.close(1008, "token expired")
            return
        session.connection = connection
        agent = Agent(connection, self.spaces[session.space].port, lambda: self.controls)
        try:
            await agent.serve(self.controls.cut_after, self.controls.end_at)
        except Ended:
            self.controls = self.controls.changed({"cut_after": 0, "end_at": ""})
            session.is_open = False
        if agent.terminated:
            session.is_open = False
