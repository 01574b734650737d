# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a domain without Docker access and an app without Docker's CLI to the SDK's training job in that app."""

from __future__ import annotations

import io
import json
import re
import subprocess

import pytest

from tests.sandbox import app, demo, engine, images, job, layout, sdk, world
from tests.sandbox.aws_endpoint.client import Endpoint
from tests.sandbox.studio_filter import operations
from tests.sandbox.studio_filter import service as studio_filter
from tests.sandbox.studio_filter.policy import EXCEPTIONS


def in_app(*command: str) -> str:
    """Run a command in the app as its user, in the environment that Studio sets; return its output."""
    result = engine.client().containers.get(app.NAME).exec_run(list(command), user=app.USER)
    output = result.output.decode()
    assert result.exit_code == 0, output
    return output


@pytest.fixture(scope="module")
def endpoint(endpoint_url):
    world.up(["aws", "mirror", "app"])
    endpoint = Endpoint(endpoint_url)
    demo.fresh_world(endpoint)
    return endpoint


@pytest.fixture(scope="module")
def playbook(endpoint):
    """Run enable_local_mode.yml with more arguments; return its output."""

    def run(*arguments, succeeds=True):
        done = demo.playbook(endpoint, *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert (done.returncode == 0) == succeeds, done.stdout
        return done.stdout

    return run


@pytest.fixture(scope="module")
def installed(playbook):
    """The run of the first tests, for those that may run without them."""
    playbook()


ALL_JOBS = ("training", "processing", "endpoint")


def with_container_and_jobs(jobs=("training",), image=images.JOB.tag, **environment):
    """Return the arguments that run a container and jobs; the environment is the app's."""
    # The SDK requires credentials; the jobs do not use them.
    environment |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    variables = {
        "local_mode_check_run_container": True,
        "local_mode_check_jobs": jobs,
        "local_mode_check_image": image,
        "ansible_docker_extra_env": environment,
    }
    return f"--extra-vars={json.dumps(variables)}"


def recap(output):
    """Return the counts of `changed` in the play recap, by host."""
    lines = output[output.index("PLAY RECAP") :].splitlines()[1:]
    return {line.split()[0]: int(line.split("changed=")[1].split()[0]) for line in lines if "changed=" in line}


def state_of_app():
    """Return every file of the image and the home with size and time, except Ansible's and Python's byte code."""
    ours = ["*/tmp/*", "*/.ansible/*", "*.pyc"]
    excluded = [word for pattern in ours for word in ("-not", "-path", pattern)]
    found = in_app("sudo", "find", "/", "/home", "-xdev", "-type", "f", *excluded, "-printf", "%p %s %T@\\n")
    return set(found.splitlines())


def files_of_jobs():
    """Return what jobs have left: the containers of the app's user, and the files in the SDK's folder."""
    containers = "docker ps --all --quiet --filter label=com.docker.compose.project"
    return in_app("sh", "-c", f"{containers}; mkdir -p ~/tmp; find ~/tmp | sort")


def test_check_mode_reports_every_change_and_makes_none(endpoint, playbook):
    before = state_of_app()
    endpoint.clear_calls()
    output = playbook("--check", "--diff")
    assert endpoint.mutating_calls() == []
    assert state_of_app() ^ before == set()
    assert recap(output) == {"localhost": 1, app.NAME: 1}
    assert "+    enable_docker_access: true" in output
    assert "+    docker-ce-cli: 5:20.10.24~3-0~ubuntu-jammy" in output
    assert "would install docker-compose-plugin 2." in output


def test_the_run_makes_the_changes_that_check_mode_reported(endpoint, playbook):
    output = playbook("--diff")
    assert recap(output) == {"localhost": 1, app.NAME: 1}
    assert "demo (d-" in output
    assert "Restart to apply the settings: JupyterLab default of space ada-jupyterlab" in output
    assert f"{app.NAME}: local mode works" in output
    [domain] = endpoint.boto3().list_domains()["Domains"]
    settings = endpoint.boto3().describe_domain(DomainId=domain["DomainId"])["DomainSettings"]["DockerSettings"]
    assert settings["EnableDockerAccess"] == "ENABLED"
    assert settings["VpcOnlyTrustedAccounts"] == ["012345678901"]


def test_only_these_packages_are_installed():
    installed = in_app("dpkg-query", "--show", "--showformat", "${Package} ${Version}\\n")
    packages = dict(line.split() for line in installed.splitlines())
    assert packages["docker-ce-cli"] == "5:20.10.24~3-0~ubuntu-jammy"
    assert packages["docker-compose-plugin"].startswith("2.")
    assert not {"docker-ce", "containerd.io", "docker-buildx-plugin", "docker.io"} & packages.keys()
    assert "docker" not in in_app("sh", "-c", "cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true")


def test_the_user_s_docker_communicates_with_the_engine():
    client, api = in_app("docker", "version", "--format", "{{.Client.Version}} {{.Server.APIVersion}}").split()
    assert client.startswith("20.10.24")
    assert api == "1.41"
    assert "v2." in in_app("docker", "compose", "version")


def test_a_second_run_changes_nothing_and_its_jobs_leave_nothing(playbook):
    before = files_of_jobs()
    output = playbook("-v", with_container_and_jobs(ALL_JOBS))
    assert recap(output) == {"localhost": 0, app.NAME: 0}
    assert re.search(r"OK +container +it succeeded", output)
    for name in ALL_JOBS:
        assert re.search(rf"OK +sdk_{name} +it succeeded, with SDK 2", output), name
    assert "localhost:8080 answers /ping with 200" in " ".join(output.split())
    assert files_of_jobs() == before


@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_the_jobs_run_with_the_sdk_3(playbook):
    before = files_of_jobs()
    output = playbook("-v", with_container_and_jobs(ALL_JOBS, PYTHONPATH=sdk.SDK_3))
    for name in ALL_JOBS:
        assert re.search(rf"OK +sdk_{name} +it succeeded, with SDK 3", output), name
    assert files_of_jobs() == before


@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_a_failed_job_reports_the_image_s_requirements_and_leaves_nothing(playbook):
    """As in many images, a script starts what Docker is told to start: not Docker but the shell misses it."""
    tag = f"{images.JOB.tag.rpartition(':')[0]}:no-pip"
    script = "printf '#!/bin/sh\\nexec \"$@\"\\n' > /entrypoint.sh && chmod +x /entrypoint.sh"
    dockerfile = f'FROM {images.PYTHON.tag}\nRUN {script}\nENTRYPOINT ["/entrypoint.sh"]\n'
    engine.client().images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=tag, network_mode="none", rm=True)
    before = files_of_jobs()
    arguments = with_container_and_jobs(["training", "endpoint"], tag, PYTHONPATH=sdk.SDK_3)
    output = playbook(arguments, succeeds=False)
    assert re.search(r"FAILED +sdk_training", output)
    assert re.search(r"FAILED +sdk_endpoint", output)
    assert "The SDK 3 needs bash, python3 and pip in the image" in " ".join(output.split())
    assert "The image has no program serve" in " ".join(output.split())
    assert files_of_jobs() == before


