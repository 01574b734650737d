# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small package repository like Docker's: signed by gpg, served over TLS, with fake .debs."""

from __future__ import annotations

import base64
import bz2
import contextlib
import gzip
import hashlib
import lzma
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.sandbox.mirror import deb

DAY = 24 * 3600
_COMPRESS = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress, "": bytes}
# Docker's own version strings, in the format before 23.0 and since.
VERSIONS = {
    "docker-ce-cli": ["5:20.10.9~3-0~ubuntu-jammy", "5:20.10.24~3-0~ubuntu-jammy", "5:27.5.1-1~ubuntu.22.04~jammy"],
    "docker-compose-plugin": ["2.9.0~ubuntu-jammy", "2.40.3-1~ubuntu.22.04~jammy", "5.0.2-1~ubuntu.22.04~jammy"],
    "docker-ce": ["5:27.5.1-1~ubuntu.22.04~jammy"],
}


@dataclass(frozen=True)
class SigningKey:
    """A key pair of gpg in a home of its own."""

    home: str
    fingerprint: str
    armored: bytes
    binary: bytes

    def sign(self, text: str, *options: str) -> bytes:
        return _gpg(self.home, "--local-user", self.fingerprint, *options, "--clearsign", stdin=text.encode())


@contextlib.contextmanager
def signing_key(name: str, *options: str, expiry: str = "never") -> Iterator[SigningKey]:
    """Create a key with further options of gpg; it ends with the block."""
    # gpg-agent's socket must have a short path, so no tmp_path of pytest.
    with tempfile.TemporaryDirectory(prefix="gpg") as home:
        try:
            user = f"{name} <{name}@example.com>"
            new = [*options, "--passphrase", ""]
            _gpg(home, *new, "--quick-generate-key", user, "rsa2048", "cert", expiry)
            listing = _gpg(home, "--with-colons", "--list-keys").decode().splitlines()
            fingerprint = next((line.split(":")[9] for line in listing if line.startswith("fpr")), "")
            # As in Docker's repository, a subkey signs.
            _gpg(home, *new, "--quick-add-key", fingerprint, "rsa2048", "sign", expiry)
            armored, binary = _gpg(home, "--armor", "--export"), _gpg(home, "--export")
            yield SigningKey(home, fingerprint, armored, binary)
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=False)


def _gpg(home: str, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["gpg", "--homedir", home, "--batch", "--quiet", "--no-permission-warning", "--pinentry-mode", "loopback"]
    return subprocess.run([*command, *arguments], input=stdin, capture_output=True, check=True).stdout


@dataclass
class FakeRepository:
    """The files of a repository below root, and the faults of its server.

    faults: end of a path -> the next answers instead of the file. A positive number is a status code; a negative one
    is the number of bytes after which the connection is cut.
    """

    root: Path
    key: SigningKey
    codename: str = "jammy"
    faults: dict[str, list[int]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""
    ca_path: str = ""
    control: dict[str, str] = field(default_factory=dict)
    packing: str = "gz"
    index: str = ".gz"  # suffix of the package index
    by_hash_only: bool = False
    upper_case: bool = False  # whether checksums are written so
    login: tuple[str, str] | None = None  # user name and password that the server needs

    @property
    def dists(self) -> Path:
        return self.root / "ubuntu" / "dists" / self.codename

    def deb(self, name: str, version: str) -> Path:
        return self.dists / "pool" / "stable" / "amd64" / f"{name}_{version.split(':')[-1]}_amd64.deb"

    def build(self, versions: dict[str, list[str]] | None = None, **release: str | None) -> FakeRepository:
        """Write all files; keyword arguments replace fields of the Release, None leaves one out."""
        (self.dists / "pool" / "stable" / "amd64").mkdir(parents=True, exist_ok=True)
        (self.root / "ubuntu" / "gpg").write_bytes(self.key.armored)
        paragraphs = [self._paragraph(name, one) for name, all_of in (versions or VERSIONS).items() for one in all_of]
        index = _COMPRESS[self.index]("\n".join(paragraphs).encode())
        digest = hashlib.sha256(index).hexdigest()
        folder = self.dists / "stable" / "binary-amd64"
        path = folder / "by-hash" / "SHA256" / digest if self.by_hash_only else folder / f"Packages{self.index}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(index)
        self.sign(f" {self._written(digest)} {len(index)} stable/binary-amd64/Packages{self.index}", **release)
        return self

    def _written(self, digest: str) -> str:
        return digest.upper() if self.upper_case else digest

    def sign(self, listing: str, **release: str | None) -> None:
        fields = {
            "Origin": "Docker",
            "Suite": self.codename,
            "Codename": self.codename,
            "Date": formatdate(time.time() - DAY),
            "Architectures": "amd64",
            **release,
        }
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value is not None]
        self.in_release.write_bytes(self.key.sign("\n".join([*lines, "SHA256:", listing, ""])))

    @property
    def in_release(self) -> Path:
        return self.dists / "InRelease"

    def _paragraph(self, name: str, version: str) -> str:
        path = self.deb(name, version)
        text = f"fake {name} {version}\n".encode() * 5000
        fields = {"Package": name, "Version": version, "Architecture": "amd64", **self.control}
        if self.control or not path.exists():  # Another run of gzip gives another file.
            deb.write(path, fields, text, self.packing)
        content = path.read_bytes()
        return (
            f"Package: {name}\nArchitecture: amd64\nVersion: {version}\nDescription: fake\n .\n of {name}\n"
            f"Filename: {path.relative_to(self.root / 'ubuntu')}\nSize: {len(content)}\n"
            f"SHA256: {self._written(hashlib.sha256(content).hexdigest())}\n"
        )

    def fault(self, path: str) -> int:
        return next((answers.pop(0) for end, answers in self.faults.items() if path.endswith(end) and answers), 0)


@contextlib.contextmanager
def served(repository: FakeRepository, certificate: Path | None) -> Iterator[FakeRepository]:
    """Serve the repository on loopback, over TLS if there is a certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(repository))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    repository.url = f"{'https' if certificate else 'http'}://localhost:{server.server_port}"
    repository.ca_path = str(certificate) if certificate else ""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def _handler(repository: FakeRepository) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested = self.headers["Range"]
            repository.requests.append((self.path, requested))
            if repository.login and self.headers["Authorization"] != _basic(*repository.login):
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Bearer realm="mirror"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if self.path in repository.redirects:
                self.send_response(302)
                self.send_header("Location", repository.redirects[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            fault = repository.fault(self.path)
            path = repository.root / self.path.lstrip("/")
            if fault > 0 or not path.is_file():
                self.send_error(fault or 404)
                return
            content = path.read_bytes()
            start = int(requested[len("bytes=") : -1]) if requested else 0
            self.send_response(206 if requested else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content[start : start - fault if fault else None])

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler
