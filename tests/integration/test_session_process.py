# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy of a session as ssh starts it, without ssh: what happens at its ends, and how much memory it takes."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.studio_ssh_world import World
from tests.sandbox import layout

RUN = layout.ROOT / "plugins" / "plugin_utils" / "_session" / "run.py"
SECONDS = 30


class Proxy:
    """A running proxy; the test has the ends of its pipes, as ssh does. `server` is what it reaches in the app."""

    def __init__(self, world: World, timeout: float = 60.0) -> None:
        self.world = world
        self.connections: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS)
        self.arn = world.space()
        world.gateway.add_space(self.arn, port=self.listener.getsockname()[1])
        self.message = world.folder / "message"
        request = {"space_arn": self.arn, "region": "eu-west-1", "timeout": timeout, "message_file": str(self.message)}
        self.process = subprocess.Popen(
            [sys.executable, RUN, "proxy", json.dumps(request)],
            env=world.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        # Waiting for the process would close it.
        self.stdin, self.process.stdin = self.process.stdin, None

    def server(self) -> socket.socket:
        """Return the connection of the agent to the app's server."""
        connection, _address = self.listener.accept()
        connection.settimeout(SECONDS)
        # Without a reference, it would be closed.
        self.connections.append(connection)
        return connection

    def resident(self) -> float:
        """Return the MiB of memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def kill_ssh(self) -> None:
        """Close the ends of ssh, as its death does. It sends no signal then."""
        self.stdin.close()
        self.process.stdout.close()

    def end(self) -> tuple[int, bytes]:
        """Wait for the end; return the status and what was left to read."""
        output, _errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, output


@pytest.fixture
def start(world: World):
    started = []

    def start(**how) -> Proxy:
        started.append(Proxy(world, **how))
        return started[-1]

    yield start
    for proxy in started:
        proxy.process.kill()
        for connection in (*proxy.connections, proxy.listener):
            connection.close()


def wait_for(condition) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_last_bytes_before_the_end_arrive(start) -> None:
    proxy = start()
    sent = b"x" * 3_000_000 + b"the last"
    with proxy.server() as server:
        server.sendall(sent)
    status, output = proxy.end()
    assert (len(output), output[-8:]) == (len(sent), b"the last")
    assert status == 1
    message = proxy.message.read_text()
    assert message.startswith(
        "The service closed the session. Check that its app is InService: `aws sagemaker list-apps"
    )


def test_what_ssh_sent_before_its_end_arrives(start) -> None:
    proxy = start()
    proxy.stdin.write(b"y" * 500_000)
    proxy.stdin.close()
    with proxy.server() as server:
        received = b"".join(iter(lambda: server.recv(65536), b""))
    assert received == b"y" * 500_000
    assert proxy.end()[0] == 0
    assert proxy.world.gateway.wait_until_closed(5)


@pytest.mark.parametrize("faults", [{"loss": 0.3}, {"late_handshake": 3.0}, {"late_tcp": 5.0}])
def test_a_killed_ssh_leaves_no_session(start, faults) -> None:
    start_faults = {name: value for name, value in faults.items() if name != "loss"}
    proxy = start()
    proxy.world.gateway.change(**start_faults)
    wait_for(proxy.world.gateway.started)
    if "loss" in faults:
        proxy.server()
        proxy.world.gateway.change(**faults)
    proxy.kill_ssh()
    assert proxy.world.gateway.wait_until_closed(10)
    wait_for(lambda: proxy.process.poll() is not None)
    assert not proxy.message.exists()


def test_a_killed_ssh_is_noticed_while_the_session_takes_nothing(start) -> None:
    proxy = start()
    proxy.server()
    proxy.world.gateway.change(stalled=True)
    proxy.stdin.write(b"z" * 60_000)
    proxy.stdin.flush()
    time.sleep(1)
    proxy.kill_ssh()
    wait_for(lambda: proxy.process.poll() is not None)


def test_a_session_that_is_being_started_is_ended(start, world) -> None:
    world.endpoint.controls(latency_ms=2000)
    proxy = start()
    wait_for(lambda: world.endpoint.calls("StartSession"))
    proxy.process.send_signal(signal.SIGHUP)
    assert proxy.end()[0] == 0
    assert world.gateway.started() == 1
    assert world.gateway.open() == 0


def test_nothing_is_started_any_more_for_an_ssh_that_has_gone(start, world) -> None:
    world.endpoint.controls(session_failures=3)
    proxy = start()
    wait_for(lambda: world.endpoint.calls("StartSession"))
    proxy.process.send_signal(signal.SIGTERM)
    assert proxy.end()[0] == 1
    assert world.gateway.started() == 0


def test_a_network_that_takes_nothing_fills_no_memory(start) -> None:
    proxy = start()
    proxy.server()
    before = proxy.resident()
    proxy.world.gateway.change(stalled=True)
    proxy.stdin.write(b"z" * 50_000)
    proxy.stdin.flush()
    time.sleep(8)
    assert proxy.resident() - before < 4


@pytest.mark.parametrize("end_at", ["opened", "handshake", "ready"])
@pytest.mark.parametrize(
    ("end_by", "message"),
    [
        ("cut", "The connection to the session was lost"),
        ("close", "The service closed the session's WebSocket (status 1000)"),
        ("channel_closed", "The service closed the session: as the test requests. Check that its app is InService"),
    ],
)
def test_the_service_may_end_the_session_at_any_moment(start, world, end_at, end_by, message) -> None:
    world.gateway.change(end_at=end_at, end_by=end_by)
    proxy = start()
    assert proxy.end() == (1, b"")
    assert message in proxy.message.read_text()


def test_a_message_of_any_size_fills_no_memory(start, world) -> None:
    world.gateway.change(junk=200_000_000)
    proxy = start()
    assert proxy.end()[0] == 1
    assert "a message of more than 1 MiB" in proxy.message.read_text()


def test_a_message_that_is_none_is_dropped(start, world) -> None:
    world.gateway.change(junk=500_000)
    proxy = start()
    with proxy.server() as server:
        server.sendall(b"after the junk")
    assert proxy.end() == (1, b"after the junk")


def test_no_more_output_is_taken_than_ssh_reads(start) -> None:
    proxy = start()
    with proxy.server() as server:
        sent = send_until_full(server)
        ticks = cpu_seconds(proxy.process.pid)
        time.sleep(2)
        # It waits for ssh, and not by asking all the time.
        assert cpu_seconds(proxy.process.pid) - ticks < 0.5
        assert proxy.resident() < 60
    assert len(proxy.end()[1]) >= sent


def send_until_full(connection: socket.socket) -> int:
    """Send until nothing more is taken for a while; return the number of bytes."""
    connection.settimeout(0.5)
    sent = 0
    with contextlib.suppress(TimeoutError):
        while sent < 100_000_000:
            sent += connection.send(b"x" * 65536)
    assert sent < 100_000_000
    return sent


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
