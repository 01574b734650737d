# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script with which local_mode_check runs a container or a job, with a fake docker and a fake SageMaker SDK."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.sandbox import layout, waiting

SCRIPT = layout.ROOT / "roles/local_mode_check/files/trial_run.py"
# It records its arguments, and then does what the test says.
DOCKER = """#!/bin/sh
echo "$*" >> "{calls}"
case "$1" in run) {run} ;; esac
"""
SDK = """
import os, pathlib, subprocess, tarfile
class Estimator:
    def __init__(self, output_path, **_arguments):
        self.output = pathlib.Path(output_path[len("file://"):])
    def fit(self, inputs):
        [source] = inputs.values()
        self.output.mkdir()
        (pathlib.Path.home() / "docker-compose.yaml").touch()
        {fit}
        (self.output / "disk").write_text("overlay 1 1 1 1% /")
        with tarfile.open(self.output / "model.tar.gz", "w:gz") as archive:
            archive.add(source[len("file://"):] + "/secret", "secret")
            archive.add(self.output / "disk", "disk")
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def calls(tmp_path):
    """Return the calls of docker, without the random part of the container's name."""

    def read():
        lines = (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []
        return [" ".join(word for word in line.split() if "local-mode-check-" not in word) for line in lines]

    return read


@pytest.fixture
def start(home, tmp_path):
    """Start the script with a docker whose `run` is a shell script, and an SDK whose `fit` is Python."""

    def start_script(what, seconds=60, run="true", fit="pass"):
        docker = tmp_path / "bin/docker"
        docker.write_text(DOCKER.format(calls=tmp_path / "calls", run=run))
        docker.chmod(0o755)
        sdk = tmp_path / "sdk"
        (sdk / "sagemaker").mkdir(parents=True)
        (sdk / "sagemaker-2.0.dist-info").mkdir()
        (sdk / "sagemaker-2.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: sagemaker\nVersion: 2.0\n")
        (sdk / "sagemaker/__init__.py").touch()
        (sdk / "sagemaker/estimator.py").write_text(SDK.format(fit=fit))
        (sdk / "sagemaker/local.py").write_text("LocalSession = lambda boto_session: type('Session', (), {})()\n")
        (sdk / "boto3.py").write_text("Session = lambda: None\n")
        environment = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "HOME": str(home), "PYTHONPATH": str(sdk)}
        command = [sys.executable, "-c", SCRIPT.read_text(), what, "image", str(seconds)]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    return start_script


def finish(started):
    output, errors = started.communicate(timeout=60)
    return started.returncode, output, errors


RUN_DF = "run --rm --network=sagemaker --entrypoint=df image -Pk /"


def test_a_container(start, calls):
    status, output, _errors = finish(start("container", run="echo overlay"))
    assert (status, output) == (0, "overlay\n")
    assert calls() == [RUN_DF, "rm --force"]


def test_an_image_without_df(start, calls):
    status, _output, _errors = finish(start("container", run='case "$*" in *=df*) exit 127;; esac'))
    assert status == 0
    assert calls() == [RUN_DF, "run --rm --network=sagemaker --entrypoint=true image", "rm --force"]


def test_a_container_that_fails(start):
    status, _output, errors = finish(start("container", run="echo Forbidden >&2; exit 125"))
    assert (status, errors) == (125, "Forbidden\n")


def test_a_container_that_hangs(start, calls):
    status, _output, errors = finish(start("container", seconds=1, run="sleep 600"))
    assert (status, errors) == (124, "The container did not end within 1 seconds.\n")
    assert calls() == [RUN_DF, "rm --force"]


def test_an_ended_session_removes_the_container(start, calls):
    started = start("container", run="sleep 600")
    assert waiting.until(calls, 30)
    started.send_signal(signal.SIGTERM)
    assert finish(started)[0] == 128 + signal.SIGTERM
    assert calls() == [RUN_DF, "rm --force"]


def test_a_job(start, home, calls):
    status, output, errors = finish(start("job"))
    assert (status, output, errors) == (0, "overlay 1 1 1 1% /\n", "")
    assert list(home.iterdir()) == []
    assert [call.split()[0] for call in calls()] == ["compose"]


def test_a_job_that_fails(start, home):
    status, _output, errors = finish(start("job", fit="raise ImportError('Docker Compose is not installed')"))
    assert (status, errors) == (1, "ImportError: Docker Compose is not installed\n")
    assert list(home.iterdir()) == []


def test_a_job_that_hangs(start, home):
    """The SDK's own child is killed with it."""
    (home / "tmp").mkdir()
    fit = "subprocess.run(['sleep', '600'])"
    status, _output, errors = finish(start("job", seconds=3, fit=fit))
    assert (status, errors) == (124, "The job did not end within 3 seconds.\n")
    assert list(home.rglob("*")) == [home / "tmp"]


def test_a_model_without_the_file(start):
    fit = "pathlib.Path(source[len('file://'):], 'secret').write_text('other')"
    status, _output, errors = finish(start("job", fit=fit))
    assert status == 1
    assert "its model does not have the file" in errors
