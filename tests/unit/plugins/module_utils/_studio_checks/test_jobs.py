# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.jobs import (
    container,
    engine_space,
    sdk_job,
)

from tests.unit.studio_app import studio_app

APP = studio_app()


def training(app, result):
    return sdk_job("training", app, result)


DENIED = "Forbidden. Reason: [ValidateVPCOnlyModeImage] Image {} is not an ECR Image. Studio VPC Only Mode allows"


@pytest.mark.parametrize("check", [container, training])
@pytest.mark.parametrize("result", [None, {"skipped": True}, {"changed": False}])
def test_not_requested(check, result):
    found = check(APP, result)
    assert (found.status, found.reason) == ("skipped", "It was not requested.")


def test_a_job_needs_the_sdk():
    app = studio_app(sagemaker_sdk_version=None)
    assert training(app, {"skipped": True}).status == "skipped"
    found = training(app, {"rc": 1, "stderr": "PackageNotFoundError: No package metadata was found for sagemaker"})
    assert (found.status, found.observed) == ("failed", "no SageMaker SDK in /opt/conda/bin/python3")
    assert found.remediation.endswith("/opt/conda/bin/python3 -m pip install 'sagemaker<3'")


ANSWERS = "localhost:8080 answers /ping with 200, /invocations with 200"
TELEMETRY = "The SDK's telemetry is on, and cannot connect to sts.eu-west-1.amazonaws.com: timed out"


@pytest.mark.parametrize("name", ["training", "processing", "endpoint"])
def test_each_job_has_its_own_finding(name):
    assert sdk_job(name, APP, {"rc": 0}).check == f"sdk_{name}"
    assert f"local_mode_check_jobs={name} " in sdk_job(name, APP, None).remediation


def test_an_endpoint_reports_where_it_answers():
    found = sdk_job("endpoint", APP, {"rc": 0, "stdout": f"log\n\x1b[2K{ANSWERS}\nlog"})
    assert (found.status, found.observed) == ("ok", f"it succeeded, with SDK 2.245.0: {ANSWERS}")


def test_telemetry_without_internet_is_a_warning():
    found = training(APP, {"rc": 0, "stdout": TELEMETRY})
    assert found.status == "warning"
    assert "sts.eu-west-1.amazonaws.com" in found.observed
    assert "TelemetryOptOut: true" in found.remediation


@pytest.mark.parametrize(
    ("output", "reason", "remediation"),
    [
        ("RuntimeError: Port 8080 is taken by the process code-server (12) of this app.", "port 8080", "kill PID"),
        ("RuntimeError: Port 8080 is taken by a container; running are: a, b.", "port 8080", "docker stop NAME"),
        ("OSError: [Errno 98] Address already in use", "has the port", "docker stop NAME"),
        ('exec: "serve": executable file not found in $PATH: unknown', "no program serve", "local_mode_check_image"),
        ("x-algo-1 exited with code 137", "no memory left", "more memory"),
        ("Failed to run: ['docker'], Process exited with code: 137", "no memory left", "more memory"),
        ("not authorized to perform: ecr:GetAuthorizationToken on resource: *", "may not log in to ECR", "Allow"),
        (
            'EndpointConnectionError: Could not connect to the endpoint URL: "https://api.ecr.eu-west-1.amazonaws.com/"',
            "no connection to the API of ECR",
            "VPC endpoint for ecr.api",
        ),
        ("denied: Your authorization token has expired. Reauthenticate", "older than 12 hours", "Log in again"),
        ("RuntimeError: /ping answers at 172.17.0.1:8080, where the SDK 3.27.0 does not look.", "rootless", "lambda"),
        ("RuntimeError: Giving up, endpoint didn't launch correctly", "/ping has not answered", "IMAGE serve"),
    ],
)
def test_the_causes_of_a_failed_endpoint_are_told_apart(output, reason, remediation):
    found = sdk_job("endpoint", APP, {"rc": 1, "stdout": "log", "stderr": output})
    assert (found.status, found.check) == ("failed", "sdk_endpoint")
    assert reason in found.reason
    assert remediation in found.remediation


@pytest.mark.parametrize("check", [container, training])
def test_success(check):
    assert check(APP, {"rc": 0, "stderr": "Forbidden"}).status == "ok"


