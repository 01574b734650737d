# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.inventory import IN_THE_APP
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import (
    SYMPTOMS,
    as_markdown,
    explain,
)

from tests.sandbox import layout
from tests.sandbox.studio_filter import operations
from tests.sandbox.studio_filter.call import Call
from tests.sandbox.studio_filter.policy import POLICIES

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
ECR_API = "https://api.ecr.eu-west-1.amazonaws.com/"
EXPIRED = "(ExpiredTokenException) when calling the GetAuthorizationToken operation: The security token included in the"


def test_the_docs_have_the_table():
    """To update it, copy the return value of as_markdown() to docs/troubleshooting.md."""
    docs = (layout.ROOT / "docs/troubleshooting.md").read_text()
    assert [line for line in as_markdown().splitlines() if line not in docs.splitlines()] == []


def test_the_inventory_of_the_commands_is_that_of_the_docs():
    assert f"cat > {IN_THE_APP.split()[1]} <<" in (layout.ROOT / "docs/in_the_app.md").read_text()


@pytest.mark.parametrize(
    ("symptom", "text"), [pytest.param(symptom, text, id=text) for symptom in SYMPTOMS for text in symptom.texts]
)
def test_no_symptom_is_shadowed_by_an_earlier_one(symptom, text):
    assert explain(f"Error: {text.upper()} and so on") is symptom


@pytest.mark.parametrize("message", ["something new", "cat: /opt/ml/input/data/train: No such file or directory"])
def test_an_unknown_message(message):
    assert explain(message) is None


# As the programs print them: CLI 20.10 to 29, engine 20.10, Compose 2, the SDKs 2 and 3, boto3, shells, gunicorn.
@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("failed to connect to the docker API at unix:///var/run/docker.sock; check if the path", "not set"),
        ("failed to connect to the docker API at unix:///docker/proxy.sock; check if the path", "exported by hand"),
        (
            "DockerException: Error while fetching server API version: ('Connection aborted.', "
            "FileNotFoundError(2, 'No such file or directory'))",
            "not set",
        ),
        (
            "DockerException: Error while fetching server API version: Expecting value: line 1 column 1 (char 0)",
            "redirects",
        ),
        (
            "Got permission denied while trying to connect to the Docker daemon socket at unix:///docker/proxy.sock",
            "may not open",
        ),
        ("permission denied while trying to connect to the docker API at unix:///docker/proxy.sock", "may not open"),
        ("bash: docker: command not found", "no Docker CLI"),
        ("/bin/sh: 1: docker: not found", "no Docker CLI"),
        (
            "ImportError: 'docker-compose' is not installed. Local Mode features will not work without docker-compose.",
            "Compose is missing",
        ),
        ("docker: 'compose' is not a docker command.", "Compose is missing"),
        ("docker: unknown command: docker compose", "Compose is missing"),
        ("unknown shorthand flag: 'f' in -f", "Compose is missing"),
        ("bash: docker-compose: command not found", "Compose is missing"),
        (
            f'EndpointConnectionError: Could not connect to the endpoint URL: "{ECR_API}"',
            "connection to the API of ECR",
        ),
        (f'ConnectTimeoutError: Connect timeout on endpoint URL: "{ECR_API}"', "connection to the API of ECR"),
        (f'ReadTimeoutError: Read timeout on endpoint URL: "{ECR_API}"', "connection to the API of ECR"),
        (
            f'Connection was closed before we received a valid response from endpoint URL: "{ECR_API}".',
            "connection to the API of ECR",
        ),
        ('Connect timeout on endpoint URL: "https://sts.eu-west-1.amazonaws.com/"', "this API of AWS"),
        ('Failed to connect to proxy URL: "http://proxy:3128"', "HTTPS_PROXY"),
        (f"SSLError: SSL validation failed for {ECR_API} [SSL: CERTIFICATE_VERIFY_FAILED]", "certificate"),
        (f"ClientError: An error occurred {EXPIRED} request is expired", "have expired"),
        ("ClientError: An error occurred (ExpiredToken) when calling the GetObject operation", "have expired"),
        ("ClientError: An error occurred (RequestExpired) when calling the X operation", "have expired"),
        ("NoCredentialsError: Unable to locate credentials", "finds no AWS credentials"),
        (
            "ClientError: An error occurred (UnrecognizedClientException) when calling the GetAuthorizationToken "
            "operation: The security token included in the request is invalid.",
            "not valid",
        ),
        (
            f"Error response from daemon: pull access denied for {ECR}/job, repository does not exist or may require "
            "'docker login': denied: User: arn:aws:sts::210987654321:assumed-role/studio/SageMaker is not authorized "
            "to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/job because no "
            "resource-based policy allows the ecr:BatchGetImage action",
            "another account",
        ),
        (
            "denied: User: arn:aws:sts::123456789012:assumed-role/studio/SageMaker is not authorized to perform: "
            "ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:123456789012:repository/job because no "
            "identity-based policy allows the ecr:InitiateLayerUpload action",
            "execution role",
        ),
        (
            f'Error response from daemon: Head "https://{ECR}/v2/job/manifests/1": no basic auth credentials',
            "logged in",
        ),
        (
            f"Error response from daemon: manifest for {ECR}/job:2 not found: manifest unknown: Requested image not "
            "found",
            "no image of this name and tag",
        ),
        (
            "name unknown: The repository with name 'job' does not exist in the registry with id '123456789012'",
            "no image of this name and tag",
        ),
        (
            "Error response from daemon: pull access denied for job, repository does not exist or may require 'docker "
            "login': denied: requested access to the resource is denied",
            "does not exist, or it is private",
        ),
        (
            f'Error response from daemon: Get "https://{ECR}/v2/": net/http: request canceled while waiting for '
            "connection (Client.Timeout exceeded while awaiting headers)",
            "no connection to the registry",
        ),
        (f'Get "https://{ECR}/v2/": dial tcp 10.0.0.9:443: i/o timeout', "no connection to the registry"),
        (f'Get "https://{ECR}/v2/": dial tcp: lookup {ECR}: no such host', "no connection to the registry"),
        (f'Get "https://{ECR}/v2/": net/http: TLS handshake timeout', "no connection to the registry"),
        ("no matching manifest for linux/amd64 in the manifest list entries", "another architecture"),
        ("[ERROR] Connection in use: ('0.0.0.0', 8080)", "has the port"),
        ("nginx: [emerg] bind() to 0.0.0.0:8080 failed (98: Address already in use)", "has the port"),
        ("error while attempting to bind on address ('0.0.0.0', 8080): address already in use", "has the port"),
        ("java.io.IOException: Failed to bind to address: http://0.0.0.0:8080", "has the port"),
        (
            "[FATAL tini (7)] exec serve failed: No such file or directory\nx-algo-1 exited with code 127",
            "a program that its container starts",
        ),
        ("x-algo-1 exited with code 127", "a program that its container starts"),
        ("Failed to run: ['docker'], Process exited with code: 127", "a program that its container starts"),
        ('exec: "sh": executable file not found in $PATH: unknown', "a program that its container starts"),
        ("x-algo-1 exited with code 137", "no memory left"),
        ("Failed to run: ['docker'], Process exited with code: 137", "no memory left"),
        ("Failed to run: ['docker'], Process exited with code: -9", "no memory left"),
        ("Command '/bin/sh -c pip install x' returned a non-zero code: 137", "no memory left"),
        ("process did not complete successfully: exit code: 137", "no memory left"),
        ("the container stopped with exit code 137", "no memory left"),
        ("ExecuteUserScriptError:\nExitCode -9", "no memory left"),
        ("[ERROR] Worker (pid:12) was sent SIGKILL! Perhaps out of memory?", "no memory left"),
        ("OSError: [Errno 12] Cannot allocate memory", "no memory left"),
        ("RuntimeError: The container of the endpoint ended before /ping answered.", "has ended"),
    ],
)
def test_the_spellings_of_each_program(message, reason):
    assert reason in explain(message).reason


