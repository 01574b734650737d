# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake Docker engine: real HTTP on a real Unix socket, with the responses of a test."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

# The part of Docker 20.10.24's response to /v1.41/version that the collection reads.
VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}


class Answer(NamedTuple):
    status: int
    body: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012 - read only


def docker(body: dict, status: int = 200, **headers: str) -> Answer:
    """Return a response in Docker's format; header names have underscores."""
    return Answer(status, json.dumps(body).encode(), {name.replace("_", "-"): value for name, value in headers.items()})


@contextlib.contextmanager
def fake_engine(socket: Path, answers: dict[str, Answer | None]) -> Iterator[list[str]]:
    """Serve the responses by path, and 404 for any other path; yield the requested paths.

    None in place of a response closes the connection.
    """
    requested: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            requested.append(self.path)
            answer = answers.get(self.path, docker({"message": "page not found"}, 404))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_args: object) -> None:
            pass

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    with Server(str(socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield requested
        finally:
            server.shutdown()
            thread.join()
