# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Messages that users of local mode see, with reason and remediation; docs/troubleshooting.md has the same table."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.inventory import IN_THE_APP

# As the user of the app types them. A run on another machine prints its own inventories.
INSTALL = f"ansible-playbook {IN_THE_APP}mlops.studio_local_mode.install_docker_cli"
CHECK = f"ansible-playbook {IN_THE_APP}mlops.studio_local_mode.check_local_mode"


class Symptom(NamedTuple):
    """Parts of messages with the same cause, as users have reported them in public; each version has its spelling."""

    texts: tuple[str, ...]
    reason: str
    remediation: str


NOT_ECR = "is not an ECR Image"
# The CLI also says it when it starts to pull the image.
NOT_LOCAL = "Unable to find image"
_LOG_IN = "aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY"
_OWN_CREDENTIALS = (
    "Use the role's: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE. Then look which "
    "credentials the app uses, and remove others from ~/.aws/credentials: aws configure list"
)
_WITH_IMAGE = "-e local_mode_check_image=IMAGE"
_NOT_CONNECTED = ("Cannot connect to the Docker daemon at {}", "failed to connect to the docker API at {}")
# Docker; shells that execute it from an entry point or by name; shells, dumb-init and Python that take it for a file.
_MISSING = (
    '"{}": executable file not found',
    ": {}: not found",
    ": {}: command not found",
    "sh: {}: No such file",
    "dumb-init] {}: No such file",
    "open {}: No such file",
    "open '{}'",
    "{}': [Errno 2]",
)
_NOT_EXECUTABLE = ('"{}": permission denied', ": {}: Permission denied")


def _with(value: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.format(value) for text in texts)


