# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""HTTP(S) connections with a limit for connecting and for the answer.

The timeout of http.client applies to each address and to each read separately: a host name with four addresses takes
four times as long, and a server that sends a byte now and then is waited for without end.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import http.client
import os
import queue
import selectors
import socket
import ssl
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import deadline
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.deadline import Deadline

_NEXT_ADDRESS = 0.25  # seconds, RFC 8305, section 5
_BACKSTOP = 5  # seconds: the timer of _within comes first
_Address = tuple  # as getaddrinfo returns it


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """Return a connection to the first address of a host name that answers, trying them concurrently (RFC 8305).

    Raises socket.timeout when the time is over, OSError when every address refuses.
    """
    end = time.monotonic() + seconds
    addresses = _resolve(host, port, seconds)
    try:
        return _first_to_answer(addresses, end)
    except socket.timeout:
        count = f" at any of its {len(addresses)} addresses" if len(addresses) > 1 else ""
        raise socket.timeout(f"{host}:{port} did not answer{count} within {seconds:.0f} s") from None


def _resolve(host: str, port: int, seconds: float) -> list[_Address]:
    """Return the addresses of a host name. getaddrinfo has no time limit, so it runs in a thread of its own."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answers.put(error)
        except UnicodeError as error:
            answers.put(OSError(f"{host} is not a host name: {error}"))

    threading.Thread(target=resolve, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise socket.timeout(f"the name {host} was not resolved within {seconds:.0f} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _first_to_answer(addresses: list[_Address], end: float) -> socket.socket:
    waiting = deque(addresses)
    opened: list[socket.socket] = []
    errors: list[OSError] = []
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or selector.get_map():
                if waiting:
                    _start(waiting.popleft(), selector, opened, errors)
                left = end - time.monotonic()
                if left <= 0:
                    raise socket.timeout
                for key, _events in selector.select(min(left, _NEXT_ADDRESS) if waiting else left):
                    if _has_connected(key.fileobj, errors):
                        return _keep(key.fileobj, opened)
                    selector.unregister(key.fileobj)
        finally:
            for one in opened:
                one.close()
    raise errors[0]


def _start(address: _Address, selector: Any, opened: list[socket.socket], errors: list[OSError]) -> None:
    family, kind, protocol, _name, where = address
    try:
        one = socket.socket(family, kind, protocol)
    except OSError as error:  # such as IPv6 where the kernel has none
        errors.append(error)
        return
    opened.append(one)
    one.setblocking(False)
    code = one.connect_ex(where)
    if code in (0, errno.EINPROGRESS):
        selector.register(one, selectors.EVENT_WRITE)
    else:
        errors.append(OSError(code, os.strerror(code)))


def _has_connected(one: Any, errors: list[OSError]) -> bool:
    code = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        errors.append(OSError(code, os.strerror(code)))
    return not code


def _keep(one: Any, opened: list[socket.socket]) -> socket.socket:
    opened.remove(one)
    one.setblocking(True)
    return one


class _Limited(http.client.HTTPConnection):
    """A connection that is shut down when its time is over, whatever it is waiting for."""

    def __init__(self, host: str, *, limits: Deadline, **options: Any) -> None:
        super().__init__(host, **options)
        self._limits = limits
        self._handle: socket.socket | None = None
        # The only way to replace socket.create_connection; the name is the same from Python 3.5 to 3.14.
        self._create_connection = self._open

    def connect(self) -> None:
        seconds = self._limits.limit(deadline.CONNECT)
        with self._within(seconds, f"{self.host}:{self.port} did not complete the connection within {seconds:.0f} s"):
            super().connect()

    def getresponse(self) -> http.client.HTTPResponse:
        seconds = self._limits.limit(deadline.ANSWER)
        opened = self.sock
        self._handle = _duplicate(opened)
        opened.settimeout(seconds + _BACKSTOP)
        with self._within(seconds, f"{self.host}:{self.port} did not answer the request within {seconds:.0f} s"):
            response = super().getresponse()
        opened.settimeout(deadline.READ)
        return response

    def _open(self, address: tuple[str, int], *_options: Any) -> socket.socket:
        seconds = self._limits.limit(deadline.CONNECT)
        opened = connect(*address, seconds)
        opened.settimeout(seconds + _BACKSTOP)
        self._handle = _duplicate(opened)
        return opened

    @contextlib.contextmanager
    def _within(self, seconds: float, message: str) -> Iterator[None]:
        expired = threading.Event()

        def end() -> None:
            expired.set()
            if self._handle:
                with contextlib.suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except socket.timeout:
            raise  # connect() has the better message
        except Exception as error:
            if expired.is_set():
                raise socket.timeout(message) from error
            raise
        else:
            if expired.is_set():  # The headers of an answer end where the connection ends.
                raise socket.timeout(message)
        finally:
            timer.cancel()
            if self._handle:
                self._handle.close()
                self._handle = None


class _LimitedTLS(_Limited, http.client.HTTPSConnection):
    """The same over TLS."""


def _duplicate(one: socket.socket) -> socket.socket:
    """Return another handle of a connection, which stays valid when TLS takes over the first one."""
    return socket.socket(fileno=os.dup(one.fileno()))


class HTTPHandler(urllib.request.HTTPHandler):
    """Opens http:// URLs within the limits."""

    def __init__(self, limits: Deadline) -> None:
        super().__init__()
        self._limits = limits

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(functools.partial(_Limited, limits=self._limits), req)


class HTTPSHandler(urllib.request.HTTPSHandler):
    """Opens https:// URLs within the limits."""

    def __init__(self, limits: Deadline, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._limits, self._tls = limits, context

    def https_open(self, req: urllib.request.Request) -> Any:
        factory = functools.partial(_LimitedTLS, limits=self._limits, context=self._tls)
        return self.do_open(factory, req)
