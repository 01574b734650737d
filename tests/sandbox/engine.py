# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker engine: Debian's dockerd (20.10.24, API 1.41), in namespaces of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import docker
from docker.errors import APIError, DockerException

from . import aws_relay, layout, packages, waiting
from .console import SandboxError, say
from .namespaces import service as namespaces
from .studio_filter.policy import OWN_ACCOUNT, TRUSTED_ACCOUNT

if TYPE_CHECKING:
    from docker.models.containers import Container
    from requests import Response

API_VERSION = "1.41"
NETWORK = "sagemaker"
# Every object of the sandbox has this label with the path of its checkout; the sandbox removes no others.
LABEL = "mlops.studio_local_mode.sandbox"
LABELS = {LABEL: str(layout.ROOT)}

_PID_FILE = layout.ENGINE / "dockerd.pid"
_LOG = layout.ENGINE / "dockerd.log"
_CGROUPS = Path("/sys/fs/cgroup")
# Its own, so that the directories that remain of it can be removed.
_CGROUP = f"studio-{zlib.crc32(os.fsencode(layout.ROOT)):08x}"
# The stand-in for ECR is the engine's proxy: it has ECR's names, and AWS itself is never asked.
_REGISTRY = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), f"http://{aws_relay.ADDRESS}:{aws_relay.REGISTRY_PORT}")
# sockaddr_un holds 108 bytes, and containerd adds names below the exec root.
_LONGEST_SOCKET_PATH = 100


class _Socket:
    """The connection of a response, with what the response has read ahead of its body."""

    def __init__(self, response: Response) -> None:
        self._reader = response.raw._fp.fp
        self._sock = self._reader.raw._sock  # whose timeout docker-py disables
        self._response = response  # Without a reference to it, the connection is closed.

    def fileno(self) -> int:
        return self._reader.fileno()

    def recv(self, size: int) -> bytes:
        return self._reader.read1(size)


class _Api(docker.APIClient):
    """The API without the loss of an output that arrives together with its response's headers: docker-py#3332."""

    def _get_raw_response_socket(self, response: Response) -> _Socket:
        self._raise_for_status(response)
        return _Socket(response)


def client() -> docker.DockerClient:
    """Return a client of the sandbox's engine. Raises SandboxError if it is not up."""
    if not is_up():
        raise SandboxError("The sandbox's engine is not running: python -m tests.sandbox up engine")
    return _connect()


def start() -> None:
    """Start an engine with the network `sagemaker` at layout.ENGINE_SOCKET, unless it is up."""
    if is_up() and not namespaces.port():
        raise SandboxError(f"An engine of an earlier checkout runs. End it first: kill $(cat {_PID_FILE})")
    if not is_up():
        _start_daemon()
    networks = client().networks
    if not networks.list(names=[f"^{NETWORK}$"]):
        networks.create(NETWORK, driver="bridge", labels=LABELS)


def stop() -> None:
    """Remove the containers and networks, then end the engine and its namespaces."""
    if is_up():
        _remove_containers_and_networks()
    namespaces.stop()
    _remove_cgroups()
    layout.ENGINE_SOCKET.unlink(missing_ok=True)


def is_up() -> bool:
    """Return whether the engine answers."""
    try:
        return layout.ENGINE_SOCKET.exists() and bool(_connect().version(api_version=True))
    except (DockerException, OSError):
        return False


def status() -> str:
    """Describe the engine in a few words."""
    if not is_up():
        return "down"
    version = client().version(api_version=True)
    return f"up, {version['Version']} (API {version['ApiVersion']})"


def remove_container(container: Container) -> None:
    """Remove a container with its volumes and, if it is an app, the containers in its network namespace."""
    for other in container.client.containers.list(all=True, sparse=True):
        if other.attrs["HostConfig"]["NetworkMode"] == f"container:{container.id}":
            _remove(other)
    _remove(container)


