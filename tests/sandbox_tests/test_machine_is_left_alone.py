# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox starts, works and stops beside another Docker: its machine is the same before, meanwhile and afterwards.

The machine is one in namespaces of its own, so that the test, too, leaves alone the one that it runs on.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import docker
import pytest
from docker.errors import DockerException

from tests.sandbox import layout, waiting, world
from tests.sandbox_tests.machine import Snapshot, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("sandbox_machine")

SLEEP = "/usr/bin/sleep"


# Beside the network: what the other Docker writes there is not on the machine that the test runs on.
LAYERED = """
mount -t tmpfs tmpfs "$1"
for folder in /etc /home /opt /run; do
    mkdir -p "$1$folder/upper" "$1$folder/work"
    mount -t overlay overlay -o "lowerdir=$folder,upperdir=$1$folder/upper,workdir=$1$folder/work" "$folder"
done
ip link set lo up
echo ready
exec sleep infinity
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A machine with loopback only; yields the words that run a command on it."""
    # Its tools are installed.
    world.up(["engine"])
    layers = tmp_path_factory.mktemp("layers")
    command = ["unshare", "--mount", "--net", "sh", "-euc", LAYERED, "sh", layers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holding:
        assert holding.stdout.readline() == "ready\n"
        yield ["nsenter", "--mount", "--net", f"--target={holding.pid}"]
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
        daemon.terminate()
        daemon.wait(timeout=60)


@pytest.fixture(scope="module")
def others_container(
    machine: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[docker.models.containers.Container]:
    """A container that runs in the other Docker, on its default bridge."""
    with other_docker(machine, tmp_path_factory.mktemp("docker")) as client:
        client.api.import_image_from_data(_root_with(SLEEP), repository="other", tag="1")
        container = client.containers.run("other:1", [SLEEP, "infinity"], detach=True)
        yield container
        container.remove(force=True)


def _root_with(program: str) -> bytes:
    """Return the archive of a file system with one program and its libraries."""
    said = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    libraries = {word for line in said.splitlines() for word in line.split() if word.startswith("/")}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", dereference=True) as tar:
        for file in (program, *libraries):
            tar.add(file)
    return archive.getvalue()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another checkout, with a sandbox of its own."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(layout.SOURCES, folder / "tests" / "sandbox")
    (folder / "tests" / "__init__.py").touch()
    return folder


def sandbox(there: list[str], checkout: Path, *arguments: str) -> str:
    """Run a command of the other checkout's sandbox on the machine."""
    command = [*there, f"--wdns={checkout}", sys.executable, "-m", "tests.sandbox", *arguments]
    environment = {key: value for key, value in os.environ.items() if key != "DOCKER_HOST"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def work(checkout: Path) -> None:
    """Do in the sandbox's engine what changed a machine: mounts of the SDK's paths, a network with a container."""
    client = docker.DockerClient(base_url=f"unix://{checkout}/.sandbox/engine/docker.sock", version="1.41")
    client.api.import_image_from_data(_root_with(SLEEP), repository="own", tag="1")
    binds = ["/home/sagemaker-user/job:/opt/ml/input", "/opt/ml/metadata:/opt/ml/metadata"]
    client.containers.run("own:1", [SLEEP, "infinity"], network="sagemaker", volumes=binds, detach=True)
    assert (checkout / ".sandbox/app/home/job").is_dir()


def processes_of(checkout: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(checkout).encode() in (process / "cmdline").read_bytes():
                found.append((process / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return found


def test_the_machine_stays_as_it_is(machine: list[str], others_container, checkout: Path) -> None:
    before = snapshot(machine)
    assert "docker0" in {interface["ifname"] for interface in before.interfaces}
    sandbox(machine, checkout, "up", "engine")
    work(checkout)
    meanwhile = snapshot(machine)
    assert without_control_groups(meanwhile) == without_control_groups(before)
    others_container.reload()
    assert others_container.status == "running"
    sandbox(machine, checkout, "down")
    assert snapshot(machine) == before
    assert processes_of(checkout) == []
    others_container.reload()
    assert others_container.status == "running"


def test_nothing_remains_of_a_killed_sandbox(machine: list[str], checkout: Path) -> None:
    before = snapshot(machine)
    sandbox(machine, checkout, "up", "engine")
    work(checkout)
    supervisor = json.loads((checkout / ".sandbox/engine/namespaces.json").read_text())["pid"]
    os.kill(supervisor, signal.SIGKILL)
    assert waiting.until(lambda: not [line for line in processes_of(checkout) if "dockerd" in line], seconds=20)
    sandbox(machine, checkout, "down")
    assert snapshot(machine) == before
    assert processes_of(checkout) == []
    # A new one starts where that one ended.
    sandbox(machine, checkout, "up", "engine")
    sandbox(machine, checkout, "down")


def without_control_groups(state: Snapshot) -> dict[str, object]:
    """Return the state without the directories that the containers of a running sandbox have."""
    return {key: value for key, value in vars(state).items() if key != "control_groups"}


def test_without_the_capability_the_message_says_so(machine: list[str], checkout: Path) -> None:
    command = [*machine, f"--wdns={checkout}", "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]
    done = subprocess.run(
        [*command, sys.executable, "-m", "tests.sandbox", "up", "engine"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "The sandbox may not make namespaces" in done.stderr


def test_an_installation_finds_no_systemd(machine: list[str]) -> None:
    """What follows `[ -d /run/systemd/system ]` in Debian's maintainer scripts starts services."""
    prepare = "mkdir -p /run/systemd/system; touch /run/systemd/other"
    subprocess.run([*machine, "sh", "-c", prepare], check=True)
    command = [*machine, f"--wdns={layout.ROOT}", sys.executable, "-m", "tests.sandbox.namespaces.without_systemd"]
    listed = subprocess.run([*command, "ls", "/run/systemd"], capture_output=True, text=True, check=True).stdout.split()
    assert "other" in listed
    assert "system" not in listed