# Messages that users have reported in public; symptoms.py has their sources.
@pytest.mark.parametrize(
    ("stderr", "remediation"),
    [
        (
            "Error response from daemon: Forbidden. Reason: [ContainerCreate] SageMaker Studio Docker Usage only "
            "allows 'sagemaker' as network input.",
            "--network sagemaker",
        ),
        (
            "Forbidden. Reason: [ImageBuild] 'sagemaker' is the only user allowed network input",
            "docker build --network",
        ),
        (
            "Forbidden. Reason: [ContainerCreate] SageMaker Studio Docker Usage does not allow privileged mode "
            "execution",
            "DOCKER_BUILDKIT=0",
        ),
        ("The request for current resource is not allowed on SageMaker Studio.", "docker exec"),
        ("Cannot connect to the Docker daemon at unix:///docker/proxy.sock. Is it running?", "unset DOCKER_HOST"),
        ("Error: API version 1.41 is not supported by this client: the minimum is 1.44", "install_docker_cli"),
        ("write /x: no space left on device", "docker image prune"),
        ("Unable to find image 'x:1' locally", "docker pull"),
        ("something new", "by hand"),
    ],
)
def test_a_denial_has_its_remediation(stderr, remediation):
    found = container(APP, {"rc": 125, "stderr": stderr})
    assert (found.status, found.observed) == ("failed", stderr)
    assert remediation in found.remediation
    assert found.reason


def test_a_command_that_could_not_be_started():
    found = container(APP, {"rc": 2, "stderr": "", "msg": "No such file: docker"})
    assert (found.status, found.observed) == ("failed", "No such file: docker")
    assert container(APP, {"rc": 3}).observed == "exit status 3"


def test_an_untrusted_account_has_the_command_that_trusts_it():
    image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/job:1"
    found = container(APP, {"rc": 125, "stderr": DENIED.format(image)})
    assert "does not trust account 210987654321" in found.reason
    assert "mlops.studio_local_mode.trusted_accounts" in found.remediation
    variables = (
        '{"domain_docker_access_domains": ["d-abcdefghijkl"], "domain_docker_access_accounts": ["210987654321"]}'
    )
    assert f"-e '{variables}'" in found.remediation


@pytest.mark.parametrize(
    "image", ["busybox", "scratch", "public.ecr.aws/x/y:1", "1234.dkr.ecr.eu-west-1.amazonaws.com/x"]
)
def test_an_image_from_elsewhere_cannot_be_used(image):
    found = container(studio_app(resource_metadata=None), {"rc": 1, "stderr": DENIED.format(image)})
    assert f"{image} is not in a private ECR repository" in found.reason
    assert "docker push" in found.remediation


@pytest.mark.parametrize(("version", "expected"), [("2.245.0", False), ("3.27.0", True)])
def test_the_requirements_of_the_sdk_3(version, expected):
    result = {"rc": 1, "stderr": "RuntimeError: Failed to run: ['docker', ...]. Process exited with code: 1"}
    found = training(studio_app(sagemaker_sdk_version=version), result)
    assert ("needs bash, python3 and pip in the image" in found.reason) is expected
    assert ("--entrypoint=sh IMAGE" in found.remediation) is expected


def test_the_end_of_a_long_output_is_kept():
    found = training(APP, {"rc": 1, "stdout": "x" * 1000, "stderr": "RuntimeError: Docker Compose is not installed."})
    assert found.observed.endswith("is not installed.")
    assert len(found.observed) == 600
    assert "install_docker_cli" in found.remediation


TIMED_OUT = "The job did not end within 3 seconds."


@pytest.mark.parametrize("check", [container, training])
@pytest.mark.parametrize("output", ["docker: Forbidden", "Unable to find image 'x:1' locally\n1: Pulling from x"])
def test_a_time_out_is_named_with_the_option_for_more_time(check, output):
    found = check(APP, {"rc": 124, "stdout": output, "stderr": TIMED_OUT})
    assert (found.status, found.observed) == ("failed", TIMED_OUT)
    assert "local_mode_check_container_timeout=" in found.remediation


def test_a_time_out_with_a_known_cause_has_its_remediation():
    found = sdk_job("endpoint", APP, {"rc": 124, "stdout": "Connection in use: ('0.0.0.0', 8080)", "stderr": TIMED_OUT})
    assert (found.status, found.observed) == ("failed", f"Connection in use: ('0.0.0.0', 8080)\n{TIMED_OUT}")
    assert "docker stop NAME" in found.remediation


@pytest.mark.parametrize("output", ["", "log"])
def test_a_job_that_the_kernel_killed(output):
    found = training(APP, {"rc": 137, "stdout": output})
    assert (found.status, found.observed) == ("failed", output or "exit status 137")
    assert "no memory left" in found.reason


def df(kib):
    return f"Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 1000000 900000 {kib} 90% /\n"


@pytest.mark.parametrize(("gib", "status"), [(5, "ok"), (4.9, "warning"), (0, "warning")])
def test_the_engine_s_disk(gib, status):
    found = engine_space([{"skipped": True}, {"rc": 0, "stdout": f"log\n{df(int(gib * (1 << 20)))}"}], 5)
    assert (found.status, found.observed) == (status, f"{gib:.1f} GiB free on the engine's disk")


@pytest.mark.parametrize("results", [[None, None], [{"skipped": True}], [{"rc": 0, "stdout": "no df"}]])
def test_the_engine_s_disk_is_not_known_without_a_container(results):
    assert engine_space(results, 5).status == "skipped"
