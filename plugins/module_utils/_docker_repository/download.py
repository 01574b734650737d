# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Download files over HTTP(S): proxies, a private CA, credentials, time limits, retries and resumption."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from ansible.module_utils.api import generate_jittered_backoff, retry_with_delays_and_condition
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import connection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.credentials import (
    Login,
    LoginHandler,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.deadline import Deadline

# Seconds for one file, whatever its size.
_GET_TIMEOUT = 120
_SAVE_TIMEOUT = 600
_RETRIES = 3
_URL = re.compile(r"[!-~]+")
_BLOCK = 1 << 16
_WITHOUT_INTERNET = (
    "A VPC-only Studio domain needs a NAT gateway or a proxy in https_proxy, because AWS has no VPC endpoint for it. "
    "Without either, run mlops.studio_local_mode.stage_docker_debs on a machine with internet access, and install with "
    "docker_cli_source: staged."
)
_LOG_IN = (
    " Set repository_username and repository_password in docker_deb_bundle, or add the host to ~/.netrc of the user "
    "who runs it."
)


class NotFound(PackageError):
    """The server has no such file."""


def check_url(option: str, url: str) -> str:
    """Return a URL without its trailing slash. Raises PackageError unless it is http(s) without credentials."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0 and _URL.fullmatch(url)
    except ValueError:  # a malformed port or IPv6 address
        valid = False
    if not valid:
        raise PackageError(f"{option} must be an https:// or http:// URL, not {_without_login(url)!r}.")
    if parts.username or parts.password:
        raise PackageError(
            f"{option} must not contain a user name or password, because it is written into the manifest. Set "
            "repository_username and repository_password instead, or use ~/.netrc."
        )
    return url.rstrip("/")


class Downloader:
    """Download files; usable from several threads."""

    def __init__(self, ca_path: str | None = None, logins: Iterable[Login] = ()) -> None:
        """Trust the machine's CAs and those in ca_path, a file or folder. Raises PackageError if it is unreadable.

        Args:
            ca_path: file or folder of CA certificates.
            logins: user names and passwords by URL.
        """
        self._tls = ssl.create_default_context()
        if ca_path:
            try:
                is_folder = Path(ca_path).is_dir()
                self._tls.load_verify_locations(**{"capath" if is_folder else "cafile": ca_path})
            except OSError as error:
                raise PackageError(f"Cannot read CA certificates from ca_path {ca_path}: {error}.") from error
        self._logins = tuple(logins)

    def get(self, url: str, limit: int) -> bytes:
        """Return a file of at most limit bytes. Raises PackageError; NotFound for a 404."""
        deadline = Deadline(_GET_TIMEOUT)
        return self._with_retries(url, deadline, lambda: self._read(url, limit, deadline))

    def save(self, url: str, part: Path, size: int, sha256: str) -> None:
        """Download a file to the path part, resuming an earlier download, and verify its content.

        Args:
            url: of the file.
            part: the path to write; an existing file is taken as the beginning of the content.
            size: expected, in bytes.
            sha256: expected digest.

        Raises PackageError if it cannot be downloaded or has other content, OSError if it cannot be written.
        """
        deadline = Deadline(_SAVE_TIMEOUT)
        with own_files.open_own(part) as file:
            resumes = file.seek(0, os.SEEK_END) > 0
            self._with_retries(url, deadline, lambda: self._read_rest(url, file, size, deadline))
            if resumes and _sha256(file) != sha256:  # The beginning may belong to another file: start again.
                file.truncate(0)
                self._with_retries(url, deadline, lambda: self._read_rest(url, file, size, deadline))
            if _sha256(file) == sha256:
                return
        part.unlink()
        raise PackageError(
            f"{url} differs from the file that the signed index lists (size or SHA-256) and was deleted. A mirror or "
            "proxy may have a damaged or changed copy."
        )

    def _open(self, request: urllib.request.Request, deadline: Deadline) -> Any:
        opener = urllib.request.OpenerDirector()  # build_opener would also follow a redirection to ftp://
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.UnknownHandler(),
            connection.HTTPHandler(deadline),
            connection.HTTPSHandler(deadline, self._tls),
            LoginHandler(self._logins),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            opener.add_handler(handler)
        opener.addheaders = [("User-Agent", "mlops.studio_local_mode")]
        response = opener.open(request)
        deadline.answered()
        return response

    def _read(self, url: str, limit: int, deadline: Deadline) -> bytes:
        data = bytearray()
        with self._open(_request(url), deadline) as response:
            for block in _blocks(response, limit + 1, deadline):
                data += block
        if len(data) > limit:
            raise PackageError(f"{url} is larger than the expected {limit} bytes: the server sent another file.")
        return bytes(data)

    def _read_rest(self, url: str, file: BinaryIO, size: int, deadline: Deadline) -> None:
        have = file.seek(0, os.SEEK_END)
        if have == size:
            return
        if have > size:
            have = file.truncate(0)
        try:
            response = self._open(_request(url, have), deadline)
        except urllib.error.HTTPError as error:
            if error.code != 416 or not have:
                raise
            # The server's file ends before the range: what is here belongs to another file.
            file.truncate(0)
            response = self._open(_request(url), deadline)
        with response:
            if response.status != 206:  # A server without support for ranges sends the whole file.
                file.truncate(0)
            have = file.seek(0, os.SEEK_END)
            for block in _blocks(response, size + 1 - have, deadline):
                file.write(block)
        file.flush()
        missing = size - file.tell()
        if missing > 0:
            raise ConnectionError(f"the connection was closed {missing} bytes before the end")

    def _with_retries(self, url: str, deadline: Deadline, action: Callable[[], Any]) -> Any:
        def may_retry(error: Exception) -> bool:
            return is_transient(error) and deadline.allows_retry()

        backoff = generate_jittered_backoff(retries=_RETRIES, delay_base=2, delay_threshold=10)
        try:
            return retry_with_delays_and_condition(backoff, should_retry_error=may_retry)(action)()
        except PackageError:
            raise
        except urllib.error.HTTPError as error:
            kind = NotFound if error.code == 404 else PackageError
            raise kind(
                f"{url} returned {error.code} {error.reason}.{_LOG_IN if error.code in (401, 403) else ''}"
            ) from error
        except _NETWORK_ERRORS as error:
            raise PackageError(_explain(url, error)) from error
        except ValueError as error:  # a malformed proxy
            raise PackageError(f"Cannot download {url}: {_without_login(str(error))}.{_proxy_of(url)}") from error


# socket.timeout is an exception of its own before Python 3.10, which the oldest images of Studio have.
_NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, ConnectionError, ssl.SSLError, socket.timeout)
_TIMEOUTS = (socket.timeout, TimeoutError)


def is_transient(error: Exception) -> bool:
    """Tell whether a retry may succeed: not after a 4xx answer, a time-out, or with an untrusted certificate."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code >= 500 or error.code in (408, 429)
    cause = _cause(error)
    if isinstance(cause, socket.gaierror):
        return cause.errno == socket.EAI_AGAIN
    if isinstance(cause, (ssl.SSLCertVerificationError, *_TIMEOUTS)):
        return False
    return isinstance(error, _NETWORK_ERRORS)


def _request(url: str, start: int = 0) -> urllib.request.Request:
    request = urllib.request.Request(url)  # noqa: S310 - check_url has checked the scheme
    if start:
        request.add_header("Range", f"bytes={start}-")
    return request


def _blocks(response: http.client.HTTPResponse, limit: int, deadline: Deadline) -> Iterator[bytes]:
    """Yield the content as it arrives, at most limit bytes. Raises ConnectionError if the connection is cut."""
    length = response.headers.get("Content-Length", "")
    expected = int(length) if length.isdecimal() else None
    done = 0
    while done < limit and done != expected:
        # read() would wait for a whole block, however slowly it arrives.
        block = response.read1(min(_BLOCK, limit - done))
        if not block:
            break
        done += len(block)
        deadline.received(len(block))
        yield block
    if expected is not None and done < min(expected, limit):
        raise ConnectionError(f"the connection was closed {expected - done} bytes before the end")


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for block in iter(lambda: file.read(1 << 20), b""):
        digest.update(block)
    return digest.hexdigest()


def _cause(error: BaseException) -> object:
    return error.reason if isinstance(error, urllib.error.URLError) else error


def _explain(url: str, error: Exception) -> str:
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {urlsplit(url).netloc} is not trusted: {cause.verify_message}. If a mirror or a "
            "TLS-inspecting proxy answers there, set ca_path to the file with its CA certificate."
        )
    if isinstance(error, urllib.error.URLError) or isinstance(cause, _TIMEOUTS):
        return f"Cannot download {url}: {_words(cause)}.{_proxy_of(url)} {_WITHOUT_INTERNET}"
    return f"The download of {url} was interrupted: {_words(cause)}.{_proxy_of(url)} Run again to resume it."


def _words(cause: object) -> str:
    text = str(cause)
    return "no data arrived in time" if isinstance(cause, _TIMEOUTS) and text in ("", "timed out") else text


def _proxy_of(url: str) -> str:
    """Return which proxy of the environment was used, without its user name and password."""
    parts = urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if not proxy or urllib.request.proxy_bypass(parts.netloc):
        return ""
    return f" The request used the proxy {_without_login(proxy)} of the environment variable {parts.scheme}_proxy."


def _without_login(url: str) -> str:
    return re.sub(r"^(.*://)?.*@", r"\1", url)
