# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of the sandbox without its engine, or with another."""

from __future__ import annotations

import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sandbox import engine, layout
from tests.sandbox.console import SandboxError
from tests.sandbox.namespaces import service as namespaces


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate sandbox folder; return the path of its socket."""
    monkeypatch.setattr(layout, "ENGINE", tmp_path)
    monkeypatch.setattr(layout, "ENGINE_SOCKET", tmp_path / "docker.sock")
    return tmp_path / "docker.sock"


def test_an_output_that_arrives_together_with_the_headers(private: Path) -> None:
    """As on a busy machine, where the engine has sent both before the client reads."""
    frame = struct.pack(">BxxxL", 1, len(b"given")) + b"given"
    head = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
    with socket.socket(socket.AF_UNIX) as server, ThreadPoolExecutor(1) as pool:
        server.bind(str(private))
        server.listen()

        def answer() -> None:
            with server.accept()[0] as connection:
                request = b""
                while not request.endswith(b"}"):
                    request += connection.recv(65536)
                connection.sendall(head + frame)

        answered = pool.submit(answer)
        output = engine._connect().api.exec_start("0123")
        answered.result()
    assert output == b"given"


def test_a_checkout_with_a_too_long_path(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = private.parent / ("d" * 100) / "docker.sock"
    monkeypatch.setattr(layout, "ENGINE_SOCKET", deep)
    with pytest.raises(SandboxError, match=r"docker\.sock has \d+ bytes.*Move the checkout"):
        engine._check_paths()


def test_without_an_engine_the_error_has_the_command(private: Path) -> None:
    with pytest.raises(SandboxError, match=r"python -m tests\.sandbox up engine"):
        engine.client()


def test_a_checkout_in_the_home_of_the_app(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "ROOT", Path("/home/sagemaker-user/checkout"))
    with pytest.raises(SandboxError, match="Move the checkout /home/sagemaker-user/checkout out of it"):
        engine._check_paths()


def test_an_engine_outside_of_namespaces(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "is_up", lambda: True)
    monkeypatch.setattr(namespaces, "port", lambda: None)
    with pytest.raises(SandboxError, match=r"End it first: kill \$\(cat .*dockerd.pid\)"):
        engine.start()
