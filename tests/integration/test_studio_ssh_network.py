# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session through TLS and a proxy, as AWS's is from most networks."""

from __future__ import annotations

import base64
import contextlib
import secrets
import socket
import subprocess
import threading

import pytest

from tests.integration.studio_ssh_world import World, raw
from tests.sandbox.session_gateway.client import GatewayProcess


class Proxy:
    """An HTTP proxy that knows CONNECT, for those with its `login`; `targets` are the hosts that it connected to."""

    def __init__(self, login: str = "") -> None:
        self.targets: list[str] = []
        self._login = base64.b64encode(login.encode())
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            client, _address = self._listener.accept()
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += client.recv(1)
        if self._login and b"Proxy-Authorization: Basic " + self._login not in request:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            client.close()
            return
        target = request.split()[1].decode()
        self.targets.append(target)
        host, _, port = target.partition(":")
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
        self._pump(client, server)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        # A session may end by a reset of either connection.
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def session_gateway(tmp_path):
    certificate = tmp_path / "certificate.pem"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *names]
    subprocess.run([*new, "-keyout", certificate, "-out", tmp_path / "ca.pem"], check=True, capture_output=True)
    certificate.write_text(certificate.read_text() + (tmp_path / "ca.pem").read_text())
    gateway = GatewayProcess(certificate)
    yield gateway
    gateway.stop()


def test_files_pass_tls_and_a_proxy(world: World, tmp_path) -> None:
    world.space()
    proxy = Proxy()
    sent = tmp_path / "sent"
    sent.write_bytes(secrets.token_bytes(2_000_000))
    (world.home() / "inside").write_bytes(secrets.token_bytes(3_000_000))
    world.play_ok(
        {"ansible.builtin.copy": {"src": str(sent), "dest": f"{world.home()}/sent", "mode": "0600"}},
        {"ansible.builtin.fetch": {"src": f"{world.home()}/inside", "dest": f"{tmp_path}/fetched", "flat": True}},
        AWS_CA_BUNDLE=str(tmp_path / "ca.pem"),
        HTTPS_PROXY=proxy.url,
    )
    assert (world.home() / "sent").read_bytes() == sent.read_bytes()
    assert (tmp_path / "fetched").read_bytes() == (world.home() / "inside").read_bytes()
    assert len(proxy.targets) == 1


def test_no_proxy_excludes_a_host(world: World, tmp_path) -> None:
    world.space()
    proxy = Proxy()
    world.play_ok(raw("true"), AWS_CA_BUNDLE=str(tmp_path / "ca.pem"), HTTPS_PROXY=proxy.url, NO_PROXY="127.0.0.1")
    assert proxy.targets == []


def through(proxy: str, tmp_path) -> dict[str, str]:
    return {"AWS_CA_BUNDLE": str(tmp_path / "ca.pem"), "HTTPS_PROXY": proxy}


def test_a_proxy_may_want_a_login_and_have_no_scheme(world: World, tmp_path) -> None:
    world.space()
    proxy = Proxy(login="ada:p@ss/w%rd")
    address = proxy.url.removeprefix("http://")
    world.play_ok(raw("true"), **through(f"ada:p%40ss%2Fw%25rd@{address}", tmp_path))
    assert len(proxy.targets) == 1


def test_a_proxy_that_refuses_the_login_is_named_without_it(world: World, tmp_path) -> None:
    world.space()
    proxy = Proxy(login="ada:secret")
    run = world.play(raw("true"), **through(proxy.url.replace("://", "://ada:password@"), tmp_path))
    message = run.unreachable("ada")
    assert "failed CONNECT via proxy status: 407. Check HTTPS_PROXY" in message
    assert "password" not in run.output


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1080", "https://127.0.0.1:3128", "http://127.0.0.1:port"])
def test_a_proxy_of_another_kind_is_named(world: World, tmp_path, url) -> None:
    world.space()
    message = world.play(raw("true"), **through(url, tmp_path)).unreachable("ada")
    assert "The proxy in HTTPS_PROXY cannot be used for the session's WebSocket" in message


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_authorities_of_botocore_are_those_of_the_session(world: World, tmp_path, monkeypatch, variable) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    world.space()
    world.play_ok(raw("true"), **{variable: str(tmp_path / "ca.pem")})


def test_the_authorities_of_the_profile_are_those_of_the_session(world: World, tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    world.space()
    (tmp_path / "config").write_text(f"[default]\nca_bundle = {tmp_path}/ca.pem\n")
    world.play_ok(raw("true"), AWS_CONFIG_FILE=str(tmp_path / "config"))


def test_an_unknown_authority_is_named(world: World) -> None:
    world.space()
    message = world.play(raw("true")).unreachable("ada")
    assert "The TLS connection to 127.0.0.1" in message
    assert "set AWS_CA_BUNDLE" in message