# The first match wins.
SYMPTOMS = (
    Symptom(  # amazon-sagemaker-local-mode#50, amazon-sagemaker-feedback#132; the last one is docker-py's
        (*_with("unix:///var/run/docker.sock", _NOT_CONNECTED), "('Connection aborted.', FileNotFoundError"),
        "DOCKER_HOST is not set: the domain has no Docker access, the app was created before the domain got it, or "
        "sudo (become) dropped the variable.",
        f"Run the check without sudo: {CHECK}. If the domain has Docker access, stop the space and run it again.",
    ),
    Symptom(  # amazon-sagemaker-with-nvidia-bionemo#2
        _with("unix:///docker/proxy.sock", _NOT_CONNECTED),
        "DOCKER_HOST was exported by hand and the socket does not exist, or no engine listens at the socket.",
        f"Unset the variable and run the check: unset DOCKER_HOST; {CHECK}",
    ),
    Symptom(
        (
            "permission denied while trying to connect to the Docker daemon",
            "permission denied while trying to connect to the docker API",
        ),
        "The user may not open the engine's socket.",
        f"Run the check as the user of the app's terminal: {CHECK}",
    ),
    Symptom(  # cost-effective-aws-deployment-of-comfyui#43, sagemaker-python-sdk#5147
        ("only allows 'sagemaker' as network input",),
        "Studio allows containers only on the network sagemaker.",
        "Use that network: docker run --network sagemaker ...; in Compose: network_mode: sagemaker",
    ),
    Symptom(
        ("'sagemaker' is the only user allowed network input",),
        "Studio allows builds only on the network sagemaker.",
        "Use that network: docker build --network sagemaker ...; in Compose: build: {network: sagemaker}",
    ),
    Symptom(  # awsome-distributed-ai#753
        ("does not allow privileged mode execution",),
        "Studio denies privileged containers. BuildKit starts one.",
        "Turn BuildKit off, and do not use --privileged: export DOCKER_BUILDKIT=0",
    ),
    Symptom(  # amazon-sagemaker-feedback#219
        (NOT_ECR,),
        "In a VPC-only domain Studio allows only private ECR images of accounts that the domain trusts.",
        "Push the image to private ECR, and trust its account: "
        "ansible-playbook mlops.studio_local_mode.trusted_accounts",
    ),
    Symptom(
        ("not allowed on SageMaker Studio",),
        "Studio does not support this operation of Docker's API.",
        "Mount a folder of the home instead of a volume or docker cp, build under the final name, not with docker tag, "
        "start the program with the container instead of docker exec, and use only the network sagemaker.",
    ),
    Symptom(
        ("does not allow port bindings",),
        "Studio does not publish ports: a container has the network of the app.",
        "Leave out --publish (-p), in Compose ports:, and use the container's port: curl http://localhost:PORT",
    ),
    Symptom(  # What a denial names differs with the option.
        ("SageMaker Studio Docker Usage", "Forbidden. Reason:"),
        "Studio denies an option of the container or build.",
        "Mount only folders of the home and no volumes, use the network sagemaker, and leave out --privileged, "
        "--security-opt and --publish.",
    ),
    Symptom(
        ("No such file or directory: 'docker'", "docker: command not found", "docker: not found"),
        "The user's PATH has no Docker CLI.",
        f"Install it: {INSTALL}",
    ),
    Symptom(  # amazon-sagemaker-from-idea-to-production#23, sagemaker-python-sdk#5739 and #4137; CLI without Compose
        (
            "Docker Compose is not installed",
            "'docker-compose' is not installed",
            "'compose' is not a docker command",
            "unknown command: docker compose",
            "unknown shorthand flag: 'f' in -f",
            "docker-compose: command not found",
        ),
        'Compose is missing, or the SDK does not find "v2" in the version that Compose prints.',
        f"Install Compose 2: {INSTALL}",
    ),
    Symptom(  # moby#52067
        ("is not supported by this client",),
        "The CLI (29.0 to 29.2) or Compose (5.1.0) is too new for the engine.",
        f"Install a compatible version: {INSTALL}",
    ),
    Symptom(
        ("is too old. Minimum supported API version is",),
        "The CLI is too old for the engine.",
        f"Install a compatible version: {INSTALL}",
    ),
    Symptom(
        ("is too new. Maximum supported API version is",),
        "DOCKER_API_VERSION is higher than the API version of the engine.",
        "Unset the variable: unset DOCKER_API_VERSION",
    ),
    Symptom(
        ("unable to resolve docker endpoint",),
        "DOCKER_TLS_VERIFY or DOCKER_TLS is set. Studio's socket does not support TLS.",
        "Unset the variables: unset DOCKER_TLS_VERIFY DOCKER_TLS",
    ),
    Symptom(
        ("error storing credentials", "error getting credentials"),
        "The Docker configuration names a credential helper that is not installed or fails.",
        "Remove credsStore or credHelpers from the file, or install the helper: vi ~/.docker/config.json",
    ),
    Symptom(  # sagemaker-python-sdk, local/image.py: it logs in before it pulls
        ("ecr:GetAuthorizationToken",),
        "The app's execution role may not log in to ECR, so that the SDK cannot pull the image.",
        "Allow the role ecr:GetAuthorizationToken and the actions that pull, and look which are missing: "
        "aws ecr get-login-password",
    ),
    Symptom(  # sagemaker-python-sdk#4064
        ("because no resource-based policy allows the ecr:",),
        "The repository belongs to another account, and its policy does not allow the action to the app's execution "
        "role.",
        "Ask the owner of that account to allow the role in the repository's policy ecr:BatchCheckLayerAvailability, "
        "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer: aws ecr set-repository-policy",
    ),
    Symptom(
        ("is not authorized to perform: ecr:",),
        "The app's execution role may not use the repository of the image.",
        "Allow the role the action that the message names, then repeat the command. This shows the role: "
        "aws sts get-caller-identity",
    ),
    Symptom(  # botocore/exceptions.py: without a route, the connection is refused or times out, depending on the VPC
        ('endpoint URL: "https://api.ecr.',),
        "The app has no connection to the API of ECR, which the SDK needs to log in.",
        "Add a VPC endpoint for ecr.api with private DNS, or a way to the internet, to the domain's subnets, and allow "
        "HTTPS from the app's security group to the endpoint. Then: aws ecr get-login-password",
    ),
    Symptom(
        ("ExpiredToken", "RequestExpired", "the security token included in the request is expired"),
        "The AWS credentials have expired. Studio renews those of the app's execution role, not those that a variable "
        "or a file has.",
        _OWN_CREDENTIALS,
    ),
    Symptom(
        (
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "the security token included in the request is invalid",
        ),
        "The AWS credentials are not valid. Those that a variable or a file has precede those of the app's execution "
        "role.",
        _OWN_CREDENTIALS,
    ),
    Symptom(
        ("Unable to locate credentials",),
        "boto3 finds no AWS credentials. Studio sets AWS_CONTAINER_CREDENTIALS_RELATIVE_URI for the execution role's, "
        "and sudo (become) drops the variable.",
        "Run it without sudo, in a new terminal of the app. Look where the credentials come from: aws configure list",
    ),
    Symptom(
        ('endpoint URL: "https://',),
        "The app has no connection to this API of AWS.",
        "Add a VPC endpoint for the service that the URL names, or a way to the internet, to the domain's subnets.",
    ),
    Symptom(
        ("Failed to connect to proxy URL",),
        "HTTPS_PROXY or HTTP_PROXY names a proxy that does not answer.",
        "Correct the variables, or unset them: env | grep -i _proxy; unset HTTPS_PROXY https_proxy",
    ),
    Symptom(
        ("SSL validation failed for",),
        "A proxy or firewall answers in place of AWS, with a certificate that boto3 does not trust.",
        "Name the file of its certificate authority: export AWS_CA_BUNDLE=FILE",
    ),
    Symptom(
        ("Your authorization token has expired",),
        "The login to ECR is older than 12 hours.",
        f"Log in again: {_LOG_IN}",
    ),
    Symptom(
        ("no basic auth credentials",),
        "The client is not logged in to the registry of the image.",
        f"Log in: {_LOG_IN}",
    ),
    Symptom(
        ("manifest unknown", "does not exist in the registry with id"),
        "The registry has no image of this name and tag.",
        "Correct the name or the tag. For ECR, this lists the tags: aws ecr list-images --repository-name NAME",
    ),
    Symptom(
        ("pull access denied for", "requested access to the resource is denied"),
        "The repository does not exist, or it is private and the client is not logged in.",
        f"Correct the name, or log in. For private ECR: {_LOG_IN}",
    ),
    Symptom(  # The engine's messages
        ("request canceled while waiting for connection", "TLS handshake timeout", "dial tcp"),
        "The engine has no connection to the registry of the image.",
        "Correct the name of the registry. With rootless Docker the way leads through your VPC: add VPC endpoints for "
        "ecr.api, ecr.dkr and s3, or a way to the internet, to the domain's subnets. Then: docker pull IMAGE",
    ),
    Symptom(
        ("exec format error", "no matching manifest for"),
        "The image or the program is for another architecture, for example because of DOCKER_DEFAULT_PLATFORM.",
        "Use an image for the app's architecture, and unset the variable: unset DOCKER_DEFAULT_PLATFORM",
    ),
    Symptom(  # amazon-sagemaker-feedback#161, sagemaker-python-sdk#5147
        ("Error while fetching server API version",),
        "Studio redirects requests without an API version, and docker-py sends such a request.",
        'Give docker-py the API version: docker.from_env(version="1.41"); in community.docker: api_version: "1.41"',
    ),
    Symptom(
        ("does not support Local Mode",),
        "The SDK supports local mode only in JupyterLab, Code Editor and KernelGateway apps.",
        "Use a JupyterLab or Code Editor space.",
    ),
    Symptom(  # sagemaker-python-sdk#5542
        ("Permission denied: '/home/sagemaker-user/tmp",),
        "A container of an earlier job left files of root in ~/tmp.",
        "Give the files to the user: sudo chown -R sagemaker-user /home/sagemaker-user/tmp",
    ),
    Symptom(
        ("No space left on device",),
        "The home or the engine's disk is full.",
        "Remove files and images: du -xh --max-depth=2 ~ | sort -h | tail; docker image ls; docker image prune",
    ),
    Symptom(  # roles/local_mode_check/files/trial_run.py
        ("Port 8080 is taken by",),
        "Containers, the app and its IDE share one network in Studio, and an endpoint always has port 8080.",
        "Delete the other endpoint, or stop what has the port: docker ps; docker stop NAME. If it is a process of the "
        "app: kill PID",
    ),
    Symptom(  # The second is gunicorn's, the third that of Java's model servers.
        ("Address already in use", "Connection in use:", "Failed to bind to address"),
        "Containers, the app and its IDE share one network in Studio, and another one has the port.",
        "Delete the other endpoint, or stop its container: docker ps; docker stop NAME",
    ),
    Symptom(  # roles/local_mode_check/files/trial_run.py
        ("/ping answers at 172.17.0.1:8080, where the SDK",),
        "With rootless Docker a container's port is at 172.17.0.1. SDK 2 looks there from 2.248.2 on, SDK 3 does not.",
        "Give SDK 3 the address before you deploy: import sagemaker.core.local.entities as entities, "
        "sagemaker.core.local.local_session as session; entities.get_docker_host = session.get_docker_host = "
        "lambda: '172.17.0.1'",
    ),
    Symptom(  # amazon-sagemaker-examples#628
        _with("serve", _MISSING),
        "The image has no program serve: it is an image for training or processing.",
        f"Use an image for inference: {_WITH_IMAGE}",
    ),
    Symptom(  # sagemaker-python-sdk#4191
        _with("train", _MISSING),
        "The image has no program train: it is an image for processing or inference.",
        "Use an image for training, or name the program that it has: container_entry_point of the Estimator",
    ),
    *(
        Symptom(
            _with(program, _NOT_EXECUTABLE),
            f"The image has the program {program}, but the container may not execute it.",
            f"Make it executable in the Dockerfile, where it is: RUN chmod +x /opt/program/{program}",
        )
        for program in ("serve", "train")
    ),
    Symptom(
        ("executable file not found in $PATH", "exited with code 127", "with code: 127"),
        "The image lacks a program that its container starts: an endpoint starts serve, a training job train, and with "
        "SDK 3 bash, python3 and pip.",
        f"Use an image that has the program that the message names: {_WITH_IMAGE}",
    ),
    Symptom(  # Compose; the SDKs and docker build; Docker; the SDKs and SageMaker's toolkits; gunicorn
        (
            "with code 137",
            "code: 137",
            "exit code 137",
            "exit status 137",
            "code: -9",
            "ExitCode -9",
            "Perhaps out of memory",
            "Cannot allocate memory",
        ),
        "A process was killed or got no memory: most likely, the app's instance has no memory left.",
        "Use an instance type with more memory, or stop other containers and kernels: free -h; docker ps",
    ),
    Symptom(  # roles/local_mode_check/files/trial_run.py
        ("container of the endpoint ended before /ping answered",),
        "The container of the endpoint has ended by itself.",
        "Read what the container says: docker run --rm --network sagemaker IMAGE serve",
    ),
    Symptom(  # sagemaker-python-sdk, local/entities.py: after two minutes
        ("endpoint didn't launch correctly",),
        "The container of the endpoint runs, but its /ping has not answered with 200.",
        "Read what the container says: docker run --rm --network sagemaker IMAGE serve",
    ),
    Symptom(
        (NOT_LOCAL,),
        "The engine does not have the image for this platform and could not pull it.",
        f"Pull it: docker pull IMAGE. For private ECR, log in first: {_LOG_IN}",
    ),
)


def explain(message: str) -> Symptom | None:
    """Return the first symptom in a message, None for an unknown message."""
    lowered = message.lower()
    return next((symptom for symptom in SYMPTOMS if any(text.lower() in lowered for text in symptom.texts)), None)


def as_markdown() -> str:
    """Return the table for docs/troubleshooting.md."""
    rows = [f"| {_messages(one)} | {_cell(one.reason)} | {_cell(one.remediation)} |" for one in SYMPTOMS]
    return "\n".join(["| message | reason | remediation |", "|---|---|---|", *rows])


def _messages(symptom: Symptom) -> str:
    return ", ".join(f"`{text}`" for text in symptom.texts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
