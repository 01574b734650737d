# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker's real client through the filter: allowed calls work as without it, denied calls fail as in Studio.

The unit tests of the operations test which calls are denied.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import app, engine, images, layout, world
from tests.sandbox.studio_filter import service
from tests.sandbox.studio_filter.policy import POLICIES
from tests.sandbox.studio_filter.proxy import StudioProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_filter")

JOB = images.JOB.tag
RUN = f"docker run --rm --network sagemaker {JOB}"
DENIED = 'Error response from daemon: {"message":"'
FORBIDDEN = f"{DENIED}Forbidden. Reason: "
NETWORK_DENIED = "[ContainerCreate] SageMaker Studio Docker Usage only allows 'sagemaker' as network input"
NOT_ALLOWED = f"{DENIED}The request for current resource is not allowed on SageMaker Studio."


@pytest.fixture(scope="module")
def apps() -> Iterator[dict[str, Container]]:
    """An app with a CLI for each policy."""
    world.up(["app", "platforms"])
    started = {}
    for policy in POLICIES:
        name = f"filter-test-{policy}-{os.getpid()}"
        started[policy] = app.create(name, image=images.APP_DOCKER_27.tag, policy=policy)
    yield started
    for container in started.values():
        container.remove(force=True)


def shell(container: Container, script: str) -> str:
    # The engine separates the two streams: only one of them keeps its order.
    done = container.exec_run(["timeout", "60", "bash", "-c", f"exec 2>&1\n{script}"], user=app.USER)
    assert done.exit_code != 124, f"still waiting after a minute: {script}"
    return done.output.decode().strip()


def test_streams_in_both_directions_end_separately(apps: dict[str, Container]) -> None:
    """The end of stdin reaches the container before the container's output."""
    script = f"seq 100000 | {RUN.replace('run', 'run -i')} sh -c 'wc -l; echo after'"
    assert shell(apps["internet"], script) == "100000\nafter"


def test_an_app_that_has_closed_its_half_still_gets_the_output(tmp_path: Path) -> None:
    """As the CLI does without stdin. Only the filter keeps a reference to such a connection."""

    async def attach_in_engine(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        assert await reader.read() == b""
        gc.collect()
        writer.write(b"output")
        writer.close()

    async def attach() -> bytes:
        engine_socket, app_socket = tmp_path / "engine", tmp_path / "app"
        proxy = StudioProxy(engine_socket, POLICIES["internet"], log=print, record=print)
        await asyncio.start_unix_server(attach_in_engine, engine_socket)
        await asyncio.start_unix_server(proxy.serve, app_socket)
        reader, writer = await asyncio.open_unix_connection(app_socket)
        request = b"POST /v1.41/containers/x/attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
        writer.write(request)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), timeout=30)

    assert asyncio.run(attach()) == b"output"


def test_logs_arrive_as_they_are_written(apps: dict[str, Container]) -> None:
    """The container continues only after the app has read its first line, and then listens where the container asks.

    The app removes it after its last line: engine 20.10 ends the stream with the container and loses its last lines.
    """
    listen = "import socket; socket.create_server(('localhost', 9092)).accept()"
    connect = "import socket; socket.create_connection(('localhost', 9092))"
    loop = f'echo first; until python3 -c "{connect}" 2> /dev/null; do sleep 0.1; done; echo second; sleep infinity'
    name = f"logs-{os.getpid()}"
    script = f"""
        docker run --detach --name {name} --network sagemaker {JOB} sh -c {shlex.quote(loop)} > /dev/null
        docker logs --follow {name} | while read line; do
            echo "$line"
            case "$line" in
            first) python3 -c "{listen}" & ;;
            second) docker rm --force {name} > /dev/null ;;
            esac
        done"""
    assert shell(apps["internet"], script) == "first\nsecond"


def test_a_closed_connection_is_closed_to_the_engine(apps: dict[str, Container]) -> None:
    script = f"timeout 1 docker events > /dev/null; {RUN} echo done"
    assert shell(apps["internet"], script) == "done"


def test_a_large_context_is_built(apps: dict[str, Container]) -> None:
    """In a VPC-only domain the filter reads the context first, for its base images."""
    tag = f"filter-test-{os.getpid()}"
    script = f"""
        mkdir -p ~/context && cd ~/context && head --bytes=5M /dev/urandom > large
        printf 'ARG BASE\\nFROM $BASE\\nCOPY large /large\\nRUN wc -c < /large\\n' > Dockerfile
        docker build --network sagemaker --tag {tag} --build-arg BASE={JOB} . 2>&1 | grep -x 5242880
        printf 'FROM scratch\\nCOPY large /\\n' > Dockerfile
        docker build --network sagemaker --tag {tag} --quiet . 2>&1 | tail -n 1
        docker rmi {tag} > /dev/null"""
    assert re.fullmatch(r"5242880\nsha256:[0-9a-f]{64}", shell(apps["internet"], script))
    built, denied = shell(apps["vpc-only"], script).split("\n", 1)
    assert built == "5242880"
    assert "[ValidateVPCOnlyModeImage] Image scratch is not an ECR Image." in denied


def test_denials_have_the_reported_messages(apps: dict[str, Container]) -> None:
    script = f"""
        docker run --rm {JOB} true
        docker network inspect sagemaker
        docker tag {JOB} other; docker cp x:/etc .; docker volume ls
        id=$(docker run --detach --rm --network sagemaker {JOB} sleep 60); docker exec $id true; docker rm --force $id
        mkdir -p ~/empty && cd ~/empty && touch Dockerfile && docker build ."""
    said = shell(apps["internet"], script)
    assert f"docker: {FORBIDDEN}{NETWORK_DENIED}" in said
    assert said.count(NOT_ALLOWED) == 5
    assert "[ImageBuild] 'sagemaker' is the only user allowed network input" in said


def test_only_a_versioned_path_is_answered(apps: dict[str, Container]) -> None:
    ask = "curl -sS -o /dev/null -w '%{http_code}\\n' --unix-socket /docker/proxy.sock http://docker"
    script = f"{ask}/version; {ask}/v1.41/version; {ask}/_ping"
    assert shell(apps["internet"], script).split() == ["301", "200", "200"]


@pytest.mark.parametrize(("policy", "driver"), [("vpc-only", "cgroupfs|systemd"), ("rootless", "none")])
def test_cgroup_driver(apps: dict[str, Container], policy: str, driver: str) -> None:
    assert re.fullmatch(driver, shell(apps[policy], "docker info --format '{{.CgroupDriver}}'"))


@pytest.fixture
def app_behind_its_own_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    """An app with its own filter, which can be stopped without an effect on other tests."""
    monkeypatch.setattr(layout, "PROXIES", tmp_path)
    monkeypatch.setattr(service, "_STATE", tmp_path / "filter.json")
    monkeypatch.setattr(service, "_LOG", tmp_path / "filter.log")
    service.start()
    container = app.create(f"filter-test-own-{os.getpid()}", image=images.APP_DOCKER_27.tag)
    yield container
    container.remove(force=True)
    service.stop()


def test_running_apps_use_a_restarted_filter(app_behind_its_own_filter: Container) -> None:
    service.stop()
    assert "Cannot connect to the Docker daemon" in shell(app_behind_its_own_filter, "docker version")
    assert service.status() == "down"
    service.start()
    assert shell(app_behind_its_own_filter, f"{RUN} echo again") == "again"


def test_the_host_s_tools_bypass_the_filter(apps: dict[str, Container]) -> None:
    assert engine.client().networks.get("sagemaker").name == "sagemaker"
