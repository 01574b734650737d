# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serve a folder over TLS, with byte ranges and an access log; below /private/ only to whoever logs in.

Runs inside the mirror's container, so it has the standard library only.

Usage: python3 server.py FOLDER CERTIFICATE KEY ACCESS_LOG
"""

from __future__ import annotations

import base64
import re
import shutil
import ssl
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TextIO


def requested_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a `Range: bytes=first-last` header (RFC 9110, 14.1.2), None for the whole file.

    Raises ValueError if the range begins after the end.
    """
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header or "")
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    if int(first) >= size:
        raise ValueError(f"{header} of {size} bytes")
    return int(first), min(int(last or size - 1), size - 1)


# The same folder once more, as a company's mirror that asks for user name and password (ada, s3cret).
PRIVATE = "/private/"
_LOGIN = f"Basic {base64.b64encode(b'ada:s3cret').decode()}"


class Handler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD for files, whole or in part."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, log: TextIO, **options: object) -> None:
        self._log = log
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, form: str, *args: object) -> None:
        self._log.write(f"{self.client_address[0]} {self.log_date_time_string()} {form % args}\n")
        self._log.flush()

    def _answer(self, *, with_body: bool) -> None:
        if self.path.startswith(PRIVATE) and self.headers.get("Authorization") != _LOGIN:
            self.send_response(HTTPStatus.UNAUTHORIZED)
            self._end({"WWW-Authenticate": 'Basic realm="mirror"', "Content-Length": "0"})
            return
        path = Path(self.translate_path(self.path.replace(PRIVATE, "/", 1)))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        size = path.stat().st_size
        try:
            requested = requested_range(self.headers.get("Range"), size)
        except ValueError:
            self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self._end({"Content-Range": f"bytes */{size}", "Content-Length": "0"})
            return
        first, last = requested or (0, size - 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if requested else HTTPStatus.OK)
        partial_header = {"Content-Range": f"bytes {first}-{last}/{size}"} if requested else {}
        self._end(
            {
                "Content-Type": self.guess_type(path),
                "Content-Length": str(last - first + 1),
                "Accept-Ranges": "bytes",
                "Last-Modified": self.date_time_string(path.stat().st_mtime),
                **partial_header,
            }
        )
        if with_body:
            self._send(path, first, last)

    def _end(self, headers: dict[str, str]) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, path: Path, first: int, last: int) -> None:
        with path.open("rb") as file:
            file.seek(first)
            if last + 1 == path.stat().st_size:
                shutil.copyfileobj(file, self.wfile, 1 << 20)
            else:
                self.wfile.write(file.read(last - first + 1))


class TLSServer(ThreadingHTTPServer):
    """Does the TLS handshake in the connection's own thread, so that a silent client blocks no other."""

    def __init__(self, address: tuple[str, int], handler: object, context: ssl.SSLContext) -> None:
        super().__init__(address, handler)
        self._context = context

    def finish_request(self, request: object, client_address: object) -> None:
        request.settimeout(60)
        with self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a client that closes the connection or does not trust the CA."""
        print(f"{client_address}: {sys.exc_info()[1]}", flush=True)


def main(folder: str, certificate: str, key: str, access_log: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Path(access_log).open("a") as log:
        handler = partial(Handler, directory=folder, log=log)
        TLSServer(("0.0.0.0", 443), handler, context).serve_forever()  # noqa: S104 - all interfaces of its container


if __name__ == "__main__":
    main(*sys.argv[1:])
