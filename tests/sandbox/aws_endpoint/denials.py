# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals of a call by IAM and before it: denied actions, an expired session, a wrong clock, a disabled region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from .aws_request import AwsRequest
from .calls import Call
from .controls import Controls
from .refusals import Refusal

# Code and HTTP status with which a service reports that IAM denies the call.
_DENIED = {"ec2": ("UnauthorizedOperation", 403), "iam": ("AccessDenied", 403), "sts": ("AccessDenied", 403)}
_SKEWED = "Signature expired: 20260131T120000Z is now earlier than 20260131T121000Z (20260131T122500Z - 15 min.)"


def refused_credentials(controls: Controls) -> Refusal | None:
    """The refusal of every call of SageMaker, if the controls want one."""
    if controls.expired_credentials:
        return Refusal("ExpiredTokenException", "The security token included in the request is expired")
    if controls.wrong_clock:
        return Refusal("InvalidSignatureException", _SKEWED)
    if controls.disabled_region:
        return Refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
    return None


def denial(controls: Controls, request: AwsRequest) -> Refusal | None:
    """The refusal of a call that the controls deny, in the service's own words, or None."""
    for action, arn in _needed_actions(request):
        pattern = controls.denied_actions.get(action)
        if pattern is not None and fnmatchcase(arn, pattern):
            reason = controls.denial_reasons.get(action, f"because no identity-based policy allows the {action} action")
            code, status = _DENIED.get(request.service, ("AccessDeniedException", 400))
            text = f"User: {request.principal} is not authorized to perform: {action} on resource: {arn} {reason}"
            return Refusal(code, text, status)
    return None


def _needed_actions(request: AwsRequest) -> Iterator[tuple[str, str]]:
    """(action, ARN) of all that IAM has to allow: the call itself, tags that it sets, roles that it passes."""
    arn = resource_arn(request)
    yield f"{request.service}:{request.operation}", arn
    if request.is_sagemaker and request.operation.startswith("Create") and request.parameters.get("Tags"):
        yield "sagemaker:AddTags", arn
    if request.is_sagemaker:
        for role in _roles(request.parameters):
            yield "iam:PassRole", role


def _roles(parameters: Any) -> Iterator[str]:
    if isinstance(parameters, Mapping):
        for name, value in parameters.items():
            if name == "ExecutionRole" and value:
                yield str(value)
            else:
                yield from _roles(value)


def resource_arn(request: AwsRequest | Call) -> str:
    """The ARN that IAM evaluates; for SageMaker's lists, any domain."""
    parameters = request.parameters
    if request.service == "iam":
        return str(parameters.get("PolicySourceArn", "*"))
    if request.service == "sts":
        return str(parameters.get("RoleArn", "*"))
    if request.service == "ecr":
        registry = parameters.get("registryId", request.account)
        return f"arn:aws:ecr:{request.region}:{registry}:repository/{parameters.get('repositoryName', '*')}"
    if request.service != "sagemaker":
        return "*"
    if arn := parameters.get("ResourceArn") or parameters.get("ResourceIdentifier"):
        return str(arn)
    return f"arn:aws:sagemaker:{request.region}:{request.account}:{subject(parameters)}"


def subject(parameters: Mapping[str, Any]) -> str:
    """The resource of the call, as the last part of its ARN."""
    if name := parameters.get("StudioLifecycleConfigName"):
        return f"studio-lifecycle-config/{name}"
    domain, space, profile = (parameters.get(name) for name in ("DomainId", "SpaceName", "UserProfileName"))
    if "AppName" in parameters:
        return f"app/{domain}/{space or profile}/{parameters.get('AppType')}/{parameters['AppName']}"
    if space or profile:
        return f"space/{domain}/{space}" if space else f"user-profile/{domain}/{profile}"
    return f"domain/{domain or '*'}"
