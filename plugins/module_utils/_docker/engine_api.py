# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Asks a Docker engine who it is, over HTTP on its socket, and tells apart the ways in which it does not answer."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import API_FLOOR

_TCP_PORT = 2375  # Docker's own default without TLS
_LONGEST_ANSWER = 1 << 20  # bytes; /version takes about 1 KB

_FACTS = (
    "ping_status",
    "version",
    "api_version",
    "min_api_version",
    "unversioned_redirect",
    "rootless",
    "problem",
    "error",
)

# First match wins. socket.timeout is TimeoutError's name before Python 3.10.
_PROBLEMS = (
    ((FileNotFoundError, NotADirectoryError), "no_socket", "There is no socket at {where}."),
    ((PermissionError,), "permission_denied", "Permission denied at {where}."),
    ((ConnectionRefusedError,), "nobody_listening", "Nobody listens at {where}."),
    ((socket.timeout,), "hanging", "No answer from {where} within {timeout} seconds."),
    (
        (http.client.HTTPException, ConnectionResetError, BrokenPipeError, ValueError),
        "not_docker",
        "What listens at {where} does not speak Docker's API ({error}).",
    ),
    ((OSError,), "unreachable", "Cannot reach {where}: {error}."),
)


class _Denied(Exception):
    """The engine, or the filter before it, says no."""


class _UnixConnection(http.client.HTTPConnection):
    """HTTP on a unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("docker", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def socket_path(docker_host: str | None) -> str | None:
    """Return the path in a DOCKER_HOST such as C(unix:///docker/proxy.sock), None where it is no unix socket."""
    scheme, _separator, path = (docker_host or "").partition("://")
    return path if scheme == "unix" and path else None


def address_problem(docker_host: str) -> str:
    """Return why a DOCKER_HOST cannot be asked, or nothing."""
    if socket_path(docker_host) or _tcp_address(docker_host):
        return ""
    return f"{docker_host!r} is no address such as unix:///docker/proxy.sock or tcp://HOST:PORT (without TLS)."


def probe_engine(docker_host: str | None, timeout: float) -> dict[str, Any]:
    """Return what the engine at a DOCKER_HOST says of itself; what goes wrong is in C(problem) and C(error).

    Args:
        docker_host: as Docker's CLI takes it; None or empty when it is not set.
        timeout: seconds to wait for each answer.
    """
    facts: dict[str, Any] = {"reachable": False, **dict.fromkeys(_FACTS)}
    if not docker_host:
        return {**facts, "problem": "no_docker_host", "error": "DOCKER_HOST is not set."}
    if address_problem(docker_host):
        return {**facts, "problem": "unsupported_address", "error": address_problem(docker_host)}
    try:
        with contextlib.closing(_connection(docker_host, timeout)) as connection:
            facts["ping_status"] = _ask(connection, "_ping")[0].status
            facts = {**facts, "reachable": True, **_version(connection)}
            rootless = _rootless(connection, facts["api_version"])
            return {**facts, "rootless": rootless, "unversioned_redirect": _redirects(connection)}
    except _Denied as denial:
        alive = "is alive but " if facts["ping_status"] == 200 else ""
        return {**facts, "problem": "denied", "error": f"The engine at {docker_host} {alive}{denial}."}
    except (OSError, http.client.HTTPException, ValueError) as error:
        problem, text = next((name, text) for kinds, name, text in _PROBLEMS if isinstance(error, kinds))
        return {**facts, "problem": problem, "error": text.format(where=docker_host, timeout=timeout, error=error)}


def _connection(docker_host: str, timeout: float) -> http.client.HTTPConnection:
    path = socket_path(docker_host)
    if path:
        return _UnixConnection(path, timeout)
    host, port = _tcp_address(docker_host) or ("", _TCP_PORT)  # address_problem has refused the others.
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _tcp_address(docker_host: str) -> tuple[str, int] | None:
    with contextlib.suppress(ValueError):  # a port that is no number
        address = urlsplit(docker_host)
        if address.scheme == "tcp" and address.hostname:
            return address.hostname, address.port or _TCP_PORT
    return None


def _version(connection: http.client.HTTPConnection) -> dict[str, str]:
    response, body = _ask(connection, "version")
    if response.status != 200:
        raise _Denied(f"answers {response.status}: {_message(body)}")
    answer = json.loads(body)
    if not isinstance(answer, dict) or "ApiVersion" not in answer:
        raise ValueError("no ApiVersion in its answer")
    return {
        "version": answer.get("Version"),
        "api_version": answer["ApiVersion"],
        "min_api_version": answer.get("MinAPIVersion"),
    }


def _rootless(connection: http.client.HTTPConnection, api_version: str) -> bool | None:
    """Tell whether the engine is rootless, as the SageMaker Python SDK does; None when it does not say."""
    try:
        response, body = _get(connection, f"/v{api_version}/info")
        info = json.loads(body) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    if not isinstance(info, dict):
        return None
    return info.get("CgroupDriver") == "none" or "name=rootless" in (info.get("SecurityOptions") or ())


def _redirects(connection: http.client.HTTPConnection) -> bool | None:
    """Tell whether unversioned paths are redirected, over which docker-py stumbles; None when there is no answer."""
    try:
        return _get(connection, "/version")[0].status == 301
    except (OSError, http.client.HTTPException):
        return None


def _ask(connection: http.client.HTTPConnection, what: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask at the documented API version, and at the engine's own when it cannot speak that one.

    Without a version in the path Studio answers 301 (amazon-sagemaker-feedback#161).
    """
    response, body = _get(connection, f"/v{API_FLOOR}/{what}")
    # An engine too old or too new for the version asked for says 400, and in a header which one it speaks.
    own = response.getheader("Api-Version")
    if response.status == 400 and own not in (None, API_FLOOR):
        response, body = _get(connection, f"/v{own}/{what}")
    return response, body


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response, response.read(_LONGEST_ANSWER)


def _message(body: bytes) -> str:
    """Return the reason in Docker's form of an error. Raises ValueError for any other form."""
    answer = json.loads(body)
    if not isinstance(answer, dict) or "message" not in answer:
        raise ValueError("no message in its error")
    return str(answer["message"])
