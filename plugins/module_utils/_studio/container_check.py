# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What became of a container that was run to prove local mode, in the words of Studio's denials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    Finding,
    skipped,
)

_EXPECTED = "a container runs on network sagemaker"


class _Symptom(NamedTuple):
    text: str  # part of the message, as reported in public
    why: str
    todo: str


# The first match wins.
_SYMPTOMS = (
    _Symptom(  # cost-effective-aws-deployment-of-comfyui#43, sagemaker-python-sdk#5147
        "allows 'sagemaker' as network input",
        "Studio allows no other network.",
        "docker run --network sagemaker ...; docker build --network sagemaker ...; in Compose: network_mode: sagemaker",
    ),
    _Symptom(
        "'sagemaker' is the only user allowed network input",
        "Studio allows no other network.",
        "docker build --network sagemaker ...; in Compose: build: {network: sagemaker}",
    ),
    _Symptom(  # awsome-distributed-ai#753
        "privileged mode execution",
        "Studio denies privileged containers, which BuildKit starts.",
        "Leave out --privileged; export DOCKER_BUILDKIT=0",
    ),
    _Symptom(  # amazon-sagemaker-feedback#219
        "is not an ECR Image",
        "In a VPC-only domain Studio allows only private ECR images of accounts that the domain trusts.",
        "Push the image to private ECR, and add its account: mlops.studio_local_mode.sagemaker_domain_trusted_accounts",
    ),
    _Symptom(
        "not allowed on SageMaker Studio",
        "Studio's filter denies this call of Docker's API.",
        "Do without docker exec, docker network and mounts from outside the home.",
    ),
    _Symptom(
        "Cannot connect to the Docker daemon",
        "No engine answers, see docker_host, socket and engine.",
        "Do first what those say.",
    ),
    _Symptom(
        "is not supported by this client",
        "The CLI is too new for the engine, see docker_cli.",
        "ansible-playbook mlops.studio_local_mode.install_docker_cli",
    ),
    _Symptom(
        "no space left on device",
        "The engine's disk or the home is full.",
        "docker system df; docker image prune",
    ),
    _Symptom(
        "Unable to find image",
        "The engine has not got the image and could not pull it.",
        "docker pull IMAGE. For private ECR, first: "
        "aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY",
    ),
)


def container(result: Mapping[str, Any] | None) -> Finding:
    """Return what the registered result of a C(docker run) says; None or a skipped task when there was none."""
    if result is None or result.get("skipped") or result.get("rc") is None:
        todo = "Set local_mode_check_run_container: true to have one run."
        return skipped("container", "It was not asked for.", _EXPECTED, todo)
    if result["rc"] == 0:
        return Finding("container", OK, "it ran", _EXPECTED)
    output = str(result.get("stderr") or result.get("msg") or "").strip()
    why, todo = next(
        ((symptom.why, symptom.todo) for symptom in _SYMPTOMS if symptom.text.lower() in output.lower()),
        ("It failed for a reason that is not known to be Studio's.", "Run it by hand in a terminal of the app."),
    )
    return Finding("container", FAILED, output or f"exit status {result['rc']}", _EXPECTED, why, todo)
