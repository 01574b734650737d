# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Docker's real CLI and Compose call, as the filter records it: AWS's table and no more, with few exceptions.

tests/end_to_end has the same for the jobs of the SageMaker SDKs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import app, containers, images, layout, sdk, world
from tests.sandbox.mirror import unpack
from tests.sandbox.studio_filter import operations, service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_filter")

JOB = images.JOB.tag
IN_TABLE = {row.id for row in operations.TABLE}
RUN = f"docker run --network sagemaker {JOB}"
COMPOSE = f"""
mkdir -p ~/compose && cd ~/compose && cat > compose.yml <<'END'
services:
  job:
    build: {{context: ., network: sagemaker}}
    command: COMMAND
    network_mode: sagemaker
END
printf 'FROM {JOB}\\n' > Dockerfile
"""


@pytest.fixture
def studio_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    """An app with a filter of its own, which has recorded nothing yet."""
    world.up(["mirror", "app", "platforms"])
    monkeypatch.setattr(layout, "PROXIES", tmp_path)
    monkeypatch.setattr(service, "_STATE", tmp_path / "filter.json")
    monkeypatch.setattr(service, "_LOG", tmp_path / "filter.log")
    service.start()
    mounts = {**sdk.mounts(), **unpack.mounts(tmp_path / "programs")}
    container = app.create(f"calls-test-{os.getpid()}", image=images.APP_DOCKER_27.tag, mounts=mounts)
    yield container
    container.remove(force=True)
    service.stop()


def calls(container: Container, script: str) -> set[str]:
    """Return what a script has called, which must succeed."""
    done = containers.shell(container, f"set -e\n{script}", app.USER)
    assert done.exit_code == 0, done.output.decode()
    return service.calls("internet")


def test_docker_s_cli(studio_app: Container) -> None:
    script = f"""
        docker version
        {RUN.replace("run", "run --rm", 1)} true
        echo in | {RUN.replace("run", "run --rm -i", 1)} cat
        id=$({RUN.replace("run", "run -d", 1)} sleep 60)
        docker ps; docker logs $id; docker inspect $id; docker stop --time 0 $id; docker start $id; docker kill $id
        docker rm $id; docker container prune --force
        docker images; docker image inspect {JOB}; docker image prune --force
        timeout 1 docker events || true
        mkdir ~/context; cd ~/context; printf 'FROM {JOB}\\nRUN true\\n' > Dockerfile
        docker build --network sagemaker --tag built-by-hand .; docker rmi built-by-hand"""
    assert calls(studio_app, script) <= IN_TABLE


def test_compose(studio_app: Container) -> None:
    """The second `up` recreates the container, because its command is another."""
    once, again = COMPOSE.replace("COMMAND", "'true'"), COMPOSE.replace("COMMAND", "'false'")
    up = "docker compose up --build --abort-on-container-exit"
    script = f"{once} {up}\n{again} {up} || true\ndocker compose ps; docker compose logs; docker compose down"
    assert calls(studio_app, script) - IN_TABLE == {"ContainerRename", "SystemInfo"}
