# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The WebSocket of a session. It never blocks: what the network does not take is kept until it does.

websocket-client connects (proxies of the environment, TLS) and reads frames; it would block to send, so that frames are
sent here.
"""

from __future__ import annotations

import ssl
import typing as t
from pathlib import Path

try:
    import websocket
except ImportError:
    # The proxy reports it; the connection plugin must be loadable for its documentation.
    HAS_WEBSOCKET = False
else:
    HAS_WEBSOCKET = True

from . import http_proxy
from .errors import SessionEnded, SessionError
from .handshake import CLIENT_VERSION
from .message import open_data_channel

_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_MOST_FRAMES_AT_ONCE = 256
_ENOUGH_UNSENT = 256 * 1024
_LARGEST_MESSAGE = 1024 * 1024


class DataChannel:
    """A connected and authenticated WebSocket."""

    def __init__(self, url: str, token: str, timeout: float, ca_bundle: str | None = None) -> None:
        """Connect; C(ca_bundle) has the authorities, in place of the system's. Raises SessionError."""
        self._unsent = bytearray()
        self._parts = bytearray()
        self.has_more = False
        self._websocket = _connect(url, timeout, ca_bundle)
        # The library forgets its socket when the connection is lost.
        self._network = self._websocket.sock
        self._queue(open_data_channel(token, CLIENT_VERSION).encode(), websocket.ABNF.OPCODE_TEXT)

    def fileno(self) -> int:
        """Return the number of the socket, for a selector."""
        return int(self._network.fileno())

    @property
    def wants_to_send(self) -> bool:
        """Whether something waits for the network."""
        return bool(self._unsent)

    @property
    def is_congested(self) -> bool:
        """Whether so much waits that no more should be added."""
        return len(self._unsent) > _ENOUGH_UNSENT

    def send(self, frames: t.Iterable[bytes]) -> None:
        """Send frames and what waits, as far as the network takes it now. Raises SessionError."""
        for frame in frames:
            self._queue(frame, websocket.ABNF.OPCODE_BINARY)
        self._flush()

    def ping(self) -> None:
        """Show the service that this end is alive, with the next frames."""
        self._queue(b"keepalive", websocket.ABNF.OPCODE_PING)

    def _flush(self) -> None:
        try:
            while self._unsent:
                sent = self._network.send(self._unsent)
                del self._unsent[:sent]
        except _WOULD_BLOCK:
            pass
        except OSError as error:
            raise SessionError(_lost(error)) from error

    def receive(self) -> t.Iterator[bytes]:
        """Yield the frames that have arrived; C(has_more) is true if it stopped before the last one.

        Raises SessionError if the connection is lost or closed.
        """
        self.has_more = False
        for _frame in range(_MOST_FRAMES_AT_ONCE):
            try:
                frame = self._websocket.recv_frame()
            except _WOULD_BLOCK:
                self._require_size(self._websocket.frame_buffer.length or 0)
                return
            except (OSError, websocket.WebSocketException) as error:
                raise SessionError(_lost(error)) from error
            yield from self._complete(frame)
        self.has_more = True

    def _complete(self, frame: t.Any) -> t.Iterator[bytes]:
        """The message that this frame completes, if any; a control frame is answered."""
        if frame.opcode == websocket.ABNF.OPCODE_CLOSE:
            raise SessionEnded(_closed(frame.data))
        if frame.opcode == websocket.ABNF.OPCODE_PING:
            self._queue(frame.data, websocket.ABNF.OPCODE_PONG)
        elif frame.opcode != websocket.ABNF.OPCODE_PONG:
            self._parts += frame.data
            self._require_size(len(self._parts))
            if frame.fin:
                whole = bytes(self._parts)
                self._parts.clear()
                yield whole

    def _require_size(self, size: int) -> None:
        """Messages have about a kilobyte. What is no message of a session must not fill the memory."""
        if size > _LARGEST_MESSAGE:
            raise SessionError("The service sent a message of more than 1 MiB. Run the playbook again.")

    def _queue(self, data: bytes, opcode: int) -> None:
        self._unsent += websocket.ABNF.create_frame(data, opcode).format()

    def close(self) -> None:
        """Say goodbye, as far as the network takes it now, and disconnect."""
        try:
            self._queue(b"\x03\xe8", websocket.ABNF.OPCODE_CLOSE)
            self._flush()
        except SessionError:
            pass  # The other end has gone before.
        finally:
            self._websocket.shutdown()


def require_library() -> None:
    """Raise SessionError if the WebSocket library is missing."""
    if not HAS_WEBSOCKET:
        raise SessionError(
            "The Python library websocket-client is missing on the controller: "
            "`python -m pip install 'websocket-client>=1.8'` installs it for Ansible's Python."
        )


def _connect(url: str, timeout: float, ca_bundle: str | None) -> t.Any:
    connected: t.Any
    tls: dict[str, str] = {}
    if ca_bundle:
        tls["ca_cert_path" if Path(ca_bundle).is_dir() else "ca_certs"] = ca_bundle
    proxy = http_proxy.options(url)
    try:
        connected = websocket.create_connection(
            url, timeout=timeout, sslopt=tls, suppress_origin=True, skip_utf8_validation=True, **proxy
        )
    except websocket.WebSocketBadStatusException as error:
        raise SessionError(
            f"The session's WebSocket is refused with HTTP status {error.status_code}. Its token is valid for a short "
            "time only: run the playbook again. If it stays so, a proxy refuses WebSockets to ssmmessages."
        ) from error
    except (OSError, ValueError, websocket.WebSocketException) as error:
        raise SessionError(_unreachable(url, error)) from error
    connected.sock.setblocking(False)
    return connected


def _unreachable(url: str, error: BaseException) -> str:
    host = url.split("//")[-1].split("/")[0]
    if isinstance(error, ssl.SSLError):
        return f"The TLS connection to {host} fails: {error}. Behind a proxy with its own CA set AWS_CA_BUNDLE."
    return (
        f"The controller cannot connect to {host}: {error}. Check HTTPS_PROXY and NO_PROXY, and in a VPC without "
        "internet the VPC endpoint for ssmmessages."
    )


def _lost(error: BaseException) -> str:
    return f"The connection to the session was lost: {error}. Run the playbook again; it continues where it stopped."


def _closed(payload: bytes) -> str:
    status = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 0
    text = payload[2:].decode("utf-8", "replace")
    said = ": ".join(part for part in (f"status {status}" if status else "", text) if part)
    return f"The service closed the session's WebSocket{f' ({said})' if said else ''}."
