# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Check the results of the container and of the jobs that the role runs to verify local mode."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import (
    NOT_ECR,
    NOT_LOCAL,
    explain,
)

_CONTAINER = "a container runs on the network sagemaker"
# By job, as local_mode_check_jobs names it.
EXPECTED = {
    "training": "a training job of the SageMaker SDK with instance_type='local' runs and returns its model",
    "processing": "a processing job of the SageMaker SDK with instance_type='local' runs and returns its output",
    "endpoint": "an endpoint of the SageMaker SDK with instance_type='local' answers",
}
# The job's script prints it with the address that answers, and with the host that telemetry cannot reach.
_ANSWERS = re.compile(r"[a-z0-9.]+:[0-9]+ answers /ping with 200, .*")
_TELEMETRY = re.compile(r"The SDK's telemetry is on, .*")
_TELEMETRY_OFF = (
    "Without that connection, each job of the user waits for time-outs of the telemetry. This job ran without it.",
    "Turn telemetry off in ~/.config/sagemaker/config.yaml, unless the file exists: mkdir -p ~/.config/sagemaker && "
    "echo '{SchemaVersion: \"1.0\", SageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}}' > "
    "~/.config/sagemaker/config.yaml",
)
# The reason and the remediation for an output without a known symptom.
_UNKNOWN = ("The output has no known symptom.", "Run it by hand in a terminal of the app.")
# sagemaker-train, templates.py: its jobs start with all three, and the SDK does not report a missing one.
_SDK_3 = (
    f"{_UNKNOWN[0]} The SDK 3 needs bash, python3 and pip in the image.",
    "Verify that the image has them: docker run --rm --network=sagemaker --entrypoint=sh IMAGE -c "
    "'command -v bash python3 && { command -v pip3 || command -v pip; }'",
)
_TIMED_OUT = 124  # the exit status of files/trial_run.py in the role
_LONGER = "Run the check with a longer time limit, in seconds: -e local_mode_check_container_timeout=1800"
_TIMEOUT_REASON = (
    "The time includes the time to pull the image. The role has removed the container and the files of this run."
)
# df --portability: file system, size, used, available (in KiB), capacity, mount point
_DISK = re.compile(r"^\S+ +[0-9]+ +[0-9]+ +([0-9]+) +[0-9]+% +/$", re.MULTILINE)
_LONGEST = 600  # characters of an output; the cause is at its end
_DENIED_IMAGE = re.compile(rf"Image (\S+) {NOT_ECR}")
# Amazon ECR: private registries.
_PRIVATE_ECR = re.compile(r"([0-9]{12})\.dkr\.ecr[a-z0-9.-]*\.amazonaws\.com(\.cn)?/")


def container(app: Mapping[str, Any], result: Mapping[str, Any] | None) -> Finding:
    """Return the finding about the registered result of C(docker run); None or a skipped task if it did not run."""
    if result is None or _not_run(result):
        remediation = "Run one: -e local_mode_check_run_container=true -e local_mode_check_image=IMAGE"
        return skipped("container", "It was not requested.", _CONTAINER, remediation)
    if result["rc"] == 0:
        return Finding("container", OK, "it succeeded", _CONTAINER)
    return _failed("container", app, result, _CONTAINER)


def sdk_job(name: str, app: Mapping[str, Any], result: Mapping[str, Any] | None) -> Finding:
    """Return the finding about the registered result of one of the role's jobs; None if it did not run.

    Args:
        name: training, processing or endpoint.
        app: the facts of the app.
        result: with the fields of ansible.builtin.command.
    """
    check, expected, version = f"sdk_{name}", EXPECTED[name], app["sagemaker_sdk_version"]
    if result is None or _not_run(result):
        remediation = f"Run one: -e local_mode_check_jobs={name} -e local_mode_check_image=IMAGE"
        return skipped(check, "It was not requested.", expected, remediation)
    if version is None:
        return _no_sdk(app, check, expected)
    is_sdk_3 = int(version.partition(".")[0]) >= 3
    if result["rc"] != 0:
        return _failed(check, app, result, expected, _SDK_3 if is_sdk_3 and name == "training" else _UNKNOWN)
    output = str(result.get("stdout") or "")
    answers, telemetry = _ANSWERS.search(output), _TELEMETRY.search(output)
    observed = f"it succeeded, with SDK {version}{f': {answers.group()}' if answers else ''}"
    if telemetry:
        return Finding(check, WARNING, f"{observed}. {telemetry.group()}", expected, *_TELEMETRY_OFF)
    return Finding(check, OK, observed, expected)


