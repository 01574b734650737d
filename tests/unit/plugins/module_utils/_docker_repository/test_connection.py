# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that do not answer, on real sockets: how soon a download fails, and what it says."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import (
    connection,
    deadline,
    download,
)

SOON = 9  # seconds: before the other limits, which keep their real values, and long enough for a busy machine


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@contextlib.contextmanager
def dropping(host: str) -> Iterator[int]:
    """Yield a port of the host at which packets are dropped: a listener whose queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((host, 0))
        listener.listen(0)
        for _ in range(2):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextlib.contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[float]]]:
    """Yield a port at which each connection is given to the function, and the times of the connections."""
    accepted: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _address = listener.accept()
                    accepted.append(time.monotonic())
                    threading.Thread(target=handle, args=[client], daemon=True).start()

        def handle(client: socket.socket) -> None:
            with client, contextlib.suppress(OSError):
                answer(client)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield listener.getsockname()[1], accepted
        finally:
            listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def short_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "CONNECT", 0.6)


def failure(url: str) -> str:
    """Return why the download of a URL failed, which it has to do soon."""
    started = time.monotonic()
    with pytest.raises(PackageError) as raised:
        download.Downloader().get(url, 1 << 20)
    assert time.monotonic() - started < SOON
    return str(raised.value)


def resolve_to(monkeypatch: pytest.MonkeyPatch, addresses: list[tuple[str, int]]) -> list[str]:
    """Let every name have these addresses; return the names that were resolved."""
    names: list[str] = []

    def getaddrinfo(host: str, *_arguments: object, **_options: object) -> list[tuple]:
        names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]

    monkeypatch.setattr(connection.socket, "getaddrinfo", getaddrinfo)
    return names


def ok(client: socket.socket) -> None:
    client.recv(65536)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@pytest.mark.usefixtures("short_connect")
def test_dropped_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    with dropping("127.0.0.1") as port:
        message = failure(f"http://127.0.0.1:{port}/file")
    assert f"127.0.0.1:{port} did not answer within 1 s" in message
    assert "NAT gateway" in message


@pytest.mark.usefixtures("short_connect")
def test_all_addresses_of_a_name_share_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.ExitStack() as stack:
        hosts = [f"127.0.0.{number}" for number in range(1, 9)]
        names = resolve_to(monkeypatch, [(host, stack.enter_context(dropping(host))) for host in hosts])
        message = failure("http://download.docker.com/file")
    assert "download.docker.com:80 did not answer at any of its 8 addresses within 1 s" in message
    assert names == ["download.docker.com"]  # One try: a time-out is final.


def test_one_address_that_answers_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    with dropping("127.0.0.1") as dead, dropping("127.0.0.2") as other, answering(ok) as (port, _accepted):
        resolve_to(monkeypatch, [("127.0.0.1", dead), ("127.0.0.2", other), ("127.0.0.3", 1), ("127.0.0.1", port)])
        assert download.Downloader().get("http://download.docker.com/file", 10) == b"ok"


def test_refusing_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_RETRIES", 0)
    resolve_to(monkeypatch, [("127.0.0.1", 1), ("127.0.0.2", 1)])
    assert "Connection refused" in failure("http://download.docker.com/file")


@pytest.mark.usefixtures("short_connect")
def test_resolver_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(connection.socket, "getaddrinfo", lambda *_a, **_o: release.wait() and [])
    assert "the name download.docker.com was not resolved within 1 s" in failure("http://download.docker.com/file")
    release.set()


@pytest.mark.usefixtures("short_connect")
def test_dropping_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with dropping("127.0.0.1") as port:
        monkeypatch.setenv("https_proxy", f"http://me:secret@127.0.0.1:{port}")
        message = failure("https://download.docker.com/file")
    assert f"127.0.0.1:{port} did not answer within 1 s" in message
    assert f"used the proxy http://127.0.0.1:{port} of the environment variable https_proxy" in message
    assert "secret" not in message


def silent(client: socket.socket) -> None:
    while client.recv(65536):
        pass


def slowly(beginning: bytes, more: bytes) -> Callable[[socket.socket], None]:
    """Send the beginning at once, then some bytes every now and then without end."""

    def answer(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(beginning)
        while not threading.Event().wait(0.05):
            client.sendall(more)

    return answer


def cut(client: socket.socket) -> None:
    client.recv(65536)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")


@pytest.mark.parametrize(
    ("limit", "scheme", "answer", "message"),
    [
        ("ANSWER", "http", silent, "did not answer the request within 1 s"),
        ("CONNECT", "https", silent, "did not complete the connection within 1 s"),
        ("ANSWER", "http", slowly(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"), "did not answer the request within 1 s"),
        ("READ", "http", slowly(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b""), "no data arrived in time"),
        (
            "_WINDOW",
            "http",
            slowly(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"x"),
            "KiB/s arrived, less than 16 KiB/s",
        ),
        ("_WINDOW", "http", slowly(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), "KiB/s arrived, less than 16 KiB/s"),
    ],
    ids=["no answer", "no TLS", "endless headers", "no content", "slow content", "slow content without length"],
)
def test_silent_and_slow_servers(
    monkeypatch: pytest.MonkeyPatch, limit: str, scheme: str, answer: Callable, message: str
) -> None:
    monkeypatch.setattr(deadline, limit, 0.6)
    with answering(answer) as (port, accepted):
        assert message in failure(f"{scheme}://127.0.0.1:{port}/file")
        assert len(accepted) == 1  # A time-out is not retried.


@pytest.mark.usefixtures("short_connect")
def test_proxy_that_does_not_open_the_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(silent) as (port, accepted):
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        assert "did not complete the connection within 1 s" in failure("https://download.docker.com/file")
        assert len(accepted) == 1


def test_whole_download_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_GET_TIMEOUT", 0.5)
    with answering(slowly(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096)) as (port, _accepted):
        assert "was not complete after" in failure(f"http://127.0.0.1:{port}/file")


@pytest.mark.usefixtures("short_connect")
def test_no_socket_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_RETRIES", 0)
    descriptors = open_descriptors()
    with answering(ok) as (port, _accepted):
        assert download.Downloader().get(f"http://127.0.0.1:{port}/file", 10) == b"ok"
    with answering(cut) as (port, _accepted), dropping("127.0.0.1") as dead:
        for url in (f"http://127.0.0.1:{dead}/", f"https://127.0.0.1:{port}/"):
            failure(url)
    assert open_descriptors() <= descriptors


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class TestDeadline:
    """With the real limits, and a clock of the test."""

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        monkeypatch.undo()
        now = [1000.0]
        monkeypatch.setattr(deadline.time, "monotonic", lambda: now[0])
        return now

    def test_nothing_takes_longer_than_45_s_without_progress(self, clock: list[float]) -> None:
        limits = deadline.Deadline(600)
        assert limits.limit(deadline.CONNECT) == 10
        clock[0] += 10
        assert not limits.allows_retry()
        assert limits.limit(deadline.ANSWER) == 30
        clock[0] += 30
        assert limits.limit(deadline.CONNECT) <= 5

    def test_progress_extends_the_limits(self, clock: list[float]) -> None:
        limits = deadline.Deadline(600)
        clock[0] += 15
        limits.received(1 << 20)
        assert limits.limit(deadline.ANSWER) == 30
        assert limits.allows_retry()

    @pytest.mark.parametrize(("rate", "enough"), [(20 << 10, True), (10 << 10, False)])
    def test_lowest_rate(self, clock: list[float], rate: int, enough: bool) -> None:
        limits = deadline.Deadline(600)
        with contextlib.nullcontext() if enough else pytest.raises(socket.timeout, match=r"10\.0 KiB/s arrived"):
            for _second in range(60):
                clock[0] += 1
                limits.received(rate)

    def test_end(self, clock: list[float]) -> None:
        limits = deadline.Deadline(600)
        clock[0] += 600
        for step in (lambda: limits.limit(1), lambda: limits.received(1 << 30)):
            with pytest.raises(socket.timeout, match="not complete after 600 s"):
                step()