@pytest.mark.parametrize("program", ["serve", "train"])
@pytest.mark.parametrize(
    "message",
    [
        'exec: "{}": executable file not found in $PATH: unknown',
        "/docker-entrypoint.sh: 12: exec: {}: not found",
        "/opt/nvidia/nvidia_entrypoint.sh: line 49: exec: {}: not found",
        "/entrypoint.sh: exec: line 2: {}: not found",
        "sh: 1: {}: not found",
        "bash: line 1: {}: command not found",
        "bash: {}: No such file or directory",
        "[dumb-init] {}: No such file or directory",
        "sh: 0: cannot open {}: No such file",
        "sh: can't open '{}': No such file or directory",
        "python3: can't open file '/opt/program/{}': [Errno 2] No such file or directory",
        "python: can't open file '{}': [Errno 2] No such file or directory",
    ],
)
def test_an_image_without_the_program_of_a_job(message, program):
    assert (
        f"no program {program}"
        in explain(f"x-algo-1  | {message.format(program)}\nx-algo-1 exited with code 127").reason
    )


@pytest.mark.parametrize("program", ["serve", "train"])
@pytest.mark.parametrize("message", ['exec: "{}": permission denied: unknown', "line 49: exec: {}: Permission denied"])
def test_a_program_that_is_not_executable(message, program):
    assert f"chmod +x /opt/program/{program}" in explain(message.format(program)).remediation


def create(**host_config):
    body = {"Image": "busybox", "HostConfig": {"NetworkMode": "sagemaker", **host_config}}
    return Call("POST", "/containers/create", body=body)


@pytest.mark.parametrize(
    ("call", "remediation"),
    [
        (create(NetworkMode="host"), "--network sagemaker"),
        (create(Privileged=True), "--privileged"),
        (create(SecurityOpt=["seccomp=unconfined"]), "--security-opt"),
        (create(Binds=["data:/data"]), "folders of the home"),
        (create(Binds=["/etc:/data"]), "folders of the home"),
        (create(PortBindings={"8080/tcp": [{"HostPort": "8080"}]}), "http://localhost:PORT"),
        (create(), "private ECR"),
        (Call("POST", "/build"), "docker build --network sagemaker"),
        (Call("POST", "/containers/x/exec"), "instead of docker exec"),
    ],
)
def test_every_denial_of_studio_has_its_remediation(call, remediation):
    denial = operations.denial(call, POLICIES["vpc-only"])
    assert remediation in explain(f"Error response from daemon: {denial}").remediation
