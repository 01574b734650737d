# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker engine: an existing one, or a private dockerd of Debian's docker.io (20.10.24, API 1.41)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import docker
from docker.errors import APIError, DockerException

from . import aws_relay, layout, packages, waiting
from .console import SandboxError, run, say
from .studio_filter.policy import OWN_ACCOUNT, TRUSTED_ACCOUNT

if TYPE_CHECKING:
    from docker.models.containers import Container

API_VERSION = "1.41"
NETWORK = "sagemaker"
# Every object of the sandbox has this label with the path of its checkout; the sandbox removes no others.
LABEL = "mlops.studio_local_mode.sandbox"
LABELS = {LABEL: str(layout.ROOT)}

_PID_FILE = layout.ENGINE / "dockerd.pid"
_LOG = layout.ENGINE / "dockerd.log"
# One name per checkout, at most 15 bytes (Linux: IFNAMSIZ), so that two sandboxes do not share a bridge.
_BRIDGE = f"studio-{zlib.crc32(os.fsencode(layout.ROOT)):08x}"
# Another Docker or a firewall may drop forwarded packets, and containers could then not reach each other.
_FORWARDING = ("FORWARD", "--in-interface", _BRIDGE, "--out-interface", _BRIDGE, "--jump", "ACCEPT")
# The stand-in for ECR is the engine's proxy: it has ECR's names, and AWS itself is never asked.
_REGISTRY = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), f"http://{aws_relay.ADDRESS}:{aws_relay.REGISTRY_PORT}")
# sockaddr_un holds 108 bytes, and containerd adds names below the exec root.
_LONGEST_SOCKET_PATH = 100


def client() -> docker.DockerClient:
    """Return a client of the sandbox's engine. Raises SandboxError if it is not up."""
    if not is_up():
        raise SandboxError("The sandbox's engine is not running: python -m tests.sandbox up engine")
    return _connect(layout.ENGINE_SOCKET)


def start() -> None:
    """Provide an engine with API 1.41 and the network `sagemaker` at layout.ENGINE_SOCKET."""
    if not is_up():
        layout.ENGINE.mkdir(parents=True, exist_ok=True)
        _adopt() or _start_private()
    packages.ensure({"docker": "docker.io"})
    networks = client().networks
    if not networks.list(names=[f"^{NETWORK}$"]):
        options = {"com.docker.network.bridge.name": _BRIDGE} if _is_private() else {}
        networks.create(NETWORK, driver="bridge", options=options, labels=LABELS)
    if _is_private() and not _is_forwarding():
        run(["iptables", "--insert", *_FORWARDING])


def stop() -> None:
    """Remove the sandbox's objects from the engine, then stop the engine if it is the private one."""
    if is_up():
        _remove_containers_and_networks()
        if not _is_private():
            _remove_images()
    if _is_private():
        _stop_private()
        if shutil.which("iptables") and _is_forwarding():
            run(["iptables", "--delete", *_FORWARDING])
    layout.ENGINE_SOCKET.unlink(missing_ok=True)


def is_up(socket: Path | None = None) -> bool:
    """Return whether the engine of this sandbox, or of another checkout's, answers."""
    return _answers(socket or layout.ENGINE_SOCKET)


def status() -> str:
    """Describe the engine in a few words."""
    if not is_up():
        return "down"
    version = client().version(api_version=True)
    kind = "private" if _is_private() else f"adopted from {layout.ENGINE_SOCKET.readlink()}"
    return f"up, {version['Version']} (API {version['ApiVersion']}), {kind}"


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


def _connect(socket: Path) -> docker.DockerClient:
    return docker.DockerClient(base_url=f"unix://{socket}", version=API_VERSION, timeout=120)


def _answers(socket: Path) -> bool:
    try:
        return socket.exists() and bool(_connect(socket).version(api_version=True))
    except (DockerException, OSError):
        return False


def _adopt() -> bool:
    """Use an engine of this machine if it supports the API version of Studio's engine."""
    named = os.environ.get("DOCKER_HOST", "").removeprefix("unix://")
    for candidate in (named, "/var/run/docker.sock"):
        if candidate.startswith("/") and _answers(Path(candidate)):
            say(f"use the engine at {candidate}")
            layout.ENGINE_SOCKET.unlink(missing_ok=True)
            layout.ENGINE_SOCKET.symlink_to(candidate)
            return True
    return False


