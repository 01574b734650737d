# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for Galaxy's API with one collection: amazon.aws from the PyPI bundle.

A project update resolves collections/requirements.yml through the organization's Galaxy credential. The tests run
offline, and the dependency in galaxy.yml has to be resolvable.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ansible_collections.amazon.aws as amazon_aws

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def serving() -> Iterator[str]:
    """Serve the stand-in and yield the URL of the API."""
    tarball, manifest = _amazon_aws()
    version = manifest["collection_info"]["version"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(tarball, manifest["collection_info"], version))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/"
    server.shutdown()
    server.server_close()


def _amazon_aws() -> tuple[bytes, dict[str, Any]]:
    """Return the collection as a tarball, and its manifest without the files that the bundle lacks."""
    [folder] = (Path(path) for path in amazon_aws.__path__)
    files = json.loads((folder / "FILES.json").read_text())
    files["files"] = [entry for entry in files["files"] if (folder / entry["name"]).exists()]
    listed = json.dumps(files).encode()
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(listed).hexdigest()
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz", compresslevel=1) as archive:
        for name, content in (("MANIFEST.json", json.dumps(manifest).encode()), ("FILES.json", listed)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in files["files"]:
            if entry["name"] != ".":
                archive.add(folder / entry["name"], entry["name"], recursive=False)
    return written.getvalue(), manifest


def _handler(tarball: bytes, collection: dict[str, Any], version: str) -> type[BaseHTTPRequestHandler]:
    versions = "/api/v3/collections/amazon/aws/versions/"
    one = {"version": version, "href": f"{versions}{version}/"}
    details = {
        **one,
        "namespace": {"name": "amazon"},
        "collection": {"name": "aws"},
        "name": "aws",
        "artifact": {"sha256": hashlib.sha256(tarball).hexdigest(), "size": len(tarball)},
        "metadata": {"dependencies": collection["dependencies"]},
        "signatures": [],
    }
    pages = {
        "/api/": {"available_versions": {"v3": "v3/"}},
        "/api/v3/collections/amazon/aws/": {"highest_version": one},
        versions: {"meta": {"count": 1}, "links": {"next": None}, "data": [one]},
        f"{versions}{version}/": details,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/amazon-aws.tar.gz":
                return self._send(200, "application/gzip", tarball)
            page = pages.get(path)
            if page is details:
                page = {**details, "download_url": f"http://{self.headers['Host']}/amazon-aws.tar.gz"}
            return self._send(200 if page else 404, "application/json", json.dumps(page or {}).encode())

        def _send(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    return Handler
