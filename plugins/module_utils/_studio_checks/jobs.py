# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What became of a container and of a job that were run to prove local mode, in the words of Studio's denials."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    Finding,
    skipped,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import NOT_ECR, explain

_CONTAINER = "a container runs on network sagemaker"
_JOB = "a job of the SageMaker SDK with instance_type='local' runs and leaves its model"
# Why a run failed whose output has no known symptom, and what to do.
_UNKNOWN = ("It failed for a reason that is not known to be Studio's.", "Run it by hand in a terminal of the app.")
# sagemaker-train, templates.py: what its jobs start with needs all three, and the SDK does not say that one is missing.
_SDK_3 = (
    f"{_UNKNOWN[0]} The SDK 3 needs bash, python3 and pip in the image.",
    "See whether they are there: docker run --rm --network=sagemaker --entrypoint=sh IMAGE -c "
    "'command -v bash python3 && { command -v pip3 || command -v pip; }'",
)
_LONGEST = 600  # characters of an output; its end tells why it failed
_DENIED_IMAGE = re.compile(rf"Image (\S+) {NOT_ECR}")
# Amazon ECR: private registries.
_PRIVATE_ECR = re.compile(r"([0-9]{12})\.dkr\.ecr[a-z0-9.-]*\.amazonaws\.com(\.cn)?/")


def container(app: Mapping[str, Any], result: Mapping[str, Any] | None) -> Finding:
    """Return what the registered result of a C(docker run) says; None or a skipped task when there was none."""
    if result is None or _not_run(result):
        remediation = "Set local_mode_check_run_container: true to have one run."
        return skipped("container", "It was not asked for.", _CONTAINER, remediation)
    if result["rc"] == 0:
        return Finding("container", OK, "it ran", _CONTAINER)
    return _failed("container", app, result, _CONTAINER)


def sdk_job(app: Mapping[str, Any], result: Mapping[str, Any] | None) -> Finding:
    """Return what the registered result of the role's job says; None or a skipped task when there was none."""
    version = app["sagemaker_sdk_version"]
    if result is None or _not_run(result):
        reason = "It was not asked for."
        if version is None:
            reason = "There is no SageMaker SDK in the app's Python."
        return skipped("sdk_job", reason, _JOB, "Set local_mode_check_run_job: true to have one run.")
    if result["rc"] == 0:
        return Finding("sdk_job", OK, f"it ran, with SDK {version}", _JOB)
    is_sdk_3 = int(version.partition(".")[0]) >= 3
    return _failed("sdk_job", app, result, _JOB, _SDK_3 if is_sdk_3 else _UNKNOWN)


def _not_run(result: Mapping[str, Any] | None) -> bool:
    return result is None or bool(result.get("skipped")) or result.get("rc") is None


def _failed(
    check: str,
    app: Mapping[str, Any],
    result: Mapping[str, Any],
    expected: str,
    otherwise: tuple[str, str] = _UNKNOWN,
) -> Finding:
    """Return the finding on a run that failed; `otherwise` is why, and what to do, where the output has no symptom."""
    output = "\n".join(str(result.get(name) or "") for name in ("stdout", "stderr")).strip()
    output = output or str(result.get("msg") or "")
    observed = output[-_LONGEST:] or f"exit status {result['rc']}"
    denied = _DENIED_IMAGE.search(output)
    if denied:
        return Finding(check, FAILED, observed, expected, *_denied_image(app, denied.group(1)))
    symptom = explain(output)
    reason, remediation = (symptom.reason, symptom.remediation) if symptom else otherwise
    return Finding(check, FAILED, observed, expected, reason, remediation)


def _denied_image(app: Mapping[str, Any], image: str) -> tuple[str, str]:
    ecr = _PRIVATE_ECR.match(image)
    if ecr is None:
        return (
            f"The domain is VPC-only, and {image} is in no private ECR: it cannot be used there, whatever the domain "
            "trusts.",
            "Where there is internet: docker pull, docker tag and docker push it to private ECR of the domain's own "
            "account or of one that it trusts. Or give the domain rootless Docker, which takes any image.",
        )
    account = ecr.group(1)
    domain = (app["resource_metadata"] or {}).get("domain_id") or "DOMAIN_ID"
    variables = json.dumps({"domain_docker_access_domains": [domain], "domain_docker_access_accounts": [account]})
    return (
        f"The domain is VPC-only and does not trust account {account}, to which the image belongs.",
        f"Add {account} from a controller: ansible-playbook mlops.studio_local_mode.trusted_accounts -e '{variables}'. "
        "Then stop the space and run it again.",
    )