def _is_private() -> bool:
    return not layout.ENGINE_SOCKET.is_symlink()


def _start_private() -> None:
    _check_socket_path()
    packages.ensure(packages.ENGINE_TOOLS)
    # With systemd, installing docker.io has just started an engine.
    if _adopt():
        return
    say("start a private dockerd")
    _PID_FILE.unlink(missing_ok=True)
    configuration = layout.ENGINE / "daemon.json"
    configuration.write_text(json.dumps(_configuration(), indent=2))
    with _LOG.open("w") as log:
        daemon = subprocess.Popen(
            ["dockerd", "--config-file", str(configuration)],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # The PATH without /usr/local/bin, whose Docker may have another containerd and runc.
            env={**os.environ, **_REGISTRY, "PATH": "/usr/bin:/usr/sbin:/bin:/sbin"},
        )
    waiting.until(lambda: daemon.poll() is not None or is_up(), seconds=60)
    if not is_up():
        raise SandboxError(f"dockerd did not start; the end of {_LOG}:\n{_LOG.read_text()[-2000:]}")


def _is_forwarding() -> bool:
    return subprocess.run(["iptables", "--check", *_FORWARDING], capture_output=True, check=False).returncode == 0


def _configuration() -> dict[str, object]:
    return {
        "data-root": str(layout.ENGINE / "data"),
        "exec-root": str(layout.ENGINE / "exec"),
        "hosts": [f"unix://{layout.ENGINE_SOCKET}"],
        "pidfile": str(_PID_FILE),
        # No default bridge and no address translation: the machine's network does not change, and containers reach
        # each other on `sagemaker` but, as in a VPC-only domain without NAT, no other network.
        "bridge": "none",
        "iptables": False,
        "ip-masq": False,
        # Never 172.17.0.0/16, where an app with rootless Docker has its containers.
        "default-address-pools": [{"base": "172.20.0.0/14", "size": 24}],
        "insecure-registries": [aws_relay.registry_host(account) for account in (OWN_ACCOUNT, TRUSTED_ACCOUNT)],
        "shutdown-timeout": 2,
    }


def _check_socket_path() -> None:
    length = len(os.fsencode(layout.ENGINE_SOCKET))
    if length > _LONGEST_SOCKET_PATH:
        raise SandboxError(
            f"{layout.ENGINE_SOCKET} has {length} bytes, which is too long for a socket's path. "
            f"Move the checkout so that at most {_LONGEST_SOCKET_PATH} are needed."
        )


def _remove_containers_and_networks() -> None:
    engine = client()
    own = engine.containers.list(all=True, filters={"label": f"{LABEL}={layout.ROOT}"})
    networks = engine.networks.list(filters={"label": f"{LABEL}={layout.ROOT}"})
    # Also the containers that an app or a test started on the network (a training job, a Molecule host).
    guests = [guest for net in networks for guest in engine.containers.list(all=True, filters={"network": net.name})]
    for container in {container.id: container for container in [*own, *guests]}.values():
        remove_container(container)
    for network in networks:
        network.remove()


def _remove_images() -> None:
    images = client().images
    for image in images.list(filters={"label": f"{LABEL}={layout.ROOT}"}):
        images.remove(image.id, force=True)


def _stop_private() -> None:
    if _PID_FILE.exists():
        pid = int(_PID_FILE.read_text())
        if _is_dockerd(pid):
            say("stop the private dockerd")
            os.kill(pid, signal.SIGTERM)
            waiting.until(lambda: not _is_dockerd(pid), seconds=30)
    _unmount_below(layout.ENGINE)


def _is_dockerd(pid: int) -> bool:
    """Return whether the process is still the daemon, and not a later process with its number."""
    try:
        return str(layout.ENGINE).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _unmount_below(folder: Path) -> None:
    mounted = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for point in sorted((point for point in mounted if point.startswith(f"{folder}/")), reverse=True):
        run(["umount", "--lazy", point])
