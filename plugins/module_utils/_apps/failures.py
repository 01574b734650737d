# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Messages for apps that do not get into service: AWS's capacity and quotas, or a lifecycle configuration. Pure."""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus

# FailureReason is text, but begins with a name like an error code (aws/amazon-sagemaker-feedback#99).
_NO_CAPACITY = ("EC2InsufficientCapacityError", "InsufficientInstanceCapacity", "CapacityError")


def explain_creation(error: Exception, specification: dict[str, t.Any]) -> str | None:
    """Return the message for an app that was refused or that failed at its start, or None for another failure."""
    instance = specification.get("ResourceSpec", {}).get("InstanceType", "its instance type")
    if isinstance(error, ClientError) and _is_quota(error):
        return (
            f"a service quota of the account is exhausted, and nothing is wrong with the app: {_text(error)} Stop "
            "other apps on this instance type or request an increase in Service Quotas, then run this again"
        )
    if isinstance(error, UnexpectedStatus) and capacity_code(error):
        return (
            f"AWS has no capacity for {instance} now, and nothing is wrong with the app: "
            f"{error.description.get('FailureReason')} Run this again in a few minutes"
        )
    if isinstance(error, UnexpectedStatus) and error.description.get("Status") == "Failed":
        return f"{error}{_lifecycle_config_log(error.description)}"
    return None


def _lifecycle_config_log(app: dict[str, t.Any]) -> str:
    """Return where a lifecycle configuration writes its output (AWS guide, jl-lcc-debug), if the app has one."""
    configs = (app.get("BuiltInLifecycleConfigArn"), app.get("ResourceSpec", {}).get("LifecycleConfigArn"))
    if not any(configs) or not app.get("SpaceName"):
        return ""
    stream = f"{app['DomainId']}/{app['SpaceName']}/{app['AppType']}/default/LifecycleConfigOnStart"
    return f". The output of its lifecycle configuration is in the CloudWatch log group /aws/sagemaker/studio, {stream}"


def capacity_code(error: Exception | None) -> str | None:
    """Return the name at the beginning of the FailureReason of an app that failed for lack of capacity, or None."""
    if not isinstance(error, UnexpectedStatus):
        return None
    reason = error.description.get("FailureReason") or ""
    return next((name for name in _NO_CAPACITY if reason.startswith(name)), None)


def _is_quota(error: ClientError) -> bool:
    return bool(is_boto3_error_code("ResourceLimitExceeded", e=error) is ClientError)


def _text(error: ClientError) -> str:
    return str(error.response["Error"].get("Message", ""))
