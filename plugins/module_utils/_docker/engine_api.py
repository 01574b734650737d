# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Probe a Docker engine over HTTP on its socket, and classify the ways in which it fails to answer."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import API_FLOOR

_TCP_PORT = 2375  # Docker's default without TLS
_MAX_RESPONSE = 1 << 20  # bytes; /version has about 1 KB

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

# The first match wins. Before Python 3.10, TimeoutError is named socket.timeout.
_PROBLEMS = (
    ((FileNotFoundError, NotADirectoryError), "no_socket", "No socket exists at {where}."),
    ((PermissionError,), "permission_denied", "Permission denied at {where}."),
    ((ConnectionRefusedError,), "nobody_listening", "No program listens at {where}."),
    ((socket.timeout,), "hanging", "No answer from {where} within {timeout} seconds."),
    (
        (http.client.HTTPException, ConnectionResetError, BrokenPipeError, ValueError),
        "not_docker",
        "The program at {where} does not support Docker's API ({error}).",
    ),
    ((OSError,), "unreachable", "Cannot reach {where}: {error}."),
)


class _Denied(Exception):
    """The engine, or Studio's filter in front of it, denies the request."""


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
    """Return why a DOCKER_HOST is not supported, empty if it is."""
    if socket_path(docker_host) or _tcp_address(docker_host):
        return ""
    return f"{docker_host!r} is not an address such as unix:///docker/proxy.sock or tcp://HOST:PORT (without TLS)."


def probe_engine(docker_host: str | None, timeout: float) -> dict[str, Any]:
    """Return the facts of the engine at a DOCKER_HOST; a failure is in C(problem) and C(error).

    Args:
        docker_host: in the form of Docker's CLI; None or empty if it is not set.
        timeout: seconds to wait for each response.
    """
    facts: dict[str, Any] = {"reachable": False, **dict.fromkeys(_FACTS)}
    if not docker_host:
        return {**facts, "problem": "no_docker_host", "error": "DOCKER_HOST is not set."}
    if address_problem(docker_host):
        return {**facts, "problem": "unsupported_address", "error": address_problem(docker_host)}
    try:
        with contextlib.closing(_connection(docker_host, timeout)) as connection:
            facts["ping_status"] = _request(connection, "_ping")[0].status
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
    host, port = _tcp_address(docker_host) or ("", _TCP_PORT)  # address_problem has rejected the others.
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _tcp_address(docker_host: str) -> tuple[str, int] | None:
    with contextlib.suppress(ValueError):  # a port that is not a number
        address = urlsplit(docker_host)
        if address.scheme == "tcp" and address.hostname:
            return address.hostname, address.port or _TCP_PORT
    return None


def _version(connection: http.client.HTTPConnection) -> dict[str, str]:
    response, body = _request(connection, "version")
    if response.status != 200:
        raise _Denied(f"answers {response.status}: {_message(body)}")
    answer = json.loads(body)
    if not isinstance(answer, dict) or "ApiVersion" not in answer:
        raise ValueError("no ApiVersion in its response")
    return {
        "version": answer.get("Version"),
        "api_version": answer["ApiVersion"],
        "min_api_version": answer.get("MinAPIVersion"),
    }


def _rootless(connection: http.client.HTTPConnection, api_version: str) -> bool | None:
    """Return whether the engine is rootless, by the rule of the SageMaker Python SDK; None if it does not answer."""
    try:
        response, body = _get(connection, f"/v{api_version}/info")
        info = json.loads(body) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        # The next request needs a connection without half of a response.
        connection.close()
        return None
    if not isinstance(info, dict):
        return None
    return info.get("CgroupDriver") == "none" or "name=rootless" in (info.get("SecurityOptions") or ())


def _redirects(connection: http.client.HTTPConnection) -> bool | None:
    """Return whether unversioned paths are redirected, with which docker-py fails; None for any other answer."""
    try:
        return {301: True, 200: False}.get(_get(connection, "/version")[0].status)
    except (OSError, http.client.HTTPException):
        return None


def _request(connection: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Request a path at the documented API version, and at the engine's own if it does not support that one.

    Studio redirects paths without an API version (amazon-sagemaker-feedback#161).
    """
    response, body = _get(connection, f"/v{API_FLOOR}/{path}")
    # An engine that does not support the version answers 400, with its own version in a header.
    own = response.getheader("Api-Version")
    if response.status == 400 and own not in (None, API_FLOOR):
        response, body = _get(connection, f"/v{own}/{path}")
    return response, body


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response, response.read(_MAX_RESPONSE)


def _message(body: bytes) -> str:
    """Return the message of an error in Docker's format. Raises ValueError for any other format."""
    answer = json.loads(body)
    if not isinstance(answer, dict) or "message" not in answer:
        raise ValueError("no message in its error")
    return str(answer["message"])
