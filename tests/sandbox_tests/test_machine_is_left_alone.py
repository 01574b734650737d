# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox starts, works and stops beside another Docker: its machine is the same before, meanwhile and afterwards.

tests/demo compares it around `make demo` and `make clean`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import docker
import pytest

from tests.sandbox import layout, waiting, world
from tests.sandbox_tests import machine
from tests.sandbox_tests.machine import SLEEP, root_with, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_machine")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A machine with loopback only: the words that run a command on it."""
    # Its tools are installed.
    world.up(["engine"])
    with machine.machine(tmp_path_factory.mktemp("layers")) as words:
        yield words


@pytest.fixture(scope="module")
def others_container(there: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    with machine.others_container(there, tmp_path_factory.mktemp("docker")) as container:
        yield container


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
    client.api.import_image_from_data(root_with(SLEEP), repository="own", tag="1")
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


def test_the_machine_stays_as_it_is(there: list[str], others_container, checkout: Path) -> None:
    before = snapshot(there)
    assert "docker0" in {interface["ifname"] for interface in before.interfaces}
    sandbox(there, checkout, "up", "engine")
    work(checkout)
    meanwhile = snapshot(there)
    assert meanwhile.lasting() == before.lasting()
    others_container.reload()
    assert others_container.status == "running"
    sandbox(there, checkout, "down")
    assert snapshot(there) == before
    assert processes_of(checkout) == []
    others_container.reload()
    assert others_container.status == "running"


def test_nothing_remains_of_a_killed_sandbox(there: list[str], checkout: Path) -> None:
    before = snapshot(there)
    sandbox(there, checkout, "up", "engine")
    work(checkout)
    supervisor = json.loads((checkout / ".sandbox/engine/namespaces.json").read_text())["pid"]
    subprocess.run([*there, "sh", "-c", f"kill -KILL {supervisor}"], check=True)
    assert waiting.until(lambda: not [line for line in processes_of(checkout) if "dockerd" in line], seconds=20)
    sandbox(there, checkout, "down")
    assert snapshot(there) == before
    assert processes_of(checkout) == []
    # A new one starts where that one ended.
    sandbox(there, checkout, "up", "engine")
    sandbox(there, checkout, "down")


def test_without_the_capability_the_message_says_so(there: list[str], checkout: Path) -> None:
    command = [*there, f"--wdns={checkout}", "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]
    done = subprocess.run(
        [*command, sys.executable, "-m", "tests.sandbox", "up", "engine"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "The sandbox may not make namespaces" in done.stderr


def test_an_installation_finds_no_systemd(there: list[str]) -> None:
    """What follows `[ -d /run/systemd/system ]` in Debian's maintainer scripts starts services."""
    prepare = "mkdir -p /run/systemd/system; touch /run/systemd/other"
    subprocess.run([*there, "sh", "-c", prepare], check=True)
    command = [*there, f"--wdns={layout.ROOT}", sys.executable, "-m", "tests.sandbox.namespaces.without_systemd"]
    listed = subprocess.run([*command, "ls", "/run/systemd"], capture_output=True, text=True, check=True).stdout.split()
    assert "other" in listed
    assert "system" not in listed
