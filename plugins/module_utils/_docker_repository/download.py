# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Getting files over HTTP(S): proxies of the environment, a private CA, retries, and downloads that resume."""

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
    "From a VPC-only Studio domain there must be a route to it through a NAT gateway (AWS has no endpoint for it) or "
    "a proxy in https_proxy. Without either, make the bundle on a connected machine with the playbook "
    "mlops.studio_local_mode.stage_docker_debs, carry it over and install it with docker_cli_source: staged."
)


class NotFound(PackageError):
    """The server has no such file."""


def check_url(option: str, url: str) -> str:
    """Return a URL without its trailing slash. Raises PackageError unless it is http(s), and for credentials in it."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise PackageError(f"{option} must be an https:// or http:// URL, not {url!r}.")
    if parts.username or parts.password:
        raise PackageError(f"{option} must not hold a user name or password: they would be written into the manifest.")
    return url.rstrip("/")


class Downloader:
    """Fetches files; safe to use from several threads."""

    def __init__(self, ca_path: str | None = None) -> None:
        """Trust the machine's CAs and those of ca_path, a file or a folder. Raises PackageError if it is unreadable."""
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
        """Return a file of at most limit bytes. Raises PackageError, NotFound when the server says 404."""
        return self._with_retries(url, lambda: self._read(url, limit))

    def save(self, url: str, part: Path, size: int, sha256: str) -> None:
        """Bring a file to the path part, going on where an earlier run stopped; when it returns, the content is proven.

        Args:
            url: where the file is.
            part: where it goes; what is there already is taken as its beginning.
            size: bytes it must have.
            sha256: digest it must have.

        Raises PackageError when it cannot be fetched or is not what was promised; OSError when it cannot be written.
        """
        resumes = part.exists()
        self._with_retries(url, lambda: self._fetch_rest(url, part, size))
        if sha256_of(part) == sha256:
            return
        part.unlink()
        if resumes:  # The beginning may have been of another file: once more, from the start.
            self.save(url, part, size, sha256)
            return
        raise PackageError(
            f"{url} is not the file the signed index vouches for (its size or SHA-256 differs). Nothing of it was "
            "kept. A mirror or proxy on the way may hold a damaged or changed copy."
        )

    def _read(self, url: str, limit: int) -> bytes:
        with self._opener.open(url, timeout=_TIMEOUT) as response:
            data = response.read(limit + 1)
            if len(data) > limit:
                raise PackageError(f"{url} is larger than the {limit} bytes expected: something else answers there.")
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
        request = urllib.request.Request(url)  # noqa: S310 - check_url has proven the scheme
        if have:
            request.add_header("Range", f"bytes={have}-")
        with self._opener.open(request, timeout=_TIMEOUT) as response:
            # A server that does not know ranges answers 200 and starts at the beginning.
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
            raise kind(f"{url} answers {error.code} {error.reason}.") from error
        except _NETWORK_ERRORS as error:
            raise PackageError(_explain(url, error)) from error


# socket.timeout is an exception of its own before Python 3.10, which the oldest Studio images have.
_NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, ConnectionError, ssl.SSLError, socket.timeout)


def is_transient(error: Exception) -> bool:
    """Tell whether asking again may help: not after a refusal (4xx), and not when a certificate is not trusted."""
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
            f"The certificate of {urlsplit(url).netloc} is not trusted: {cause.verify_message}. If it is a mirror, or "
            "a proxy that opens TLS, give the file with its CA certificate as ca_path."
        )
    if isinstance(error, urllib.error.URLError):
        return f"Cannot reach {url}: {cause}. {_WITHOUT_INTERNET}"
    return f"The download of {url} broke off: {cause}. Run again: it goes on where it stopped."


def _copy(response: http.client.HTTPResponse, file: Any, limit: int) -> None:
    while limit > 0:
        block = response.read(min(_BLOCK, limit))
        if not block:
            return
        file.write(block)
        limit -= len(block)
