# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: `python -m tests.sandbox.aws_endpoint.server STATE_FILE`; process.py runs it in the background."""

from __future__ import annotations

import json
import os
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from .control_api import ControlApi
from .front_door import FrontDoor, WsgiApp
from .moto_studio import install
from .process import SOCKET
from .state import State


class Handler(MotoRequestHandler):
    """moto's handler without the pause that Nagle's algorithm may make between an answer's headers and its body."""

    disable_nagle_algorithm = True
    # Keeps connections open between calls, as AWS does.
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: the call log has every call."""


class HandlerForApps(Handler):
    """The handler of a Unix socket, for which TCP's options do not exist."""

    disable_nagle_algorithm = False


class Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher with a cache: without it, every call searches moto's directories for its service."""

    # The one dispatcher lives as long as the server, so the cache keeps nothing alive that should go.
    @cache  # noqa: B019
    def get_backend_for_host(self, host: str | None) -> Any:
        return super().get_backend_for_host(host)


def build_app() -> WsgiApp:
    state = State()
    install(state)
    aws = Dispatcher(create_backend_app)
    return ControlApi(FrontDoor(aws, state), state)


def serve(state_file: Path) -> None:
    """Serve until killed: on a free port of the loopback, and for the apps on a socket beside `state_file`.

    Process ID and URL are in `state_file`.
    """
    app = build_app()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)
    path = state_file.with_name(SOCKET)
    path.unlink(missing_ok=True)
    for_apps = make_server(f"unix://{path}", 0, app, threaded=True, request_handler=HandlerForApps)
    threading.Thread(target=for_apps.serve_forever, daemon=True).start()
    _write_state(server, state_file)
    server.serve_forever()


def _write_state(server: BaseWSGIServer, state_file: Path) -> None:
    unfinished = state_file.with_suffix(".new")
    unfinished.write_text(json.dumps({"pid": os.getpid(), "url": f"http://127.0.0.1:{server.port}"}))
    unfinished.rename(state_file)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
