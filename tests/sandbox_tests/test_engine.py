# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's choice of an engine, and its errors without one."""

from __future__ import annotations

import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import app, engine, layout
from tests.sandbox.console import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = b'{"Version": "20.10.24", "ApiVersion": "1.41"}'
REFUSAL = b'{"message": "client version 1.41 is too old. Minimum supported API version is 1.44"}'


class FakeEngine(BaseHTTPRequestHandler):
    """Answers only /v1.41/version, as an engine does."""

    speaks = "/v1.41/version"

    def do_GET(self) -> None:
        known = self.path == self.speaks
        body = VERSION if known else REFUSAL
        self.send_response(200 if known else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, form: str, *args: object) -> None:
        """Print no access log."""


class TooNewEngine(FakeEngine):
    """Rejects API 1.41, as engine 29.0 does."""

    speaks = "/v1.44/version"


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate sandbox folder; return the path of its socket."""
    monkeypatch.setattr(layout, "ENGINE", tmp_path)
    monkeypatch.setattr(layout, "ENGINE_SOCKET", tmp_path / "docker.sock")
    return tmp_path / "docker.sock"


def serve(path: Path, handler: type[BaseHTTPRequestHandler]) -> socketserver.ThreadingUnixStreamServer:
    server = socketserver.ThreadingUnixStreamServer(str(path), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def other(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The engine of DOCKER_HOST."""
    path = tmp_path / "other.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    server = serve(path, request.param)
    yield path
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("other", [FakeEngine], indirect=True)
def test_adopts_the_engine_of_docker_host(private: Path, other: Path) -> None:
    assert engine._adopt()
    assert private.readlink() == other
    assert engine.is_up()


@pytest.mark.parametrize("other", [TooNewEngine], indirect=True)
def test_does_not_adopt_an_engine_that_rejects_api_1_41(
    private: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = engine._answers
    monkeypatch.setattr(engine, "_answers", lambda path: path == other and answered(path))
    assert not engine._adopt()
    assert not private.is_symlink()


def test_a_checkout_with_a_too_long_path(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = private.parent / ("d" * 100) / "docker.sock"
    monkeypatch.setattr(layout, "ENGINE_SOCKET", deep)
    with pytest.raises(SandboxError, match=r"docker\.sock has \d+ bytes.*Move the checkout"):
        engine._check_socket_path()


def test_without_an_engine_the_error_has_the_command(private: Path) -> None:
    with pytest.raises(SandboxError, match=r"python -m tests\.sandbox up engine"):
        engine.client()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /home/sagemaker-user of this test, beside the sandbox's home."""
    monkeypatch.setattr(layout, "APP_HOME", tmp_path / "own" / ".sandbox" / "app" / "home")
    monkeypatch.setattr(layout, "HOME_LINK", tmp_path / "sagemaker-user")
    monkeypatch.setattr(app.os, "chown", lambda *_: None)
    return tmp_path / "sagemaker-user"


def test_home_is_linked_once_and_unlinked(home: Path) -> None:
    app.link_home()
    app.link_home()
    assert home.readlink() == layout.APP_HOME
    app.unlink_home()
    assert not home.is_symlink()


def test_home_of_another_sandbox(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "theirs" / ".sandbox" / "app" / "home"
    other.mkdir(parents=True)
    engine_of_other = tmp_path / "theirs" / ".sandbox" / "engine"
    engine_of_other.mkdir()
    (engine_of_other / "docker.sock").symlink_to(layout.ENGINE_SOCKET.resolve())
    home.symlink_to(other)
    with pytest.raises(SandboxError, match=f"sandbox of {tmp_path / 'theirs'} is up; .* make clean"):
        app.link_home()
    app.unlink_home()
    assert home.readlink() == other


@pytest.mark.parametrize("its_folder_is_left", [True, False])
def test_link_of_a_stopped_sandbox_is_replaced(home: Path, tmp_path: Path, its_folder_is_left: bool) -> None:
    gone = tmp_path / "gone" / ".sandbox" / "app" / "home"
    if its_folder_is_left:
        gone.mkdir(parents=True)
    home.symlink_to(gone)
    app.link_home()
    assert home.readlink() == layout.APP_HOME


def test_a_real_home_is_not_replaced(home: Path) -> None:
    home.mkdir()
    with pytest.raises(SandboxError, match="is a real folder"):
        app.link_home()
