# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other apps of the sandbox have what the images of Studio have, as far as the tests need it."""

from __future__ import annotations

import io
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import app, containers, engine, images, layout, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_platforms")

TOO_NEW = "API version 1.41 is not supported by this client: the minimum supported API version is 1.44"


@pytest.fixture(scope="module")
def platform() -> Iterator[Callable[[images.Recipe], Container]]:
    """Apps of this test process, one for each image."""
    world.up(["mirror", "platforms"])
    started: dict[str, Container] = {}

    def start(image: images.Recipe) -> Container:
        if image.tag not in started:
            name = f"platform-test-{os.getpid()}-{len(started)}"
            started[image.tag] = app.create(name, image=image.tag)
        return started[image.tag]

    yield start
    for container in started.values():
        container.remove(force=True)


def shell(container: Container, script: str) -> tuple[int, list[str]]:
    """Run a script as the app's user; return its exit status and output."""
    done = containers.shell(container, script)
    return done.exit_code, done.output.decode().splitlines()


@pytest.mark.parametrize(
    ("image", "user", "system"),
    [
        pytest.param(images.NOBLE, "sagemaker-user", "ubuntu noble", id="noble"),
        pytest.param(images.CLASSIC_FOCAL, "root", "ubuntu focal", id="focal"),
        pytest.param(images.CLASSIC_BULLSEYE, "root", "debian bullseye", id="bullseye"),
    ],
)
def test_user_and_system(platform: Callable, image: images.Recipe, user: str, system: str) -> None:
    script = ". /etc/os-release; echo $ID $VERSION_CODENAME; id -un; echo ~; echo $DOCKER_HOST"
    home = "/root" if user == "root" else f"/home/{user}"
    assert shell(platform(image), script) == (0, [system, user, home, "unix:///docker/proxy.sock"])


@pytest.mark.parametrize("image", [images.CLASSIC_FOCAL, images.CLASSIC_BULLSEYE], ids=["focal", "bullseye"])
def test_classic_has_neither_sudo_nor_docker(platform: Callable, image: images.Recipe) -> None:
    assert shell(platform(image), "command -v sudo docker") == (1, [])


def test_bullseye_is_debian_s(platform: Callable) -> None:
    script = "ls -d /opt/conda 2> /dev/null; command -v python3; python3 --version; getconf GNU_LIBC_VERSION"
    assert shell(platform(images.CLASSIC_BULLSEYE), script) == (0, ["/usr/bin/python3", "Python 3.9.2", "glibc 2.31"])


@pytest.mark.parametrize(
    ("image", "version"),
    [
        pytest.param(images.APP_DOCKER_27, "27.5.1", id="jammy"),
        pytest.param(images.NOBLE_DOCKER_29, "29.7.1", id="noble"),
    ],
)
def test_conda_docker_is_compatible_and_has_no_compose(platform: Callable, image: images.Recipe, version: str) -> None:
    container = platform(image)
    script = "command -v docker; docker --version; docker version --format '{{.Client.Version}} {{.Server.APIVersion}}'"
    status, (path, introduction, versions) = shell(container, script)
    assert (status, path, versions) == (0, "/opt/conda/bin/docker", f"{version} 1.41")
    assert introduction.startswith(f"Docker version {version}, build ")
    assert shell(container, "docker ps --quiet --last 1")[0] == 0
    assert shell(container, "docker compose version")[1][0] == "docker: 'compose' is not a docker command."


@pytest.mark.parametrize("command", ["version", "ps", "run --rm busybox", "compose up"])
def test_a_docker_that_is_too_new_rejects_the_engine(platform: Callable, command: str) -> None:
    container = platform(images.NOBLE_DOCKER_TOO_NEW)
    assert shell(container, "docker --version") == (0, ["Docker version 29.1.3, build stand-in"])
    status, printed = shell(container, f"docker {command}")
    assert (status, printed[-1]) == (1, TOO_NEW)


@pytest.mark.parametrize("version", ["20.10.5", "20.10.24", "28.5.2"])
def test_mirror_s_programs_run_on_the_real_bullseye(platform: Callable, version: str) -> None:
    """They need a newer C library than bullseye's, and include it; Docker's programs are linked statically."""
    container = platform(images.CLASSIC_BULLSEYE)
    pool = layout.MIRROR_REPOSITORY / "linux/debian/dists/bullseye/pool/stable/amd64"
    debs = [next(pool.glob(f"docker-ce-cli_{version}*.deb")), next(pool.glob("docker-compose-plugin_2.*.deb"))]
    put(container, debs)
    status, said = shell(container, f"cd /root && dpkg --install {' '.join(deb.name for deb in debs)} 2>&1")
    assert status == 0, said
    script = "docker compose version; docker version --format '{{.Client.Version}} {{.Server.APIVersion}}'"
    status, (compose, versions) = shell(container, script)
    assert (status, compose) == (0, "Docker Compose version v2.26.1")
    assert versions.replace("+dfsg1", "") == f"{version} 1.41"


def put(container: Container, files: list[Path]) -> None:
    """Copy files to the home of root."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in files:
            archive.add(file, file.name)
    assert container.put_archive("/root", buffer.getvalue())


def test_a_second_build_builds_nothing(platform: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    platform(images.NOBLE)
    monkeypatch.setattr(images.recipe.Recipe, "build", lambda *_: pytest.fail("built again"))
    before = {image.tag: engine.client().images.get(image.tag).id for image in images.PLATFORMS}
    world.up(["platforms"])
    assert {tag: engine.client().images.get(tag).id for tag in before} == before