def _remove(container: Container) -> None:
    try:
        container.remove(force=True, v=True)
    except APIError as error:
        # One that removes itself, such as the gateway of a rootless app, may be gone or going.
        if error.status_code not in (404, 409):
            raise


def _connect() -> docker.DockerClient:
    options = {"base_url": f"unix://{layout.ENGINE_SOCKET}", "version": API_VERSION, "timeout": 120}
    connected = docker.DockerClient(**options)
    connected.api = _Api(**options)
    return connected


def _start_daemon() -> None:
    _check_paths()
    packages.ensure(packages.ENGINE_TOOLS)
    say("start a private dockerd")
    # What an engine that was killed has left: a process number of its namespace is another process's in a new one.
    namespaces.stop()
    shutil.rmtree(layout.ENGINE / "exec", ignore_errors=True)
    for left in (_PID_FILE, layout.ENGINE_SOCKET):
        left.unlink(missing_ok=True)
    layout.ENGINE.mkdir(parents=True, exist_ok=True)
    configuration = layout.ENGINE / "daemon.json"
    configuration.write_text(json.dumps(_configuration(), indent=2))
    # The PATH without /usr/local/bin, whose Docker may have another containerd and runc.
    environment = {**os.environ, **_REGISTRY, "PATH": "/usr/bin:/usr/sbin:/bin:/sbin"}
    daemon = namespaces.start(["dockerd", "--config-file", str(configuration)], _LOG, environment)
    waiting.until(lambda: daemon.poll() is not None or is_up(), seconds=120)
    if not is_up():
        raise SandboxError(f"dockerd did not start; the end of {_LOG}:\n{_LOG.read_text()[-2000:]}")


def _configuration() -> dict[str, object]:
    return {
        "data-root": str(layout.ENGINE / "data"),
        "exec-root": str(layout.ENGINE / "exec"),
        "hosts": [f"unix://{layout.ENGINE_SOCKET}"],
        "pidfile": str(_PID_FILE),
        # No default bridge and no address translation: containers reach each other on `sagemaker` but, as in a VPC-only
        # domain without NAT, no other network.
        "bridge": "none",
        "iptables": False,
        "ip-masq": False,
        # Not in /etc, and not by the machine's systemd.
        "deprecated-key-path": str(layout.ENGINE / "key.json"),
        "cgroup-parent": f"/{_CGROUP}",
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        # Never 172.17.0.0/16, where an app with rootless Docker has its containers.
        "default-address-pools": [{"base": "172.20.0.0/14", "size": 24}],
        "insecure-registries": [aws_relay.registry_host(account) for account in (OWN_ACCOUNT, TRUSTED_ACCOUNT)],
        "shutdown-timeout": 2,
    }


def _check_paths() -> None:
    length = len(os.fsencode(layout.ENGINE_SOCKET))
    if length > _LONGEST_SOCKET_PATH:
        raise SandboxError(
            f"{layout.ENGINE_SOCKET} has {length} bytes, which is too long for a socket's path. "
            f"Move the checkout so that at most {_LONGEST_SOCKET_PATH} are needed."
        )
    if layout.ROOT.is_relative_to(layout.HOME):
        raise SandboxError(
            f"{layout.HOME} is the home of the sandbox's app. Move the checkout {layout.ROOT} out of it."
        )


def _remove_containers_and_networks() -> None:
    engine = client()
    for container in engine.containers.list(all=True):
        _remove(container)
    for network in engine.networks.list(filters={"label": f"{LABEL}={layout.ROOT}"}):
        network.remove()


def _remove_cgroups() -> None:
    """Remove the empty control groups of the containers: of version 2, and of each controller of version 1."""
    for top in [*_CGROUPS.glob(_CGROUP), *_CGROUPS.glob(f"*/{_CGROUP}")]:
        for folder, _, _ in os.walk(top, topdown=False):
            # Removed by the engine meanwhile.
            with contextlib.suppress(FileNotFoundError):
                Path(folder).rmdir()
