# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Messages that users of local mode see, with reason and remediation; docs/troubleshooting.md has the same table."""

from __future__ import annotations

from typing import NamedTuple

INSTALL = "ansible-playbook mlops.studio_local_mode.install_docker_cli"
CHECK = "ansible-playbook mlops.studio_local_mode.check_local_mode"


class Symptom(NamedTuple):
    """A part of a message, as users have reported it in public."""

    text: str
    reason: str
    remediation: str


NOT_ECR = "is not an ECR Image"

# The first match wins.
SYMPTOMS = (
    Symptom(  # amazon-sagemaker-local-mode#50, amazon-sagemaker-feedback#132
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock",
        "DOCKER_HOST is not set: the domain has no Docker access, the app was created before the domain got it, or "
        "sudo (become) dropped the variable.",
        f"Run the check without sudo: {CHECK}. If the domain has Docker access, stop the space and run it again.",
    ),
    Symptom(  # amazon-sagemaker-with-nvidia-bionemo#2
        "Cannot connect to the Docker daemon at unix:///docker/proxy.sock",
        "DOCKER_HOST was exported by hand and the socket does not exist, or no engine listens at the socket.",
        f"Unset the variable and run the check: unset DOCKER_HOST; {CHECK}",
    ),
    Symptom(  # cost-effective-aws-deployment-of-comfyui#43, sagemaker-python-sdk#5147
        "only allows 'sagemaker' as network input",
        "Studio allows containers only on the network sagemaker.",
        "Use that network: docker run --network sagemaker ...; in Compose: network_mode: sagemaker",
    ),
    Symptom(
        "'sagemaker' is the only user allowed network input",
        "Studio allows builds only on the network sagemaker.",
        "Use that network: docker build --network sagemaker ...; in Compose: build: {network: sagemaker}",
    ),
    Symptom(  # awsome-distributed-ai#753
        "does not allow privileged mode execution",
        "Studio denies privileged containers. BuildKit starts one.",
        "Turn BuildKit off, and do not use --privileged: export DOCKER_BUILDKIT=0",
    ),
    Symptom(  # amazon-sagemaker-feedback#219
        NOT_ECR,
        "In a VPC-only domain Studio allows only private ECR images of accounts that the domain trusts.",
        "Push the image to private ECR, and trust its account: "
        "ansible-playbook mlops.studio_local_mode.trusted_accounts",
    ),
    Symptom(
        "not allowed on SageMaker Studio",
        "Studio does not support this operation of Docker's API.",
        "Mount a folder of the home instead of a volume or docker cp, build under the final name, not with docker tag, "
        "start the program with the container instead of docker exec, and use only the network sagemaker.",
    ),
    Symptom(
        "No such file or directory: 'docker'",
        "The user's PATH has no Docker CLI.",
        f"Install it: {INSTALL}",
    ),
    Symptom(  # amazon-sagemaker-from-idea-to-production#23, sagemaker-python-sdk#5739 and #4137
        "Docker Compose is not installed",
        'Compose is missing, or the SDK does not find "v2" in the version that Compose prints.',
        f"Install Compose 2: {INSTALL}",
    ),
    Symptom(  # moby#52067
        "is not supported by this client",
        "The CLI (29.0 to 29.2) or Compose (5.1.0) is too new for the engine.",
        f"Install a compatible version: {INSTALL}",
    ),
    Symptom(
        "is too old. Minimum supported API version is",
        "The CLI is too old for the engine.",
        f"Install a compatible version: {INSTALL}",
    ),
    Symptom(
        "is too new. Maximum supported API version is",
        "DOCKER_API_VERSION is higher than the API version of the engine.",
        "Unset the variable: unset DOCKER_API_VERSION",
    ),
    Symptom(
        "unable to resolve docker endpoint",
        "DOCKER_TLS_VERIFY or DOCKER_TLS is set. Studio's socket does not support TLS.",
        "Unset the variables: unset DOCKER_TLS_VERIFY DOCKER_TLS",
    ),
    Symptom(
        "error storing credentials",
        "The Docker configuration names a credential helper that is not installed or fails.",
        "Remove credsStore or credHelpers from the file, or install the helper: vi ~/.docker/config.json",
    ),
    Symptom(
        "error getting credentials",
        "The Docker configuration names a credential helper that is not installed or fails.",
        "Remove credsStore or credHelpers from the file, or install the helper: vi ~/.docker/config.json",
    ),
    Symptom(  # sagemaker-python-sdk, local/image.py: it logs in before it pulls
        "ecr:GetAuthorizationToken",
        "The app's execution role may not log in to ECR, so that the SDK cannot pull the image.",
        "Allow the role ecr:GetAuthorizationToken and the actions that pull, and look which are missing: "
        "aws ecr get-login-password",
    ),
    Symptom(
        'Could not connect to the endpoint URL: "https://api.ecr.',
        "The app has no connection to the API of ECR, which the SDK needs to log in.",
        "Add a VPC endpoint for ecr.api with private DNS, or a way to the internet, to the domain's subnets. Then: "
        "aws ecr get-login-password",
    ),
    Symptom(
        "Your authorization token has expired",
        "The login to ECR is older than 12 hours.",
        "Log in again: aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY",
    ),
    Symptom(
        "no basic auth credentials",
        "The client is not logged in to the registry of the image.",
        "Log in: aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY",
    ),
    Symptom(
        "exec format error",
        "The image or the program is for another architecture, for example because of DOCKER_DEFAULT_PLATFORM.",
        "Use an image for the app's architecture, and unset the variable: unset DOCKER_DEFAULT_PLATFORM",
    ),
    Symptom(  # amazon-sagemaker-feedback#161, sagemaker-python-sdk#5147
        "Error while fetching server API version",
        "Studio redirects requests without an API version, and docker-py sends such a request.",
        'Give docker-py the API version: docker.from_env(version="1.41"); in community.docker: api_version: "1.41"',
    ),
    Symptom(
        "does not support Local Mode",
        "The SDK supports local mode only in JupyterLab, Code Editor and KernelGateway apps.",
        "Use a JupyterLab or Code Editor space.",
    ),
    Symptom(  # sagemaker-python-sdk#5542
        "Permission denied: '/home/sagemaker-user/tmp",
        "A container of an earlier job left files of root in ~/tmp.",
        "Give the files to the user: sudo chown -R sagemaker-user /home/sagemaker-user/tmp",
    ),
    Symptom(
        "No space left on device",
        "The home or the engine's disk is full.",
        "Remove files and images: du -xh --max-depth=2 ~ | sort -h | tail; docker image ls; docker image prune",
    ),
    Symptom(  # roles/local_mode_check/files/trial_run.py
        "Port 8080 is taken by",
        "Containers, the app and its IDE share one network in Studio, and an endpoint always has port 8080.",
        "Delete the other endpoint, or stop what has the port: docker ps; docker stop NAME. If it is a process of the "
        "app: kill PID",
    ),
    Symptom(
        "Address already in use",
        "Containers, the app and its IDE share one network in Studio, and another one has the port.",
        "Delete the other endpoint, or stop its container: docker ps; docker stop NAME",
    ),
    Symptom(  # roles/local_mode_check/files/trial_run.py
        "/ping answers at 172.17.0.1:8080, where the SDK",
        "With rootless Docker a container's port is at 172.17.0.1. SDK 2 looks there from 2.248.2 on, SDK 3 does not.",
        "Give SDK 3 the address before you deploy: import sagemaker.core.local.entities as entities, "
        "sagemaker.core.local.local_session as session; entities.get_docker_host = session.get_docker_host = "
        "lambda: '172.17.0.1'",
    ),
    Symptom(
        '"serve": executable file not found',
        "The image has no program serve: it is an image for training or processing.",
        "Use an image for inference: -e local_mode_check_image=IMAGE",
    ),
    Symptom(
        "with code 137",
        "The container was killed, as the kernel does when the app's instance has no memory left.",
        "Use an instance type with more memory, or stop other containers and kernels: free -h; docker ps",
    ),
    Symptom(
        "with code: 137",
        "The container was killed, as the kernel does when the app's instance has no memory left.",
        "Use an instance type with more memory, or stop other containers and kernels: free -h; docker ps",
    ),
    Symptom(
        "Cannot allocate memory",
        "The app's instance has no memory left.",
        "Use an instance type with more memory, or stop other containers and kernels: free -h; docker ps",
    ),
    Symptom(  # sagemaker-python-sdk, local/entities.py: after two minutes
        "endpoint didn't launch correctly",
        "The container of the endpoint runs, but its /ping has not answered with 200.",
        "Read what the container says: docker run --rm --network sagemaker IMAGE serve",
    ),
    Symptom(
        "Unable to find image",
        "The engine does not have the image for this platform and could not pull it.",
        "Pull it: docker pull IMAGE. For private ECR, log in first: "
        "aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY",
    ),
)


def explain(message: str) -> Symptom | None:
    """Return the first symptom in a message, None for an unknown message."""
    return next((symptom for symptom in SYMPTOMS if symptom.text.lower() in message.lower()), None)


def as_markdown() -> str:
    """Return the table for docs/troubleshooting.md."""
    rows = [f"| `{one.text}` | {_cell(one.reason)} | {_cell(one.remediation)} |" for one in SYMPTOMS]
    return "\n".join(["| message | reason | remediation |", "|---|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
