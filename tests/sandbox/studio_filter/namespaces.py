# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the app behind a connection, and the container whose network namespace its containers join.

With rootless Docker it is not the app: AWS's guide says that ports are then at 172.17.0.1 and not on localhost.
"""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import threading
from pathlib import Path

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from ..namespaces import service as engine_namespaces
from .policy import Policy

ROOTLESS_GATEWAY = "172.17.0.1"
_ROOTLESS_APP = "172.17.0.2"
_PREFIX = 16
_INTERFACE = "rootless0"
# pid, uid and gid (Linux: struct ucred).
_CREDENTIALS = struct.Struct("3i")
_CONTAINER = re.compile(r"[0-9a-f]{64}")


class Namespaces:
    """The network namespaces of the apps of one engine."""

    def __init__(self, engine: Path) -> None:
        self._client = docker.DockerClient(base_url=f"unix://{engine}", version="1.41")
        # Two connections of one app must not both start its gateway.
        self._lock = threading.Lock()

    def of(self, connection: socket.socket, policy: Policy) -> str | None:
        """Return the container to join, None if no app is at the other end: the tests' own processes."""
        identifier = calling_container(connection)
        try:
            app = self._client.containers.get(identifier) if identifier else None
        except NotFound:
            # The sandbox itself is in a container of another engine.
            return None
        if app and policy.rootless and not policy.rootless_ports_on_localhost:
            with self._lock:
                return self._gateway(app).id
        return app.id if app else None

    def _gateway(self, app: Container) -> Container:
        """Return the container at 172.17.0.1, which ends with the app."""
        name = f"{app.name}-rootless"
        try:
            return self._client.containers.get(name)
        except NotFound:
            gateway = self._start_gateway(name, app)
        try:
            _connect(app.attrs["State"]["Pid"], gateway.attrs["State"]["Pid"])
        except subprocess.CalledProcessError:
            gateway.remove(force=True)
            raise
        return gateway

    def _start_gateway(self, name: str, app: Container) -> Container:
        networks = list(app.attrs["NetworkSettings"]["Networks"])
        gateway = self._client.containers.run(
            app.attrs["Image"],
            ["infinity"],
            entrypoint=["sleep"],
            name=name,
            labels=app.labels,
            # In the app's process namespace: it ends with the app.
            pid_mode=f"container:{app.id}",
            network=networks[0] if networks else "none",
            dns=app.attrs["HostConfig"].get("Dns"),
            auto_remove=True,
            detach=True,
        )
        for network in networks[1:]:
            self._client.networks.get(network).connect(gateway)
        gateway.reload()
        return gateway


def calling_container(connection: socket.socket) -> str | None:
    """Return the ID of the container that the other end of a Unix socket runs in."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    try:
        groups = Path(f"/proc/{_CREDENTIALS.unpack(credentials)[0]}/cgroup").read_text()
    except OSError:
        return None
    return container_of(groups)


def container_of(groups: str) -> str | None:
    """Return the ID in a process's /proc/PID/cgroup: of the innermost container."""
    identifiers = _CONTAINER.findall(groups.partition("\n")[0])
    return identifiers[-1] if identifiers else None


def _connect(app: int, gateway: int) -> None:
    """Give two processes' network namespaces a cable, with the addresses of rootless Docker."""
    _in_namespace(app, "link", "add", _INTERFACE, "type", "veth", "peer", "name", _INTERFACE, "netns", str(gateway))
    for process, address in ((app, _ROOTLESS_APP), (gateway, ROOTLESS_GATEWAY)):
        _in_namespace(process, "address", "add", f"{address}/{_PREFIX}", "dev", _INTERFACE)
        _in_namespace(process, "link", "set", _INTERFACE, "up")


def _in_namespace(process: int, *arguments: str) -> None:
    """Run `ip` in the network of a process, whose number is the engine's."""
    command = [*engine_namespaces.entering(), "nsenter", f"--net=/proc/{process}/ns/net", "ip", *arguments]
    subprocess.run(command, check=True)
