# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import boto3
import botocore
import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    aws_error,
    explain,
    failure_values,
    first_failure,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
from botocore import exceptions


def client_error(code, message="text", operation="UpdateDomain"):
    return exceptions.ClientError({"Error": {"Code": code, "Message": message}}, operation)


DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: sagemaker:UpdateDomain "
    "on resource: "
    "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1 because no identity-based policy allows it"
)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            client_error("AccessDeniedException", DENIED),
            [
                "IAM action sagemaker:UpdateDomain",
                "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1",
                "add it to the role's policy",
            ],
        ),
        (client_error("ExpiredTokenException"), ["expired", "aws sso login"]),
        (
            client_error("UnrecognizedClientException"),
            ["does not accept the credentials", "aws sts get-caller-identity"],
        ),
        (
            client_error("ValidationException", "", "ListTags"),
            ["ListTags in eu-west-1: ValidationException: AWS gives no further reason"],
        ),
        (
            client_error("ValidationException", "1 validation error"),
            ["UpdateDomain in eu-west-1", "1 validation error"],
        ),
        (exceptions.NoCredentialsError(), ["AWS_ACCESS_KEY_ID", "AWX"]),
        (exceptions.UnauthorizedSSOTokenError(), ["aws sso login"]),
        (
            exceptions.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"),
            ["aws sso login"],
        ),
        (
            exceptions.EndpointConnectionError(endpoint_url="https://x"),
            ["https://x", "'eu-west-1' is the right"],
        ),
        (
            exceptions.ParamValidationError(report="Unknown parameter"),
            ["botocore", "newer", "Unknown parameter"],
        ),
        (exceptions.ConnectionClosedError(endpoint_url="https://x"), ["ConnectionClosedError", "https://x"]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_message_has_the_problem_and_the_remediation(error, expected):
    message = explain(error, "eu-west-1")
    assert [text for text in expected if text not in message] == []


@pytest.mark.parametrize(("code", "service"), [("UnauthorizedOperation", "ec2"), ("AccessDenied", "iam")])
def test_the_missing_action_has_the_prefix_of_the_service(code, service):
    error = client_error(code, operation="DescribeThings")
    assert is_denied(error)
    assert f"lack the IAM action {service}:DescribeThings" in explain(error, "eu-west-1", service)


@pytest.mark.parametrize("error", [client_error("ValidationException"), exceptions.NoCredentialsError(), None])
def test_other_errors_are_no_denials(error):
    assert not is_denied(error)


def raised_from(cause):
    try:
        raise ResourceError("message for the user") from cause
    except ResourceError as error:
        return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (client_error("ThrottlingException"), {"code": "ThrottlingException", "message": "text"}),
        (raised_from(client_error("ResourceInUse")), {"code": "ResourceInUse", "message": "text"}),
        (exceptions.NoCredentialsError(), {"code": "NoCredentialsError", "message": "Unable to locate credentials"}),
        (raised_from(ValueError("not from AWS")), None),
        (None, None),
    ],
    ids=["client-error", "cause", "before-an-answer", "other", "none"],
)
def test_aws_error_is_the_code_and_the_message(error, expected):
    assert aws_error(error) == expected


def test_failure_values_name_the_error_and_the_libraries():
    error = aws_error(client_error("ResourceInUse"))
    assert failure_values(error) == {
        "error": error,
        "boto3_version": boto3.__version__,
        "botocore_version": botocore.__version__,
    }
    assert failure_values(None) == {}


def test_the_first_result_that_aws_failed_names_the_error():
    results = [ResourceResult("d-1"), ResourceResult("d-2"), ResourceResult("d-3")]
    results[1].fail(client_error("AccessDeniedException", DENIED), "eu-west-1")
    results[2].fail(client_error("ResourceInUse"), "eu-west-1")
    assert [result.error_code for result in results] == [None, "AccessDeniedException", "ResourceInUse"]
    assert [result.denied for result in results] == [False, True, False]
    assert first_failure(results)["error"] == {"code": "AccessDeniedException", "message": DENIED}
    assert first_failure(results[:1]) == {}
