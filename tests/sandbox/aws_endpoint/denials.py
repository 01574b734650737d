# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals of a call by IAM and before it: denied actions, an expired session, a wrong clock, a disabled region."""

from __future__ import annotations

from fnmatch import fnmatchcase

from .aws_request import AwsRequest
from .controls import Controls
from .refusals import Refusal
from .required_actions import required_actions

# Code and HTTP status with which a service reports that IAM denies the call.
_DENIED = {
    "ec2": ("UnauthorizedOperation", 403),
    "iam": ("AccessDenied", 403),
    "s3": ("AccessDenied", 403),
    "sts": ("AccessDenied", 403),
}
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
    for action, arn in required_actions(request):
        pattern = controls.denied_actions.get(action)
        if pattern is not None and fnmatchcase(arn, pattern):
            reason = controls.denial_reasons.get(action, f"because no identity-based policy allows the {action} action")
            code, status = _DENIED.get(request.service, ("AccessDeniedException", 400))
            text = f"User: {request.principal} is not authorized to perform: {action} on resource: {arn} {reason}"
            return Refusal(code, text, status)
    return None
