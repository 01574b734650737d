# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answer for AWS's names (DNS), forward their TLS connections to the AWS endpoint, and hand out credentials (HTTP).

Runs inside a container, so it has the standard library only.

Usage: python3 -m aws_relay.server ADDRESS ENDPOINT_SOCKET CERTIFICATE KEY
"""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import registry

ZONE = ".amazonaws.com"
_TYPE_A = 1
_NAME_ERROR = 3


def dns_response(query: bytes, address: str) -> bytes:
    """Return the address for every name in AWS's zone, and "no such name" for all others (RFC 1035, 4.1)."""
    name, end = _question(query)
    known = f".{name.lower()}".endswith(ZONE)
    answers = known and int.from_bytes(query[end - 4 : end - 2], "big") == _TYPE_A
    flags = 0x8180 | (0 if known else _NAME_ERROR)
    counts = (1, int(answers), 0, 0)
    header = query[:2] + flags.to_bytes(2, "big") + b"".join(count.to_bytes(2, "big") for count in counts)
    # A pointer to the question's name, type A, class IN, 60 seconds, 4 bytes.
    record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + socket.inet_aton(address)
    return header + query[12:end] + (record if answers else b"")


def _question(query: bytes) -> tuple[str, int]:
    """Return the name of the only question, and the offset after its type and class."""
    labels, offset = [], 12
    while length := query[offset]:
        labels.append(query[offset + 1 : offset + 1 + length].decode("ascii", "replace"))
        offset += 1 + length
    return ".".join(labels), offset + 5


class Names(socketserver.BaseRequestHandler):
    """Answers a DNS query."""

    def handle(self) -> None:
        query, answering = self.request
        answering.sendto(dns_response(query, self.server.server_address[0]), self.client_address)


class Credentials(BaseHTTPRequestHandler):
    """The container credentials of the execution role; they expire, as the real ones do."""

    def do_GET(self) -> None:
        expires = datetime.now(UTC) + timedelta(hours=1)
        body = {
            "RoleArn": "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole",
            "AccessKeyId": "ASIASANDBOXSANDBOXSA",
            "SecretAccessKey": "a-secret-only-in-name",
            "Token": "a-token-only-in-name",
            "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, form: str, *args: object) -> None:
        """Log nothing."""


class Forwarding(socketserver.BaseRequestHandler):
    """Forwards the content of a TLS connection to the endpoint's socket, in both directions."""

    def handle(self) -> None:
        self.request.settimeout(300)
        with (
            self.server.context.wrap_socket(self.request, server_side=True) as app,
            socket.socket(socket.AF_UNIX) as endpoint,
        ):
            endpoint.connect(self.server.endpoint)
            upload = threading.Thread(target=_pump, args=(app, endpoint), daemon=True)
            upload.start()
            _pump(endpoint, app)


def _pump(source: socket.socket, target: socket.socket) -> None:
    # An error is the end of one of both connections.
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class TLSServer(socketserver.ThreadingTCPServer):
    """Does the TLS handshake in the connection's own thread."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], endpoint: str, certificate: str, key: str) -> None:
        super().__init__(address, Forwarding)
        self.endpoint = endpoint
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a client that does not trust the CA, or an endpoint that is down."""
        print(f"{client_address}: {sys.exc_info()[1]}", flush=True)


def main(address: str, endpoint: str, certificate: str, key: str) -> None:
    servers = (
        socketserver.ThreadingUDPServer((address, 53), Names),
        ThreadingHTTPServer((address, 80), Credentials),
        TLSServer((address, 443), endpoint, certificate, key),
        registry.server(address),
    )
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
