# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that the controls request: calls refused before any operation sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID

from .aws_request import AwsRequest
from .controls import ControlDesk, Controls

# Code and HTTP status with which a service reports that IAM denies the call.
_DENIED = {"ec2": ("UnauthorizedOperation", 403), "iam": ("AccessDenied", 403)}
PRINCIPAL = f"arn:aws:sts::{DEFAULT_ACCOUNT_ID}:assumed-role/sandbox/ansible"


@dataclass(frozen=True)
class Refusal:
    """An error answer of AWS, whatever its protocol."""

    code: str
    message: str
    status: int = 400


@dataclass(frozen=True)
class ProxyPage:
    """A page of a proxy between the caller and AWS, in place of AWS's answer."""

    status: int

    body = b"<html><head><title>Access denied</title></head><body>The proxy denies this.</body></html>"


@dataclass(frozen=True)
class Drop:
    """The connection is closed without an answer, before or after the call had its effect."""

    after_effect: bool


def next_fault(desk: ControlDesk, request: AwsRequest) -> Refusal | ProxyPage | Drop | None:
    """The fault for this call, or None. Counts the calls of SageMaker, whose faults are the most."""
    if not request.is_sagemaker:
        return _fault_of_any_service(desk.controls, request)
    controls, call_number, busy = desk.count(request.operation)
    if page := _proxy_page(controls, request):
        return page
    if refusal := _refused_by_credentials(controls, request):
        return refusal
    if _is_nth(call_number, controls.drop_every):
        return Drop(after_effect=controls.drop_moment == "after")
    if _is_nth(call_number, controls.error_every):
        return Refusal("InternalFailure", "The request processing has failed because of an unknown error.", 500)
    if _is_nth(call_number, controls.throttle_every):
        return Refusal("ThrottlingException", "Rate exceeded")
    if busy:
        return Refusal("ResourceInUse", f"{_subject(request.parameters)} is busy.")
    return None


def _fault_of_any_service(controls: Controls, request: AwsRequest) -> Refusal | ProxyPage | None:
    return _proxy_page(controls, request) or denial(controls, request)


def _proxy_page(controls: Controls, request: AwsRequest) -> ProxyPage | None:
    status = controls.proxy_pages.get(f"{request.service}:{request.operation}")
    return ProxyPage(status) if status else None


def _is_nth(number: int, every: int) -> bool:
    return every > 0 and number % every == 0


def _refused_by_credentials(controls: Controls, request: AwsRequest) -> Refusal | None:
    if controls.expired_credentials:
        return Refusal("ExpiredTokenException", "The security token included in the request is expired")
    return denial(controls, request)


def denial(controls: Controls, request: AwsRequest) -> Refusal | None:
    """The refusal of a call that the controls deny, in the service's own words, or None."""
    action = f"{request.service}:{request.operation}"
    pattern = controls.denied_actions.get(action)
    arn = resource_arn(request)
    if pattern is None or not fnmatchcase(arn, pattern):
        return None
    code, status = _DENIED.get(request.service, ("AccessDeniedException", 400))
    return Refusal(
        code,
        f"User: {PRINCIPAL} is not authorized to perform: {action} on resource: {arn} "
        f"because no identity-based policy allows the {action} action",
        status,
    )


def resource_arn(request: AwsRequest) -> str:
    """The ARN that IAM evaluates; for SageMaker's lists, any domain."""
    parameters = request.parameters
    if request.service == "iam":
        return str(parameters.get("PolicySourceArn", "*"))
    if request.service == "ecr":
        registry = parameters.get("registryId", DEFAULT_ACCOUNT_ID)
        return f"arn:aws:ecr:{request.region}:{registry}:repository/{parameters.get('repositoryName', '*')}"
    if request.service != "sagemaker":
        return "*"
    if arn := parameters.get("ResourceArn"):
        return str(arn)
    return f"arn:aws:sagemaker:{request.region}:{DEFAULT_ACCOUNT_ID}:{_subject(parameters)}"


def _subject(parameters: Mapping[str, Any]) -> str:
    """The resource of the call, as the last part of its ARN."""
    if name := parameters.get("StudioLifecycleConfigName"):
        return f"studio-lifecycle-config/{name}"
    domain, space, profile = (parameters.get(name) for name in ("DomainId", "SpaceName", "UserProfileName"))
    if "AppName" in parameters:
        return f"app/{domain}/{space or profile}/{parameters.get('AppType')}/{parameters['AppName']}"
    if space or profile:
        return f"space/{domain}/{space}" if space else f"user-profile/{domain}/{profile}"
    return f"domain/{domain or '*'}"
