# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain, is_denied
from botocore import exceptions


def client_error(code, message="text", operation="UpdateDomain"):
    return exceptions.ClientError({"Error": {"Code": code, "Message": message}}, operation)


DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized to perform: sagemaker:UpdateDomain "
    "on resource: "
    "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1 because no identity-based policy allows it"
)


@pytest.mark.parametrize(
    ("error", "says"),
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
            client_error("ValidationException", "1 validation error"),
            ["UpdateDomain in eu-west-1", "1 validation error"],
        ),
        (exceptions.NoCredentialsError(), ["AWS_ACCESS_KEY_ID", "AWX"]),
        (exceptions.UnauthorizedSSOTokenError(), ["aws sso login"]),
        (
            exceptions.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"),
            ["aws sso login"],
        ),
        (exceptions.EndpointConnectionError(endpoint_url="https://x"), ["https://x", "'eu-west-1' the right region"]),
        (exceptions.ParamValidationError(report="Unknown parameter"), ["botocore", "too old", "Unknown parameter"]),
        (exceptions.ConnectionClosedError(endpoint_url="https://x"), ["ConnectionClosedError", "https://x"]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_explain_says_what_is_wrong_and_what_to_do(error, says):
    message = explain(error, "eu-west-1")
    assert [text for text in says if text not in message] == []


@pytest.mark.parametrize(("code", "service"), [("UnauthorizedOperation", "ec2"), ("AccessDenied", "iam")])
def test_the_missing_action_is_that_of_the_service_that_was_asked(code, service):
    error = client_error(code, operation="DescribeThings")
    assert is_denied(error)
    assert f"lack the IAM action {service}:DescribeThings" in explain(error, "eu-west-1", service)


@pytest.mark.parametrize("error", [client_error("ValidationException"), exceptions.NoCredentialsError(), None])
def test_what_is_no_denial(error):
    assert not is_denied(error)
