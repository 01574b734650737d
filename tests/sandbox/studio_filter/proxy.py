# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forward HTTP between the apps' sockets and the engine's. `operations` decides what is denied."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CalledProcessError
from typing import BinaryIO

import h11
from docker.errors import DockerException
from requests import RequestException

from . import network
from .answers import rewritten
from .build_context import base_images
from .call import Call
from .namespaces import Namespaces
from .operations import denial, reads
from .policy import Policy

_CHUNK = 1 << 16
_SPOOL = 1 << 20  # bytes of a body kept in memory; a build context may be larger
_SWITCHING = 101


class Gone(Exception):
    """The peer closed the connection, or does not use HTTP."""


class _Side:
    """One connection, with its state in h11."""

    def __init__(self, role: type[h11.Sentinel], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A registry's credentials are a header, and may be long.
        self.http = h11.Connection(role, max_incomplete_event_size=_CHUNK)
        self.reader, self.writer = reader, writer

    async def event(self) -> h11.Event | type[h11.Sentinel]:
        try:
            while (event := self.http.next_event()) is h11.NEED_DATA:
                if self.http.they_are_waiting_for_100_continue:
                    await self.send(h11.InformationalResponse(status_code=100, headers=[]))
                self.http.receive_data(await self.reader.read(_CHUNK))
        except (h11.RemoteProtocolError, ConnectionError) as error:
            raise Gone from error
        return event

    async def send(self, event: h11.Event) -> None:
        self.writer.write(self.http.send(event) or b"")
        await self.writer.drain()

    async def body(self) -> BinaryIO:
        """Read the rest of the message."""
        whole = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - the caller closes it
        while self.http.their_state is h11.SEND_BODY:
            event = await self.event()
            whole.write(event.data if isinstance(event, h11.Data) else b"")
        whole.seek(0)
        return whole

    async def until_gone(self) -> None:
        """Wait until the peer closes the connection, and keep the data that it sends before."""
        while data := await self.reader.read(_CHUNK):
            self.http.receive_data(data)


class StudioProxy:
    """Serve the apps of one domain."""

    def __init__(
        self, engine: Path, policy: Policy, log: Callable[[str], None], record: Callable[[Call], None]
    ) -> None:
        self._engine, self._policy, self._log, self._record = engine, policy, log, record
        self._namespaces = Namespaces(engine)
        # asyncio keeps no reference to a task whose app has closed its half: it would be garbage-collected.
        self._serving: set[asyncio.Task] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection in their order."""
        app = _Side(h11.SERVER, reader, writer)
        self._serving.add(asyncio.current_task())
        try:
            while isinstance(request := await app.event(), h11.Request):
                await self._answer(app, request)
                if (app.http.our_state, app.http.their_state) != (h11.DONE, h11.DONE):
                    break
                app.http.start_next_cycle()
        except (Gone, ConnectionError):
            pass
        finally:
            self._serving.discard(asyncio.current_task())
            writer.close()

    async def _answer(self, app: _Side, request: h11.Request) -> None:
        call = Call.of(request.method.decode(), request.target.decode())
        self._record(call)
        if call.is_redirected:
            (await app.body()).close()
            # Without a Location: docker-py then fails with the reported error about the empty body.
            await _respond(app, 301, b"")
            return
        with contextlib.ExitStack() as stack:
            body = None
            if part := reads(call, self._policy):
                body = stack.enter_context(await app.body())
                call = _with_body(call, part, body)
            if reason := denial(call, self._policy):
                self._log(f"{call.method} {call.path}: {reason}")
                (await app.body()).close()
                # The CLI prints the braces (comfyui#43): the content type is not JSON.
                await _respond(app, 403, _message(reason))
                return
            try:
                request, body = await self._joining(app, request, call, body)
            except (DockerException, RequestException, CalledProcessError) as error:
                await _fail(app, error)
                return
            await self._forward(app, request, call, body)

    async def _joining(
        self, app: _Side, request: h11.Request, call: Call, body: BinaryIO | None
    ) -> tuple[h11.Request, BinaryIO | None]:
        """Return the request and its body, which names a network namespace if it named `sagemaker`."""
        if not network.is_joined(call):
            return request, body
        connection = app.writer.get_extra_info("socket")
        namespace = await asyncio.to_thread(self._namespaces.of, connection, self._policy)
        if not namespace:
            return request, body
        if call.path == "/build":
            return _request(request, target=network.target(request.target.decode(), namespace)), body
        content = json.dumps(network.body(call.body, namespace)).encode()
        return _request(request, length=len(content)), io.BytesIO(content)

    async def _forward(self, app: _Side, request: h11.Request, call: Call, body: BinaryIO | None) -> None:
        try:
            engine = _Side(h11.CLIENT, *await asyncio.open_unix_connection(self._engine))
        except OSError as error:
            await _fail(app, error)
            return
        try:
            await engine.send(_request(request))
            # In this order: an engine that switches protocols needs the end of the request first.
            upload = asyncio.create_task(_upload(app, engine, body))
            download = asyncio.create_task(_download(engine, app, rewritten(call, self._policy)))
            try:
                await asyncio.wait({upload, download}, return_when=asyncio.FIRST_COMPLETED)
                # The app has closed the connection: a `logs --follow` ends here.
                if upload.done() and not download.done():
                    raise Gone
                switched = download.result()
            finally:
                await _end(upload, download)
            if switched:
                await _tunnel(app, engine)
        finally:
            engine.writer.close()


def _request(request: h11.Request, target: str | None = None, length: int | None = None) -> h11.Request:
    """Return the request for the engine, with another target or another length of the body if given."""
    dropped = {b"expect", *([] if length is None else [b"content-length", b"transfer-encoding"])}
    headers = [(name, value) for name, value in request.headers.raw_items() if name.lower() not in dropped]
    headers += [] if length is None else [("Content-Length", str(length))]
    return h11.Request(method=request.method, target=target or request.target, headers=headers)


def _with_body(call: Call, part: str, body: BinaryIO) -> Call:
    try:
        if part == "body":
            call = replace(call, body=json.load(body))
        else:
            call = replace(call, base_images=base_images(body, call.query))
    except ValueError:
        # The engine returns the best error message.
        pass
    body.seek(0)
    return call


def _message(text: str) -> bytes:
    return json.dumps({"message": text}, separators=(",", ":")).encode()


async def _fail(app: _Side, error: Exception) -> None:
    (await app.body()).close()
    await _respond(app, 502, _message(f"The sandbox's engine: {error}"))


async def _respond(app: _Side, status: int, body: bytes, content: str = "text/plain; charset=utf-8") -> None:
    headers = [("Content-Type", content), ("Content-Length", str(len(body)))]
    await app.send(h11.Response(status_code=status, headers=headers))
    await app.send(h11.Data(data=body))
    await app.send(h11.EndOfMessage())


async def _upload(app: _Side, engine: _Side, body: BinaryIO | None) -> None:
    """Forward the request's body, as it arrives or as it was read; end when the app closes the connection."""
    # An engine that denies a build stops reading. The app reads the response only after sending its whole body.
    with contextlib.suppress(ConnectionError):
        while body and (data := body.read(_CHUNK)):
            await engine.send(h11.Data(data=data))
        while not body and isinstance(event := await app.event(), h11.Data):
            await engine.send(event)
        await engine.send(h11.EndOfMessage())
    while app.http.their_state is h11.SEND_BODY:
        await app.event()
    await app.until_gone()


async def _download(engine: _Side, app: _Side, rewrite: Callable[[bytes], bytes] | None) -> bool:
    """Forward the response as it arrives; return whether both sides have switched protocols."""
    while True:
        event = await engine.event()
        if isinstance(event, h11.InformationalResponse):
            if event.status_code == _SWITCHING:
                await app.send(event)
                return True
            continue
        if isinstance(event, h11.Response) and rewrite:
            with await engine.body() as answer:
                await _respond(app, event.status_code, rewrite(answer.read()), "application/json")
            return False
        if not isinstance(event, h11.Response | h11.Data | h11.EndOfMessage):
            raise Gone
        await app.send(event)
        if isinstance(event, h11.EndOfMessage):
            return False


async def _tunnel(app: _Side, engine: _Side) -> None:
    """Forward raw bytes in both directions (attach) until the engine ends; the app may close its half earlier."""
    up = asyncio.create_task(_pump(app, engine.writer))
    try:
        await _pump(engine, app.writer)
    finally:
        await _end(up)


async def _pump(source: _Side, target: asyncio.StreamWriter) -> None:
    data, _closed = source.http.trailing_data
    with contextlib.suppress(ConnectionError):
        while data or (data := await source.reader.read(_CHUNK)):
            target.write(data)
            await target.drain()
            data = b""
        target.write_eof()


async def _end(*tasks: asyncio.Task) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