def _no_sdk(app: Mapping[str, Any], check: str, expected: str) -> Finding:
    """Return the finding about a requested job without an SDK: it is not skipped, because nothing was verified."""
    python = app["python"]["executable"]
    return Finding(
        check,
        FAILED,
        f"no SageMaker SDK in {python}",
        expected,
        "The requested job needs the package sagemaker in the Python that Ansible uses in the app.",
        f"Install the SDK, or set ansible_python_interpreter to the Python that has it: {python} -m pip install "
        "'sagemaker<3'",
    )


def engine_space(results: Sequence[Mapping[str, Any] | None], enough_free_gib: float) -> Finding:
    """Return the finding about the engine's disk, which a container sees; Studio's API has no operation for it."""
    expected = f"{enough_free_gib:g} GiB free on the engine's disk"
    outputs = [str(result.get("stdout") or "") for result in results if result is not None and not _not_run(result)]
    found = _DISK.search("\n".join(outputs))
    if not found:
        return skipped("engine_space", "Only a container sees the engine's disk, and none has reported it.", expected)
    free = int(found.group(1)) / (1 << 20)
    observed = f"{free:.1f} GiB free on the engine's disk"
    if free >= enough_free_gib:
        return Finding("engine_space", OK, observed, expected)
    return Finding(
        "engine_space",
        WARNING,
        observed,
        expected,
        "The engine keeps its images and containers there, and fails without space: 'no space left on device'.",
        "Remove containers and images that you do not need: docker container prune; docker image prune --all",
    )


def _not_run(result: Mapping[str, Any] | None) -> bool:
    return result is None or bool(result.get("skipped")) or result.get("rc") is None


def _failed(
    check: str,
    app: Mapping[str, Any],
    result: Mapping[str, Any],
    expected: str,
    otherwise: tuple[str, str] = _UNKNOWN,
) -> Finding:
    """Return the finding about a failed run; `otherwise` is the reason and remediation without a known symptom."""
    output = "\n".join(str(result.get(name) or "") for name in ("stdout", "stderr")).strip()
    output = output or str(result.get("msg") or "")
    status = f"exit status {result['rc']}"
    observed = output[-_LONGEST:] or status
    symptom = explain(f"{output}\n{status}")
    if result["rc"] == _TIMED_OUT and (symptom is None or NOT_LOCAL in symptom.texts):
        return Finding(check, FAILED, observed.splitlines()[-1], expected, _TIMEOUT_REASON, _LONGER)
    denied = _DENIED_IMAGE.search(output)
    if denied:
        return Finding(check, FAILED, observed, expected, *_denied_image(app, denied.group(1)))
    reason, remediation = (symptom.reason, symptom.remediation) if symptom else otherwise
    return Finding(check, FAILED, observed, expected, reason, remediation)


def _denied_image(app: Mapping[str, Any], image: str) -> tuple[str, str]:
    ecr = _PRIVATE_ECR.match(image)
    if ecr is None:
        return (
            f"The domain is VPC-only, and {image} is not in a private ECR repository. Studio denies it, whichever "
            "accounts the domain trusts, unless the domain has rootless Docker.",
            "Push the image to private ECR of the domain's account or of a trusted one, from a machine with internet: "
            f"docker pull {image}; docker tag {image} REPOSITORY; docker push REPOSITORY",
        )
    account = ecr.group(1)
    domain = (app["resource_metadata"] or {}).get("domain_id") or "DOMAIN_ID"
    variables = json.dumps({"domain_docker_access_domains": [domain], "domain_docker_access_accounts": [account]})
    return (
        f"The domain is VPC-only and does not trust account {account}, which owns the image.",
        "Trust the account, on a controller, then stop the space and run it again: ansible-playbook "
        f"mlops.studio_local_mode.trusted_accounts -e '{variables}'",
    )
