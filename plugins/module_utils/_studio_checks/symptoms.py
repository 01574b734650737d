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
    """A part of a message, as reported in public."""

    text: str
    reason: str
    remediation: str


NOT_ECR = "is not an ECR Image"

# The first match wins.
SYMPTOMS = (
    Symptom(  # amazon-sagemaker-local-mode#50, amazon-sagemaker-feedback#132
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock",
        "DOCKER_HOST is not set: Docker access is off for the domain, or the app is older than the switch, or sudo "
        "(become) dropped it.",
        f"Without sudo: {CHECK}. Once the domain has Docker access, stop the space and run it again.",
    ),
    Symptom(  # amazon-sagemaker-with-nvidia-bionemo#2
        "Cannot connect to the Docker daemon at unix:///docker/proxy.sock",
        "DOCKER_HOST was exported by hand and the socket is not there, or nobody listens at it.",
        f"unset DOCKER_HOST, then: {CHECK}",
    ),
    Symptom(  # cost-effective-aws-deployment-of-comfyui#43, sagemaker-python-sdk#5147
        "only allows 'sagemaker' as network input",
        "Studio allows no other network.",
        "docker run --network sagemaker ...; in Compose: network_mode: sagemaker",
    ),
    Symptom(
        "'sagemaker' is the only user allowed network input",
        "Studio allows no other network, for builds neither.",
        "docker build --network sagemaker ...; in Compose: build: {network: sagemaker}",
    ),
    Symptom(  # awsome-distributed-ai#753
        "does not allow privileged mode execution",
        "Studio denies privileged containers, which BuildKit starts.",
        "export DOCKER_BUILDKIT=0; leave out --privileged",
    ),
    Symptom(  # amazon-sagemaker-feedback#219
        NOT_ECR,
        "In a VPC-only domain Studio allows only private ECR images of accounts that the domain trusts.",
        "Push the image to private ECR, and add its account: mlops.studio_local_mode.sagemaker_domain_trusted_accounts",
    ),
    Symptom(
        "not allowed on SageMaker Studio",
        "Studio denies this call of Docker's API.",
        "Do without docker exec, docker network and mounts from outside the home.",
    ),
    Symptom(
        "No such file or directory: 'docker'",
        "The user's PATH has no Docker CLI.",
        INSTALL,
    ),
    Symptom(  # amazon-sagemaker-from-idea-to-production#23, sagemaker-python-sdk#5739 and #4137
        "Docker Compose is not installed",
        'There is no Compose, or one in whose version the SDK does not find the "v2" it looks for.',
        INSTALL,
    ),
    Symptom(  # moby#52067
        "is not supported by this client",
        "The CLI (29.0 to 29.2) or Compose (5.1.0) is too new for the engine.",
        INSTALL,
    ),
    Symptom(
        "is too old. Minimum supported API version is",
        "The CLI is too old for the engine.",
        INSTALL,
    ),
    Symptom(  # amazon-sagemaker-feedback#161, sagemaker-python-sdk#5147
        "Error while fetching server API version",
        "Studio answers only paths that have an API version, and docker-py asks without.",
        'docker.from_env(version="1.41"); in community.docker: api_version: "1.41"',
    ),
    Symptom(
        "does not support Local Mode",
        "The SDK knows local mode only in JupyterLab, Code Editor and KernelGateway apps.",
        "Use a JupyterLab or Code Editor space.",
    ),
    Symptom(  # sagemaker-python-sdk#5542
        "Permission denied: '/home/sagemaker-user/tmp",
        "A container of an earlier job left files of root in ~/tmp.",
        "sudo chown -R sagemaker-user /home/sagemaker-user/tmp",
    ),
    Symptom(
        "No space left on device",
        "The home or the engine's disk is full.",
        "du -xh --max-depth=2 ~ | sort -h | tail; docker system df; docker image prune",
    ),
    Symptom(
        "Unable to find image",
        "The engine has not got the image and could not pull it.",
        "docker pull IMAGE. For private ECR, first: "
        "aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY",
    ),
)


def explain(message: str) -> Symptom | None:
    """Return the first symptom that a message has, None for one that is not known."""
    return next((symptom for symptom in SYMPTOMS if symptom.text.lower() in message.lower()), None)


def as_markdown() -> str:
    """Return the table for docs/troubleshooting.md."""
    rows = [f"| `{one.text}` | {_cell(one.reason)} | {_cell(one.remediation)} |" for one in SYMPTOMS]
    return "\n".join(["| message | reason | remediation |", "|---|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
