# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Download files over HTTP(S) with the environment's proxies, a private CA, retries and resumption."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.api import generate_jittered_backoff, retry_with_delays_and_condition
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_TIMEOUT = 30  # Seconds for connecting, and for each read.
_RETRIES = 3
_BLOCK = 1 << 16
_WITHOUT_INTERNET = (
    "A VPC-only Studio domain needs a NAT gateway or a proxy in https_proxy, because AWS has no VPC endpoint for it. "
    "Without either, run mlops.studio_local_mode.stage_docker_debs on a machine with internet access, and install with "
    "docker_cli_source: staged."
)


class NotFound(PackageError):
    """The server has no such file."""


def check_url(option: str, url: str) -> str:
    """Return a URL without its trailing slash. Raises PackageError unless it is http(s) without credentials."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise PackageError(f"{option} must be an https:// or http:// URL, not {url!r}.")
    if parts.username or parts.password:
        raise PackageError(
            f"{option} must not contain a user name or password, because it is written into the manifest."
        )
    return url.rstrip("/")


class Downloader:
    """Download files; usable from several threads."""

    def __init__(self, ca_path: str | None = None) -> None:
        """Trust the machine's CAs and those in ca_path, a file or folder. Raises PackageError if it is unreadable."""
        context = ssl.create_default_context()
        if ca_path:
            try:
                is_folder = Path(ca_path).is_dir()
                context.load_verify_locations(**{"capath" if is_folder else "cafile": ca_path})
            except OSError as error:
                raise PackageError(f"Cannot read CA certificates from ca_path {ca_path}: {error}.") from error
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
        self._opener.addheaders = [("User-Agent", "mlops.studio_local_mode")]

    def get(self, url: str, limit: int) -> bytes:
        """Return a file of at most limit bytes. Raises PackageError; NotFound for a 404."""
        return self._with_retries(url, lambda: self._read(url, limit))

    def save(self, url: str, part: Path, size: int, sha256: str) -> None:
        """Download a file to the path part, resuming an earlier download, and verify its content.

        Args:
            url: of the file.
            part: the path to write; an existing file is taken as the beginning of the content.
            size: expected, in bytes.
            sha256: expected digest.

        Raises PackageError if it cannot be downloaded or has other content, OSError if it cannot be written.
        """
        resumes = part.exists()
        self._with_retries(url, lambda: self._fetch_rest(url, part, size))
        if sha256_of(part) == sha256:
            return
        part.unlink()
        if resumes:  # The beginning may belong to another file: start again.
            self.save(url, part, size, sha256)
            return
        raise PackageError(
            f"{url} differs from the file that the signed index lists (size or SHA-256) and was deleted. A mirror or "
            "proxy may have a damaged or changed copy."
        )

    def _read(self, url: str, limit: int) -> bytes:
        with self._opener.open(url, timeout=_TIMEOUT) as response:
            data = response.read(limit + 1)
            if len(data) > limit:
                raise PackageError(f"{url} is larger than the expected {limit} bytes: the server sent another file.")
            if response.length:
                raise ConnectionError(f"the connection was closed {response.length} bytes before the end")
        return data

    def _fetch_rest(self, url: str, part: Path, size: int) -> None:
        have = part.stat().st_size if part.exists() else 0
        if have == size:
            return
        if have > size:
            part.unlink()
            have = 0
        request = urllib.request.Request(url)  # noqa: S310 - check_url has checked the scheme
        if have:
            request.add_header("Range", f"bytes={have}-")
        with self._opener.open(request, timeout=_TIMEOUT) as response:
            # A server without support for ranges answers 200 and sends the whole file.
            mode = "ab" if response.status == 206 else "wb"
            with part.open(mode) as file:
                _copy(response, file, size + 1 - file.tell())
        missing = size - part.stat().st_size
        if missing > 0:
            raise ConnectionError(f"the connection was closed {missing} bytes before the end")

    def _with_retries(self, url: str, action: Callable[[], Any]) -> Any:
        backoff = generate_jittered_backoff(retries=_RETRIES, delay_base=2, delay_threshold=10)
        try:
            return retry_with_delays_and_condition(backoff, should_retry_error=is_transient)(action)()
        except PackageError:
            raise
        except urllib.error.HTTPError as error:
            kind = NotFound if error.code == 404 else PackageError
            raise kind(f"{url} returned {error.code} {error.reason}.") from error
        except _NETWORK_ERRORS as error:
            raise PackageError(_explain(url, error)) from error


# socket.timeout is an exception of its own before Python 3.10, which the oldest images of Studio have.
_NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, ConnectionError, ssl.SSLError, socket.timeout)


def is_transient(error: Exception) -> bool:
    """Tell whether a retry may succeed: not after a 4xx answer, and not with an untrusted certificate."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code >= 500 or error.code in (408, 429)
    if isinstance(_cause(error), ssl.SSLCertVerificationError):
        return False
    return isinstance(error, _NETWORK_ERRORS)


def _cause(error: Exception) -> object:
    return error.reason if isinstance(error, urllib.error.URLError) else error


def _explain(url: str, error: Exception) -> str:
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {urlsplit(url).netloc} is not trusted: {cause.verify_message}. If a mirror or a "
            "TLS-inspecting proxy answers there, set ca_path to the file with its CA certificate."
        )
    if isinstance(error, urllib.error.URLError):
        return f"Cannot reach {url}: {cause}. {_WITHOUT_INTERNET}"
    return f"The download of {url} was interrupted: {cause}. Run again to resume it."


def _copy(response: http.client.HTTPResponse, file: Any, limit: int) -> None:
    while limit > 0:
        block = response.read(min(_BLOCK, limit))
        if not block:
            return
        file.write(block)
        limit -= len(block)
