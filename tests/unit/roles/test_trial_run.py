# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script with which local_mode_check runs a container or a job, with a fake docker and a fake SageMaker SDK."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

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
# The local client of both SDKs. The endpoint is a server of the SDK's own thread, as that of a container is.
LOCAL = """
import pathlib, subprocess, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def do_POST(self):
        self.send_response(415)
        self.end_headers()
    def log_message(self, *_arguments):
        pass
class Client:
    def create_processing_job(self, ProcessingInputs, ProcessingOutputConfig, **_arguments):
        source = ProcessingInputs[0]["S3Input"]["S3Uri"][len("file://"):]
        target = ProcessingOutputConfig["Outputs"][0]["S3Output"]["S3Uri"][len("file://"):]
        {process}
    def create_model(self, name, container):
        assert container["ModelDataUrl"].startswith("file://")
    def create_endpoint_config(self, name, variants):
        pass
    def create_endpoint(self, name, config):
        {serve}
    def host(self):
        threading.Thread(target=HTTPServer(("localhost", {port}), Handler).serve_forever, daemon=True).start()
    def end(self):
        import time
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.process = subprocess.Popen(["sh", "-c", "echo no serve >&2"], stderr=subprocess.PIPE)
        thread.start()
        time.sleep(60)
LocalSession = lambda boto_session: type("Session", (), {{"sagemaker_client": Client()}})()
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
def port():
    """Return a port that is free: 8080 may be another program's here."""
    with socket.create_server(("localhost", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def unreachable():
    """Return a URL that does not answer: Linux drops the packets to a listener whose queue is full."""
    with contextlib.ExitStack() as sockets:
        server = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _attempt in range(3):
            client = sockets.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def start(home, tmp_path, port):
    """Start the script with a docker whose `run` is a shell script, and an SDK whose `fit` is Python."""

    def start_script(what, seconds=60, run="true", fit="pass", process="pass", serve="self.host()", **variables):
        docker = tmp_path / "bin/docker"
        docker.write_text(DOCKER.format(calls=tmp_path / "calls", run=run))
        docker.chmod(0o755)
        sdk = tmp_path / "sdk"
        (sdk / "sagemaker").mkdir(parents=True, exist_ok=True)
        (sdk / "sagemaker-2.0.dist-info").mkdir(exist_ok=True)
        (sdk / "sagemaker-2.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: sagemaker\nVersion: 2.0\n")
        (sdk / "sagemaker/__init__.py").touch()
        (sdk / "sagemaker/estimator.py").write_text(SDK.format(fit=fit))
        (sdk / "sagemaker/local.py").write_text(LOCAL.format(process=process, serve=serve, port=port))
        (sdk / "boto3.py").write_text("Session = lambda: None\n")
        environment = {
            "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
            "HOME": str(home),
            "PYTHONPATH": str(sdk),
            "AWS_ENDPOINT_URL": "http://localhost",  # where telemetry could connect
            **variables,
        }
        script = SCRIPT.read_text().replace("PORT = 8080", f"PORT = {port}")
        script = script.replace("/proc/1/environ", str(tmp_path / "environ"))
        command = [sys.executable, "-c", script, what, "image", str(seconds)]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    return start_script


def finish(started):
    output, errors = started.communicate(timeout=600)
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
    status, output, errors = finish(start("training"))
    assert (status, output, errors) == (0, "overlay 1 1 1 1% /\n", "")
    assert list(home.iterdir()) == []
    assert [call.split()[0] for call in calls()] == ["compose"]


def test_a_job_that_fails(start, home):
    status, _output, errors = finish(start("training", fit="raise ImportError('Docker Compose is not installed')"))
    assert (status, errors) == (1, "ImportError: Docker Compose is not installed\n")
    assert list(home.iterdir()) == []


def test_a_job_that_hangs(start, home):
    """The SDK's own child is killed with it, and the output until then is kept."""
    (home / "tmp").mkdir()
    fit = "print('log'); subprocess.run(['sleep', '600'])"
    status, output, errors = finish(start("training", seconds=3, fit=fit))
    assert (status, output, errors) == (124, "log\n", "The training job did not end within 3 seconds.\n")
    assert list(home.rglob("*")) == [home / "tmp"]


def test_an_endpoint_of_aws_without_a_route(start, unreachable):
    """A VPC without the endpoint drops the packets. By default, boto3 would wait for longer than the job may take."""
    fit = "import botocore.session as s; s.get_session().create_client('ecr').get_authorization_token()"
    variables = {"AWS_ENDPOINT_URL": unreachable, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    status, _output, errors = finish(start("training", seconds=30, fit=fit, AWS_MAX_ATTEMPTS="1", **variables))
    assert (status, errors) == (1, f'ConnectTimeoutError: Connect timeout on endpoint URL: "{unreachable}/"\n')


def test_a_session_has_the_credentials_and_the_region_of_the_app(start, tmp_path):
    """Studio sets them for the app's first process, and a session over ssh lacks them."""
    studio = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/studio", "AWS_REGION": "eu-west-1", "PATH": "/other"}
    (tmp_path / "environ").write_text("".join(f"{name}={value}\0" for name, value in studio.items()))
    names = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_DEFAULT_REGION", "PATH"]
    fit = f"print(*(os.environ[name] for name in {names}))"
    _status, output, _errors = finish(start("training", fit=fit))
    assert output.splitlines()[0] == f"/studio eu-west-1 {tmp_path}/bin:{os.environ['PATH']}"
    _status, output, _errors = finish(start("training", fit=fit, AWS_DEFAULT_REGION="eu-west-2"))
    assert output.startswith("/studio eu-west-2 ")


def test_a_model_without_the_file(start):
    fit = "pathlib.Path(source[len('file://'):], 'secret').write_text('other')"
    status, _output, errors = finish(start("training", fit=fit))
    assert status == 1
    assert "its model does not have the file" in errors


def test_a_processing_job(start, home):
    copy = "pathlib.Path(target, 'secret').write_text(pathlib.Path(source, 'secret').read_text())"
    status, output, errors = finish(start("processing", process=copy))
    assert (status, output, errors) == (0, "", "")
    assert list(home.iterdir()) == []


def test_an_output_without_the_file(start):
    status, _output, errors = finish(start("processing"))
    assert status == 1
    assert "its output does not have the file" in errors


def test_an_endpoint(start, home, port):
    status, output, errors = finish(start("endpoint"))
    assert (status, errors) == (0, "")
    assert output == f"localhost:{port} answers /ping with 200, /invocations with 415\n"
    assert list(home.iterdir()) == []


def test_a_container_of_an_endpoint_that_ends(start, home):
    """The SDK would wait for two minutes, and never print the errors of Compose."""
    status, _output, errors = finish(start("endpoint", serve="self.end()"))
    assert status == 1
    assert "no serve" in errors
    assert "ZeroDivisionError" in errors
    assert "The container of the endpoint ended before /ping answered." in errors
    assert list(home.iterdir()) == []


def test_an_endpoint_that_does_not_answer(start):
    status, _output, errors = finish(start("endpoint", serve="raise RuntimeError('Giving up')"))
    assert (status, errors) == (1, "RuntimeError: Giving up\n")


def test_a_taken_port_names_who_has_it(start, port):
    with socket.create_server(("localhost", port)):
        status, _output, errors = finish(start("endpoint"))
    name = Path("/proc/self/comm").read_text().strip()
    assert (status, errors) == (
        1,
        f"RuntimeError: Port {port} is taken by the process {name} ({os.getpid()}) of this app.\n",
    )


@pytest.mark.parametrize(
    ("config", "told"), [("", True), ("TelemetryOptOut: false", True), ("TelemetryOptOut: true", False)]
)
def test_telemetry_without_a_way_out(start, home, tmp_path, config, told):
    file = tmp_path / "config.yaml"
    file.write_text(f"SageMaker: {{PythonSDK: {{Modules: {{{config}}}}}}}")
    variables = {"AWS_ENDPOINT_URL": "", "AWS_REGION": "nowhere", "SAGEMAKER_USER_CONFIG_OVERRIDE": str(file)}
    status, output, _errors = finish(start("training", **variables))
    assert status == 0
    assert ("telemetry is on, and cannot connect to sts.nowhere.amazonaws.com" in output) is told
