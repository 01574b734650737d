# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The refusals of StartSession: what AWS answers, what it means, and the remediation. Pure.

AWS documents ResourceNotFound and ResourceLimitExceeded only; the other texts are those that its own clients and their
users report. So the code decides, and the text only within ValidationException.
"""

from __future__ import annotations

import re

from ...module_utils._aws.connection_failures import explain_refused_credentials
from ...module_utils._aws.denials import explain_denial, read_denial
from .endings import check_app
from .request import SpaceName

_TEMPORARY = frozenset(
    {
        # The agent in the app needs some seconds after the app is InService.
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
THROTTLED = frozenset({"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_QUOTAS = frozenset({"LimitExceededException", "ServiceQuotaExceededException"})
_NOT_READY = frozenset(
    {
        "Conflict",
        "ConflictException",
        "ResourceInUse",
        "ResourceInUseException",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "ValidationException",
    }
)
_UNKNOWN_OPERATION = frozenset({"404", "InvalidAction", "UnknownOperation", "UnknownOperationException"})
# "does not have remote access enabled", but not "was not restarted after remote access was enabled".
_OFF = re.compile(r"(\bnot|n't) (have (\w+ )*)?enabled\b|\bdisabled\b")


def is_temporary(code: str) -> bool:
    """Whether the call may succeed some seconds later. A proxy's error page has its HTTP status for a code."""
    return code in _TEMPORARY or (code.isdecimal() and code.startswith("5"))


def explain_refusal(code: str, text: str, space: SpaceName) -> str:
    """Return the message for an error answer of StartSession."""
    by_credentials = explain_refused_credentials(code, text, space.region)
    if by_credentials:
        return by_credentials
    if code in _DENIED:
        return f"{explain_denial(read_denial(text, 'sagemaker:StartSession'), space.region, 'sagemaker')} ({text})"
    name = f"space {space.space} of domain {space.domain_id}"
    said = f"({code}: {text})"
    if code == "ResourceLimitExceeded":
        return (
            f"The {name} has its 10 connections already {said}. Close editors and terminals that are connected to it, "
            "or wait until their sessions end."
        )
    if "remote access" in text.lower() and _OFF.search(text.lower()):
        return (
            f"Remote access is off for {name} {said}. Enable it with mlops.studio_local_mode.sagemaker_studio_space "
            "(remote_access: true, restart: true): only an app that starts afterwards has it."
        )
    if code in _NOT_READY:
        return (
            f"No session with {name} can be started {said}. Its app has to be InService, younger than the change of "
            f"remote access, and on an instance type with at least 8 GiB of memory: `{space.list_apps}` shows it."
        )
    if code in _QUOTAS:
        return (
            f"A quota of the account prevents a session with {name} {said}. Wait until other sessions end, or request "
            f"more: `aws service-quotas list-service-quotas --region {space.region} --service-code sagemaker` lists "
            "them."
        )
    if code in _UNKNOWN_OPERATION:
        return (
            f"The endpoint of {space.region} has no StartSession, which {name} needs {said}. Check "
            "studio_ssh_endpoint_url and `env | grep AWS_ENDPOINT_URL`. Not every region has remote access."
        )
    if code in THROTTLED:
        return (
            f"SageMaker starts no session with {name}, because the account calls it too often {said}. Work in fewer "
            "spaces at the same time: `--forks 5`, or serial in the play."
        )
    if is_temporary(code):
        return (
            f"SageMaker cannot start a session with {name} now {said}. The app may have started a moment ago: run the "
            "playbook again in a minute. If it stays so, restart the app."
        )
    return f"SageMaker refuses the session with {name} {said}. {check_app(space)}"
