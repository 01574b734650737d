# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make demo` and `make clean` beside another Docker: the machine is the same before, meanwhile and afterwards.

The sandbox of this checkout must have been up once, as the machine of the test has no network. It is gone afterwards.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import layout, packages, world
from tests.sandbox_tests import machine
from tests.sandbox_tests.machine import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker.models.containers import Container

_SECONDS_BETWEEN_SNAPSHOTS = 3


@pytest.fixture
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    packages.ensure(packages.TOOLS)
    world.down()
    with machine.machine(tmp_path_factory.mktemp("layers")) as words:
        yield words


@pytest.fixture
def others_container(there: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    with machine.others_container(there, tmp_path_factory.mktemp("docker")) as container:
        yield container


def start(there: list[str], target: str, log: Path) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if key != "DOCKER_HOST"}
    with log.open("w") as output:
        command = [*there, f"--wdns={layout.ROOT}", "make", target]
        return subprocess.Popen(command, stdout=output, stderr=output, env=environment)


def test_the_machine_stays_as_it_is(there: list[str], others_container: Container, tmp_path: Path) -> None:
    def run(target: str) -> None:
        """Make the target, and look at the machine meanwhile."""
        log = tmp_path / target
        with start(there, target, log) as making:
            while making.poll() is None:
                assert snapshot(there).lasting() == before.lasting()
                time.sleep(_SECONDS_BETWEEN_SNAPSHOTS)
        assert making.returncode == 0, log.read_text()
        others_container.reload()
        assert others_container.status == "running"

    before = snapshot(there)
    assert "docker0" in {interface["ifname"] for interface in before.interfaces}
    run("demo")
    meanwhile = snapshot(there)
    assert meanwhile.lasting() == before.lasting()
    # They are the AWS endpoint and the relay of the mirror: nobody else reaches them.
    opened = set(meanwhile.sockets) - set(before.sockets)
    assert opened
    assert not [socket for socket in opened if not socket.startswith(("tcp 127.0.0.1:", f"u_str {layout.SANDBOX}/"))]
    run("clean")
    assert snapshot(there) == before
    assert not layout.SANDBOX.exists()
