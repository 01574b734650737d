# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers on `sagemaker` are where the app is: one localhost, one port table, no names of containers."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import app, containers, engine, images, world
from tests.sandbox.mirror import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_filter")

POLICIES = ("internet", "rootless", "rootless-localhost")
JOB = images.JOB.tag
SERVE = "python3 -m http.server --directory /etc 8080"
# Without -S: what the first attempts say is no failure. A port that nothing listens on refuses at once.
ASK = "curl -s --retry 50 --retry-delay 1 --retry-all-errors -o /dev/null -w '%{http_code}'"
COMPOSE = f"""
mkdir -p ~/compose && cd ~/compose && cat > compose.yml <<'END'
services:
  server:
    image: {JOB}
    command: {SERVE}
    KEY: VALUE
END
"""


@pytest.fixture(scope="module")
def world_with_compose(tmp_path_factory: pytest.TempPathFactory) -> dict[Path | str, str]:
    """The sandbox, and Compose as mounts of an app."""
    world.up(["mirror", "app", "platforms"])
    return unpack.mounts(tmp_path_factory.mktemp("compose"))


@pytest.fixture(scope="module")
def apps(world_with_compose: Mapping[Path | str, str]) -> Iterator[dict[str, Container]]:
    """An app with a CLI for each policy, which decides where its containers' ports are."""
    started = {}
    for policy in POLICIES:
        name = f"network-test-{policy}-{os.getpid()}"
        image = images.APP_DOCKER_27.tag
        started[policy] = app.create(name, image=image, policy=policy, mounts=world_with_compose)
    yield started
    for container in started.values():
        engine.remove_container(container)


def shell(container: Container, script: str) -> str:
    done = containers.shell(container, f"timeout 60 bash -c {shlex.quote(script)}", app.USER)
    assert done.exit_code != 124, f"still waiting after a minute: {script}"
    return done.output.decode().strip()


@pytest.fixture
def server(apps: dict[str, Container], request: pytest.FixtureRequest) -> Iterator[Container]:
    """The app of a policy with a container that serves on port 8080."""
    container = apps[request.param]
    shell(container, f"docker run --detach --name {container.name}-server --network sagemaker {JOB} {SERVE}")
    yield container
    shell(container, f"docker rm --force {container.name}-server")


@pytest.mark.parametrize(
    ("server", "answers", "refuses"),
    [
        ("internet", "localhost", "172.17.0.1"),
        ("rootless", "172.17.0.1", "localhost"),
        ("rootless-localhost", "localhost", "172.17.0.1"),
    ],
    indirect=["server"],
)
def test_where_a_port_is(server: Container, answers: str, refuses: str) -> None:
    assert shell(server, f"{ASK} http://{answers}:8080/hostname") == "200"
    assert "curl: (" in shell(server, f"curl -sS --max-time 3 http://{refuses}:8080/hostname")


@pytest.mark.parametrize("server", ["internet", "rootless"], indirect=True)
def test_one_port_table_and_no_names(server: Container) -> None:
    run = f"docker run --rm --network sagemaker {JOB}"
    assert shell(server, f"{run} {ASK} http://localhost:8080/") == "200"
    assert "Address already in use" in shell(server, f"{run} {SERVE}")
    assert shell(server, f"{run} sh -c 'timeout 2 getent hosts {server.name}-server || echo unknown'") == "unknown"


def test_what_an_app_listens_on_reaches_its_containers(apps: dict[str, Container]) -> None:
    script = f"""
        python3 -m http.server --directory /etc 9090 > /dev/null 2>&1 & server=$!
        docker run --rm --network sagemaker {JOB} {ASK} http://localhost:9090/hostname
        kill $server"""
    assert shell(apps["internet"], script) == "200"


@pytest.mark.parametrize("server", ["internet", "rootless"], indirect=True)
def test_answers_name_the_network(server: Container) -> None:
    name = f"{server.name}-server"
    inspected = json.loads(shell(server, f"docker inspect {name}"))[0]
    assert inspected["HostConfig"]["NetworkMode"] == "sagemaker"
    assert list(inspected["NetworkSettings"]["Networks"]) == ["sagemaker"]
    assert shell(server, f"docker ps --filter name={name} --format '{{{{.Networks}}}}'") == "sagemaker"
    real = engine.client().containers.get(name).attrs["HostConfig"]["NetworkMode"]
    assert real.startswith("container:")


def test_steps_of_a_build_are_where_the_app_is(apps: dict[str, Container]) -> None:
    tag = f"network-test-{os.getpid()}"
    script = f"""
        mkdir -p ~/context && cd ~/context
        printf 'FROM {JOB}\\nRUN curl -sS -o /got http://localhost:9091/hostname && wc -l < /got\\n' > Dockerfile
        python3 -m http.server --directory /etc 9091 > /dev/null 2>&1 & server=$!
        docker build --network sagemaker --tag {tag} --tag {tag}:other . 2>&1 | tail -n 3
        kill $server
        docker rmi {tag} {tag}:other > /dev/null"""
    assert f"Successfully tagged {tag}:other" in shell(apps["internet"], script)


@pytest.mark.parametrize("option", ["--hostname mine", "--expose 8081"])
def test_options_of_an_own_namespace_have_no_effect(apps: dict[str, Container], option: str) -> None:
    run = f"docker run --rm --network sagemaker {option} {JOB} hostname"
    assert shell(apps["internet"], run) == apps["internet"].name


def test_compose(apps: dict[str, Container]) -> None:
    """`network_mode` is what the SDK writes; `networks` needs operations that Studio does not support."""
    mode = COMPOSE.replace("KEY: VALUE", "network_mode: sagemaker")
    script = f"""{mode}
        docker compose up --detach --quiet-pull > /dev/null 2>&1
        {ASK} http://localhost:8080/hostname
        docker compose down --timeout 0 > /dev/null 2>&1"""
    assert shell(apps["internet"], script) == "200"
    external = COMPOSE.replace("KEY: VALUE", "networks: [sagemaker]").replace(
        "END\n", "networks: {sagemaker: {external: true}}\nEND\n", 1
    )
    denied = shell(apps["internet"], f"{external} docker compose up --detach")
    assert "The request for current resource is not allowed on SageMaker Studio." in denied
