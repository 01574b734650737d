# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent in the app: one end of a port session, over the WebSocket of the service."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from . import wire
from .controls import Controls
from .network import Direction

_RESEND_SECONDS = 0.4
_MOST_UNACKNOWLEDGED = 1000


class Ended(Exception):
    """The service ended the session, as the controls request."""


class Agent:
    """Serves one session. `terminated` tells whether its end was orderly."""

    def __init__(self, connection: ServerConnection, port: int, controls: Callable[[], Controls]) -> None:
        self.terminated = False
        self._connection = connection
        self._port = port
        self._controls = controls
        self._to_client = Direction(self._send_frame, controls, seed=1)
        self._from_client = Direction(self._receive, controls, seed=2)
        self._expected = 0
        self._ahead: dict[int, wire.Frame] = {}
        self._number = 0
        self._unacknowledged: dict[int, tuple[float, bytes]] = {}
        self._may_send = asyncio.Event()
        self._may_send.set()
        self._tcp: asyncio.StreamWriter | None = None
        self._received = 0
        self._sent = 0
        self._is_ready = False
        self._tasks: list[asyncio.Task[Any]] = []

    async def serve(self, cut_after: int, end_at: str) -> None:
        """Serve until either end ends. Raises Ended after that many bytes from the client, or at that moment."""
        self._cut_after = cut_after
        self._end_at = end_at
        self._start(self._to_client.run(), self._from_client.run(), self._resend())
        try:
            await self._end_if("opened")
            if not self._controls().silent_agent:
                self._start(self._begin())
            async for frame in self._connection:
                while self._controls().stalled and self._connection.state is State.OPEN:
                    await asyncio.sleep(0.05)
                await self._from_client.carry(frame)
                if self.terminated:
                    return
        except ConnectionClosed:
            return
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tcp:
                self._tcp.close()

    async def _begin(self) -> None:
        await asyncio.sleep(self._controls().late_handshake)
        if self._controls().without_handshake:
            await self._connect()
            return
        await self._send_stream(wire.HANDSHAKE_REQUEST, wire.handshake_request())

    async def _end_if(self, moment: str) -> None:
        if self._end_at != moment:
            return
        how = self._controls().end_by
        if how == "channel_closed":
            await self._send_frame(wire.pack("channel_closed", b'{"Output":"as the test requests"}'))
        if how == "cut":
            self._connection.transport.abort()
        else:
            await self._connection.close()
        raise Ended

    def _start(self, *coroutines: Any) -> None:
        self._tasks += [asyncio.create_task(each) for each in coroutines]

    async def _receive(self, data: bytes) -> None:
        frame = wire.unpack(data)
        if frame.kind == "acknowledge":
            self._acknowledged(frame)
        elif frame.kind == "input_stream_data":
            await self._receive_stream(frame)

    def _acknowledged(self, frame: wire.Frame) -> None:
        number = json.loads(frame.payload)["AcknowledgedMessageSequenceNumber"]
        self._unacknowledged.pop(number, None)
        if len(self._unacknowledged) < _MOST_UNACKNOWLEDGED:
            self._may_send.set()

    async def _receive_stream(self, frame: wire.Frame) -> None:
        # The real agent has nowhere to put the bytes, and waits for the client to send them again.
        if frame.payload_type == wire.DATA and self._tcp is None:
            return
        if frame.number > self._expected:
            self._ahead[frame.number] = frame
        await self._to_client.carry(wire.acknowledgement(frame))
        if frame.number != self._expected:
            return
        current: wire.Frame | None = frame
        while current is not None:
            self._expected += 1
            await self._process(current)
            current = self._ahead.pop(self._expected, None)

    async def _process(self, frame: wire.Frame) -> None:
        if frame.payload_type == wire.HANDSHAKE_RESPONSE:
            wire.check_handshake_response(frame.payload)
            await self._end_if("handshake")
            await self._send_stream(wire.HANDSHAKE_COMPLETE, b'{"HandshakeTimeToComplete":1,"CustomerMessage":""}')
            self._is_ready = True
            await self._end_if("ready")
            if self._controls().paused:
                await self._send_frame(wire.pack("pause_publication", b""))
            if junk := self._controls().junk:
                await self._send_frame(bytes(junk))
            self._start(self._connect())
        elif not self._is_ready:
            # The real agent ignores what comes before the end of the handshake, an end of the session, too.
            return
        elif frame.payload_type == wire.FLAG and int.from_bytes(frame.payload, "big") == wire.TERMINATE:
            self.terminated = True
        elif frame.payload_type == wire.DATA and self._tcp is not None:
            await self._write(self._tcp, frame.payload)

    async def _write(self, tcp: asyncio.StreamWriter, data: bytes) -> None:
        self._received += len(data)
        if self._cut_after and self._received > self._cut_after:
            self._connection.transport.abort()
            raise Ended
        await self._pace(data)
        tcp.write(data)
        with contextlib.suppress(ConnectionError):
            await tcp.drain()

    async def _pace(self, data: bytes) -> None:
        if rate := self._controls().bytes_per_second:
            await asyncio.sleep(len(data) / rate)

    async def _connect(self) -> None:
        await asyncio.sleep(self._controls().late_tcp)
        reader, self._tcp = await asyncio.open_connection("127.0.0.1", self._port)
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(wire.MOST_BYTES):
                await self._pace(data)
                await self._may_send.wait()
                if data := self._not_silenced(data):
                    await self._send_stream(wire.DATA, data)
        await self._to_client.carry(wire.pack("channel_closed", b'{"Output":""}'))
        self.terminated = True
        await self._connection.close()

    def _not_silenced(self, data: bytes) -> bytes:
        """The part of the ssh server's bytes that the controls let pass."""
        silent_after = self._controls().silent_after
        if silent_after:
            data = data[: max(silent_after - self._sent, 0)]
        self._sent += len(data)
        return data

    async def _send_stream(self, payload_type: int, payload: bytes) -> None:
        number, self._number = self._number, self._number + 1
        frame = wire.pack("output_stream_data", payload, number, payload_type, flags=int(number == 0))
        self._unacknowledged[number] = (asyncio.get_running_loop().time(), frame)
        if len(self._unacknowledged) >= _MOST_UNACKNOWLEDGED:
            self._may_send.clear()
        await self._to_client.carry(frame)

    async def _resend(self) -> None:
        while True:
            await asyncio.sleep(_RESEND_SECONDS / 2)
            now = asyncio.get_running_loop().time()
            late = [
                (number, frame)
                for number, (sent, frame) in self._unacknowledged.items()
                if now - sent > _RESEND_SECONDS
            ]
            for number, frame in late[:100]:
                self._unacknowledged[number] = (now, frame)
                await self._to_client.carry(frame)

    async def _send_frame(self, frame: bytes) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(frame)