@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_a_job_that_does_not_end_leaves_nothing(playbook):
    """The limit is long enough for the SDK to start the container, in which the copy of the file hangs."""
    tag = f"{images.JOB.tag.rpartition(':')[0]}:hanging"
    hang = "printf '#!/bin/sh\\nexec sleep 600\\n' > /usr/local/bin/cp && chmod +x /usr/local/bin/cp"
    dockerfile = f"FROM {images.JOB.tag}\nENV PATH=/usr/local/bin:$PATH\nRUN {hang}\n"
    engine.client().images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=tag, network_mode="none", rm=True)
    before = files_of_jobs()
    output = playbook(
        with_container_and_jobs(image=tag), "--extra-vars=local_mode_check_container_timeout=40", succeeds=False
    )
    assert re.search(r"FAILED +sdk_training(:| ) +The training job did not end within 40 seconds", output)
    assert files_of_jobs() == before


@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_a_port_that_another_container_has_is_told(playbook):
    in_app("docker", "run", "--detach", "--rm", "--name=other", "--network=sagemaker", images.JOB.tag, "serve")
    in_app("timeout", "300", "bash", "-c", "until (: > /dev/tcp/localhost/8080) 2> /dev/null; do sleep 0.1; done")
    output = playbook(with_container_and_jobs(["endpoint"]), succeeds=False)
    in_app("docker", "rm", "--force", "other")
    text = " ".join(output.split())
    assert re.search(r"FAILED +sdk_endpoint", output)
    assert "Port 8080 is taken by a container; running are: other" in text
    assert "docker stop NAME" in text


def test_a_training_job_and_an_endpoint_of_the_sdk_run_in_local_mode():
    model, predictions = job.run()
    assert model["slope"] == pytest.approx(2.5)
    assert model["intercept"] == pytest.approx(-1.0)
    assert predictions == ["-1.0000", "4.0000"]
    # The user wrote it, not root: the SDK's job ran as the user.
    assert (layout.APP_HOME / "local-mode-job" / "input").stat().st_uid == app.UID


def test_the_jobs_call_only_what_aws_lists_and_the_exceptions():
    """What the role, the CLI, Compose and both SDKs have called in the tests above."""
    table = {row.id for row in operations.TABLE}
    # studio_app_info asks whether a path without a version is redirected.
    assert studio_filter.calls(app.DOMAIN_POLICY) - table <= EXCEPTIONS.keys() | {"GET /version"}
