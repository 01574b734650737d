# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox app has what a SageMaker Distribution app has."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import app, containers, engine, images, layout, sdk, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker.models.containers import Container

pytestmark = pytest.mark.xdist_group("sandbox_app")


@pytest.fixture(scope="module")
def studio_app() -> Iterator[Container]:
    """An app of this test process, with the SDK."""
    world.up(["mirror", "app"])
    container = app.create(f"app-test-{os.getpid()}", mounts=sdk.mounts(), environment={"EXTRA": "given"})
    yield container
    container.remove(force=True)


def shell(container: Container, script: str) -> str:
    result = containers.shell(container, script, app.USER)
    assert result.exit_code == 0, result.output.decode()
    return result.output.decode().strip()


@pytest.mark.parametrize(
    ("script", "output"),
    [
        pytest.param("id -u; id -g; id -un", "1000\n100\nsagemaker-user", id="user"),
        pytest.param("sudo -n id -un", "root", id="sudo without password"),
        pytest.param("command -v python3 python", "/opt/conda/bin/python3\n/opt/conda/bin/python", id="conda first"),
        pytest.param(
            "ls /usr/bin/python* 2>&1 | wc -l; ls /usr/bin | grep -c python || true", "1\n0", id="no system Python"
        ),
        pytest.param("python3 -c 'import sys; print(sys.prefix)'", "/opt/conda", id="prefix"),
        pytest.param(
            "echo $DOCKER_HOST $DOCKER_BUILDKIT $HOME", "unix:///docker/proxy.sock 0 /home/sagemaker-user", id="env"
        ),
        pytest.param("echo $EXTRA", "given", id="environment of the caller"),
        pytest.param(
            ". /etc/os-release; echo $ID $VERSION_ID $VERSION_CODENAME", "ubuntu 22.04 jammy", id="os-release"
        ),
        pytest.param("command -v docker || echo none", "none", id="no docker"),
        pytest.param(
            "cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null || true", "", id="no apt source"
        ),
        pytest.param(
            "tr '\\0' '\\n' < /proc/1/environ | grep ^DOCKER_HOST", "DOCKER_HOST=unix:///docker/proxy.sock", id="pid 1"
        ),
        pytest.param("stat -c %U:%G ~", "sagemaker-user:users", id="home"),
    ],
)
def test_looks_like_studio(studio_app: Container, script: str, output: str) -> None:
    assert shell(studio_app, script) == output


def test_engine_answers_the_user(studio_app: Container) -> None:
    version = json.loads(shell(studio_app, "curl -sSf --unix-socket /docker/proxy.sock http://engine/v1.41/version"))
    assert version["Version"] == engine.client().version()["Version"]


def test_sdk_detects_studio(studio_app: Container) -> None:
    script = "python3 -c 'from sagemaker.local.utils import check_for_studio; print(check_for_studio())' 2> /dev/null"
    assert shell(studio_app, script).splitlines()[-1] == "True"


def test_nothing_outlives_an_app_without_home(studio_app: Container) -> None:
    name = f"{studio_app.name}-restarted"
    shell(app.create(name), "touch ~/kept")
    try:
        assert shell(app.create(name), "ls ~") == ""
    finally:
        engine.client().containers.get(name).remove(force=True)


IN_THE_DEMO_APP = [sys.executable, "-m", "tests.sandbox", "shell"]


def test_a_command_in_the_demo_app_has_standard_input_and_exit_status(studio_app: Container) -> None:
    script = "id -un; pwd; echo $DOCKER_HOST; command -v python3; cat; exit 7"
    command = [*IN_THE_DEMO_APP, "bash", "-c", script]
    done = subprocess.run(command, cwd=layout.ROOT, input="given", capture_output=True, text=True, check=False)
    assert done.stdout.split() == [
        "sagemaker-user",
        "/home/sagemaker-user",
        "unix:///docker/proxy.sock",
        "/opt/conda/bin/python3",
        "given",
    ]
    assert done.returncode == 7, done.stderr


def test_a_shell_in_the_demo_app_has_a_terminal(studio_app: Container) -> None:
    ours, terminal = pty.openpty()
    with subprocess.Popen(IN_THE_DEMO_APP, cwd=layout.ROOT, stdin=terminal, stdout=terminal, stderr=terminal) as shell:
        os.write(ours, b"test -t 0 && echo it has a $(tty); exit 3\n")
        os.close(terminal)
        printed = b""
        try:
            while chunk := os.read(ours, 4096):
                printed += chunk
        except OSError:  # Linux has no end of file for a terminal.
            pass
    os.close(ours)
    assert b"it has a /dev/pts/" in printed, printed
    assert shell.returncode == 3


def test_demo_app_has_its_home_at_the_same_path_for_the_engine(studio_app: Container) -> None:
    (layout.APP_HOME / "in-home").write_text("seen")
    mounts = ["/home/sagemaker-user/in-home:/seen:ro"]
    container = engine.client().containers.run(images.JOB.tag, ["cat", "/seen"], volumes=mounts, detach=True)
    try:
        # Only then read the log: engine 20.10 may end a log that is followed before the last lines are in it.
        assert container.wait()["StatusCode"] == 0
        assert container.logs() == b"seen"
    finally:
        container.remove(force=True)
    (layout.APP_HOME / "in-home").unlink()
    assert (layout.APP_HOME.stat().st_uid, layout.APP_HOME.stat().st_gid) == (1000, 100)


def test_job_image_trains_a_model(studio_app: Container) -> None:
    """The training program without the SDK: it reads its channel and writes its model."""
    script = """
        mkdir -p /opt/ml/input/data/training /opt/ml/model
        printf 'x,y\\n0,1\\n2,5\\n' > /opt/ml/input/data/training/points.csv
        train"""
    container = engine.client().containers.run(images.JOB.tag, ["sh", "-c", script], detach=True, network="none")
    try:
        assert container.wait()["StatusCode"] == 0
        archive = b"".join(container.get_archive("/opt/ml/model/model.json")[0])
    finally:
        container.remove(force=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        model = json.load(tar.extractfile("model.json"))
    assert model == {"slope": 2.0, "intercept": 1.0, "rmse": 0.0, "points": 2}
