# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for ECR's registries: what a push and a pull need of the OCI distribution API, with ECR's login.

The engine uses it as its HTTP proxy, so that it has ECR's host names without changes to this machine.
It runs inside the relay's container, so it has the standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from . import REGISTRY_PORT

_HOST = re.compile(r"(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com")
_UPLOAD = re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<upload>[^/]*)")
_BLOB = re.compile(r"/v2/(?P<name>.+)/blobs/(?P<digest>sha256:[0-9a-f]{64})")
_MANIFEST = re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)")
_NO_OTHER = "The sandbox's engine reaches no registry but the stand-in for ECR"


class Content:
    """What was pushed: blobs by digest, manifests by registry, name and reference."""

    def __init__(self) -> None:
        self.uploads: dict[str, bytearray] = {}
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[tuple[str, str, str], tuple[str, bytes]] = {}


class Registry(BaseHTTPRequestHandler):
    """Answers the engine; the path of a proxy's request is a URL with ECR's host."""

    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        # The engine then asks an insecure registry by HTTP.
        self._answer(HTTPStatus.BAD_GATEWAY, _NO_OTHER.encode())

    def do_GET(self) -> None:
        url = self._url()
        if not url:
            return
        if url.path == "/v2/":
            self._answer(HTTPStatus.OK, b"{}")
        elif blob := _BLOB.fullmatch(url.path):
            self._send(("application/octet-stream", self.server.content.blobs.get(blob["digest"])))
        elif manifest := _MANIFEST.fullmatch(url.path):
            key = (url.hostname, manifest["name"], manifest["reference"])
            self._send(self.server.content.manifests.get(key, ("", None)))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "NAME_UNKNOWN", f"{url.path} is not an operation of this registry")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        url = self._url()
        if url and (upload := _UPLOAD.fullmatch(url.path)):
            new = str(uuid.uuid4())
            self.server.content.uploads[new] = bytearray()
            self._answer(HTTPStatus.ACCEPTED, Location=f"/v2/{upload['name']}/blobs/uploads/{new}", Range="0-0")

    def do_PATCH(self) -> None:
        url = self._url()
        if url and (upload := _UPLOAD.fullmatch(url.path)):
            data = self.server.content.uploads[upload["upload"]]
            data.extend(self._body())
            self._answer(HTTPStatus.ACCEPTED, Location=url.path, Range=f"0-{len(data) - 1}")

    def do_PUT(self) -> None:
        url = self._url()
        if not url:
            return
        if upload := _UPLOAD.fullmatch(url.path):
            data = bytes(self.server.content.uploads.pop(upload["upload"])) + self._body()
            self._store(data, parse_qs(url.query)["digest"][0], upload["name"])
        elif manifest := _MANIFEST.fullmatch(url.path):
            data = self._body()
            digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
            for reference in (manifest["reference"], digest):
                key = (url.hostname, manifest["name"], reference)
                self.server.content.manifests[key] = (self.headers["Content-Type"], data)
            self._answer(HTTPStatus.CREATED, **{"Docker-Content-Digest": digest})

    def log_message(self, form: str, *args: object) -> None:
        """Log nothing."""

    def _url(self):
        """Return the URL of a request to ECR with ECR's login; answer all others."""
        url = urlsplit(self.path)
        host = _HOST.fullmatch(url.hostname or "")
        if not host:
            self._answer(HTTPStatus.BAD_GATEWAY, _NO_OTHER.encode())
            return None
        # GetAuthorizationToken of the AWS endpoint returns this password.
        login = base64.b64encode(f"AWS:{host[1]}-auth-token".encode()).decode()
        if self.headers["Authorization"] != f"Basic {login}":
            self._body()
            challenge = {"WWW-Authenticate": f'Basic realm="https://{url.hostname}/",service="ecr.amazonaws.com"'}
            self._refuse(HTTPStatus.UNAUTHORIZED, "DENIED", "Your authorization token is not valid", **challenge)
            return None
        return url

    def _store(self, data: bytes, digest: str, name: str) -> None:
        if f"sha256:{hashlib.sha256(data).hexdigest()}" != digest:
            self._refuse(HTTPStatus.BAD_REQUEST, "DIGEST_INVALID", f"the content is not {digest}")
            return
        self.server.content.blobs[digest] = data
        self._answer(HTTPStatus.CREATED, Location=f"/v2/{name}/blobs/{digest}", **{"Docker-Content-Digest": digest})

    def _send(self, found: tuple[str, bytes | None]) -> None:
        content_type, data = found
        if data is None:
            self._refuse(HTTPStatus.NOT_FOUND, "MANIFEST_UNKNOWN", "Requested image not found")
            return
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self._answer(HTTPStatus.OK, data, **{"Content-Type": content_type, "Docker-Content-Digest": digest})

    def _refuse(self, status: HTTPStatus, code: str, message: str, **headers: str) -> None:
        self._answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode(), **headers)

    def _answer(self, status: HTTPStatus, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers["Transfer-Encoding"] != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"] or 0))
        data = bytearray()
        while size := int(self.rfile.readline(), 16):
            data.extend(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return bytes(data)


def server(address: str) -> ThreadingHTTPServer:
    """Return the server, which does not serve yet."""
    registry = ThreadingHTTPServer((address, REGISTRY_PORT), Registry)
    registry.content = Content()
    return registry
