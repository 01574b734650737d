# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a sandbox must leave alone: a machine for it, another Docker there, and snapshots of both to compare.

The machine is one in namespaces of its own, so that a test, too, leaves alone the one that it runs on.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException
from docker.models.containers import Container

from tests.sandbox import layout, waiting

SLEEP = "/usr/bin/sleep"
# What the other Docker writes there is not on the machine that the test runs on; the checkout is the same folder. The
# first process is a shell, which waits for the orphans.
_LAYERED = """
mount -t tmpfs tmpfs "$1"
mkdir "$1/checkout"
mount --bind "$2" "$1/checkout"
for folder in /etc /home /opt /run; do
    mkdir -p "$1$folder/upper" "$1$folder/work"
    mount -t overlay overlay -o "lowerdir=$folder,upperdir=$1$folder/upper,workdir=$1$folder/work" "$folder"
done
mount --bind "$1/checkout" "$2"
ip link set lo up
echo ready
sleep infinity &
wait
"""
# Without procps, which a minimal Debian does not have.
_PROCESSES = """
import contextlib, os
from pathlib import Path
for process in Path("/proc").glob("[0-9]*"):
    with contextlib.suppress(OSError):  # It has ended.
        if process.name != str(os.getpid()) and (words := (process / "cmdline").read_bytes()):
            print(process.name, words.replace(b"\\0", b" ").decode())
"""
FOLDERS = ("/home", "/opt", "/etc")
# The rest of the answers, such as times and counters, changes by itself.
_OF_AN_INTERFACE = ("ifname", "address", "mtu", "operstate", "master")


@dataclass(frozen=True)
class Snapshot:
    """The state of a machine."""

    interfaces: list[dict[str, object]]
    routes: str
    firewall: str
    forwarding: str
    mounts: list[str]
    files: list[str]
    control_groups: list[str]
    sockets: list[str]
    processes: list[str]

    def lasting(self) -> dict[str, object]:
        """What is the same even while a sandbox runs, which has processes, sockets and control groups."""
        of_the_sandbox = {"processes", "sockets", "control_groups"}
        return {key: value for key, value in vars(self).items() if key not in of_the_sandbox}


def snapshot(there: Sequence[str] = ()) -> Snapshot:
    """Return the state of this machine, or of one whose namespaces the words enter."""

    def run(*command: str) -> str:
        return subprocess.run([*there, *command], check=True, capture_output=True, text=True).stdout

    interfaces = json.loads(run("ip", "-json", "address"))
    described = [
        {
            **{key: interface.get(key) for key in _OF_AN_INTERFACE},
            "addresses": [address["local"] for address in interface["addr_info"] if address["family"] == "inet"],
        }
        for interface in interfaces
    ]
    found = run("find", *FOLDERS, "-xdev", "-printf", "%p %m %u %T@ %l\\n")
    return Snapshot(
        interfaces=described,
        routes=run("ip", "-4", "route", "show", "table", "all"),
        firewall="\n".join(line for line in run("iptables-save").splitlines() if not line.startswith((":", "#"))),
        forwarding=run("cat", "/proc/sys/net/ipv4/ip_forward"),
        mounts=sorted(line.split()[1] for line in run("cat", "/proc/self/mounts").splitlines()),
        files=sorted(found.splitlines()),
        control_groups=sorted(map(str, Path("/sys/fs/cgroup").glob("*/studio-*"))),
        sockets=_listening(run("ss", "--listening", "--no-header", "--numeric", "--tcp", "--udp", "--unix")),
        processes=sorted(run(sys.executable, "-c", _PROCESSES).splitlines()),
    )


def _listening(listed: str) -> list[str]:
    """Return protocol and address of each socket of a list of ss, which has those of datagrams only for a moment."""
    sockets = (line.split() for line in listed.splitlines())
    return sorted({f"{socket[0]} {socket[4]}" for socket in sockets if socket[0] != "u_dgr"})


@contextmanager
def machine(layers: Path) -> Iterator[list[str]]:
    """A machine with loopback only; yields the words that run a command on it."""
    command = ["unshare", "--mount", "--net", "--pid", "--mount-proc", "--fork", "--kill-child"]
    with subprocess.Popen(
        [*command, "sh", "-euc", _LAYERED, "sh", layers, layout.ROOT], stdout=subprocess.PIPE, text=True
    ) as holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == "ready\n"
        first = Path(f"/proc/{holding.pid}/task/{holding.pid}/children").read_text().strip()
        yield ["nsenter", "--mount", "--net", "--pid", f"--target={first}"]
        holding.kill()


@contextmanager
def other_docker(there: list[str], folder: Path) -> Iterator[docker.DockerClient]:
    """Another Docker on the machine, with its default bridge."""
    socket = folder / "docker.sock"
    command = ["dockerd", f"--data-root={folder}/data", f"--exec-root={folder}/exec", f"--pidfile={folder}/pid"]
    environment = {**os.environ, "PATH": "/usr/bin:/usr/sbin:/bin:/sbin"}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [*there, *command, f"--host=unix://{socket}"], stdout=log, stderr=log, env=environment
        ) as daemon,
    ):
        client = docker.DockerClient(base_url=f"unix://{socket}", version="1.41")

        def answers() -> bool:
            try:
                return bool(client.ping())
            except (DockerException, OSError):
                return daemon.poll() is not None

        waiting.until(answers, seconds=60)
        assert daemon.poll() is None, (folder / "log").read_text()[-2000:]
        yield client
        # nsenter passes no signal on.
        subprocess.run([*there, "sh", "-c", f"kill $(cat {folder}/pid)"], check=True)
        daemon.wait(timeout=60)


@contextmanager
def others_container(there: list[str], folder: Path) -> Iterator[Container]:
    """A container that runs in another Docker of the machine, on its default bridge."""
    with other_docker(there, folder) as client:
        client.api.import_image_from_data(root_with(SLEEP), repository="other", tag="1")
        container = client.containers.run("other:1", [SLEEP, "infinity"], detach=True)
        yield container
        container.remove(force=True)


def root_with(program: str) -> bytes:
    """Return the archive of a file system with one program and its libraries."""
    said = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    libraries = {word for line in said.splitlines() for word in line.split() if word.startswith("/")}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", dereference=True) as tar:
        for file in (program, *libraries):
            tar.add(file)
    return archive.getvalue()
