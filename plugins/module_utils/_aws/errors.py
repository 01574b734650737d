# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Failures that come from AWS: as a message for the user, and as return values that C(rescue) can branch on."""

from __future__ import annotations

import traceback
import typing as t

try:
    from botocore import exceptions

    _BOTOCORE_ERROR: t.Any = exceptions.BotoCoreError
except ImportError:
    # AnsibleAWSModule reports the missing library.
    _BOTOCORE_ERROR = Exception

from ansible_collections.amazon.aws.plugins.module_utils.botocore import gather_sdk_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.connection_failures import (
    explain_connection,
    explain_refused_credentials,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.denials import explain_denial, read_denial

_DENIED = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"})
_THROTTLED = frozenset({"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"})


class ResourceError(Exception):
    """A failure of one resource or one call; the message is for the user."""


class NothingSelected(ResourceError):
    """Patterns and tags select nothing. With many accounts, that is a failure only if they select nothing in any."""


class CallError(ResourceError, _BOTOCORE_ERROR):
    """A call that was not sent to AWS. It is an error of botocore as well: where those are handled, it is, too."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


class SettingsError(ValueError):
    """Settings that SageMaker would refuse; the message names the accepted values."""


def is_denied(error: BaseException | None) -> bool:
    """Whether AWS refused the call because the credentials lack an IAM action."""
    return isinstance(error, exceptions.ClientError) and error.response["Error"]["Code"] in _DENIED


def is_throttled(error: BaseException | None) -> bool:
    """Whether AWS refused the call because there were too many in a short time."""
    return isinstance(error, exceptions.ClientError) and error.response["Error"]["Code"] in _THROTTLED


def aws_error(error: BaseException | None) -> dict[str, str] | None:
    """Return the code and the message of the AWS failure that C(error) is or was raised from; None without one.

    The code of an error that botocore raises before AWS answers is the name of its class (C(NoCredentialsError)).
    """
    while error is not None:
        if isinstance(error, ResourceError):
            error = error.__cause__
            continue
        if isinstance(error, exceptions.ClientError):
            details = error.response["Error"]
            return {"code": details["Code"], "message": details.get("Message", "")}
        if isinstance(error, exceptions.BotoCoreError):
            return {"code": type(error).__name__, "message": str(error)}
        error = error.__cause__
    return None


def failure_values(error: dict[str, str] | None) -> dict[str, t.Any]:
    """Return what a module adds to fail_json() when the failure comes from AWS, as amazon.aws's fail_json_aws() does.

    C(error) is what aws_error() returned; None, a failure that does not come from AWS, adds nothing::

        except ResourceError as error:
            module.fail_json(msg=str(error), **failure_values(aws_error(error)))
    """
    return {"error": error, **gather_sdk_versions()} if error else {}


def first_failure(results: t.Iterable[t.Any]) -> dict[str, t.Any]:
    """Return failure_values() of the first result with an C(aws_error): for a module that works on many resources::

    module.fail_json(msg=failure_message(results), domains=[...], **first_failure(results))
    """
    return failure_values(next((result.aws_error for result in results if result.aws_error), None))


def defect(error: Exception) -> ResourceError:
    """Return the failure of one of many places for an exception that nobody expected: the others are done."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
    failure = ResourceError(
        f"{type(error).__name__}: {error} ({place}). This is a defect of the collection: report it at "
        "https://github.com/mlops/ansible-studio-local-mode/issues"
    )
    failure.__cause__ = error
    return failure


def explain(error: Exception, region: str | None, service: str = "sagemaker") -> str:
    """Return a message for an exception of botocore: the problem, the place, the remediation.

    C(service) is the prefix of the IAM actions. The code decides, not the text: botocore's model of SageMaker has no
    ValidationException, ThrottlingException or AccessDeniedException, so that no exception classes exist for them.
    """
    if isinstance(error, ResourceError):
        return str(error)
    if isinstance(error, exceptions.ClientError):
        return _explain_client_error(error, region, service)
    return explain_connection(error, region, service) or f"{type(error).__name__}: {error}"


def was_refused(error: exceptions.ClientError) -> bool:
    """Whether the call certainly had no effect; after a 5xx or a lost response nobody knows."""
    return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] < 500)


def _explain_client_error(error: exceptions.ClientError, region: str | None, service: str) -> str:
    code = error.response["Error"]["Code"]
    text = error.response["Error"].get("Message", "")
    if is_denied(error):
        denial = read_denial(text, f"{service}:{error.operation_name}")
        return f"{explain_denial(denial, region, service)} ({code}: {text})"
    refused = explain_refused_credentials(code, text, region)
    place = f" in {region}" if region else ""
    # ListTags, for example, refuses an app that failed without a text (terraform-provider-aws#27265).
    return refused or f"{error.operation_name}{place}: {code}: {text or 'AWS gives no further reason'}"
