# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain
from botocore import exceptions

SKEWED = "Signature expired: 20260131T120000Z is now earlier than 20260131T121000Z (20260131T122500Z - 15 min.)"


def explained(code, text, region="eu-west-1"):
    return explain(exceptions.ClientError({"Error": {"Code": code, "Message": text}}, "ListDomains"), region)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
        ("InvalidSignatureException", SKEWED),
        ("SignatureDoesNotMatch", SKEWED),
        ("InvalidSignatureException", SKEWED.replace("expired", "not yet current")),
        ("RequestExpired", "Request has expired."),
    ],
)
def test_a_wrong_clock_is_named(code, text):
    message = explained(code, text)
    assert message.startswith("The clock of this machine is wrong")
    assert "`timedatectl set-ntp true`" in message


def test_another_wrong_signature_is_a_wrong_key():
    message = explained("InvalidSignatureException", "The request signature we calculated does not match")
    assert message.startswith("The AWS secret access key does not belong to the access key")


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"])
def test_a_region_that_must_be_enabled_may_be_disabled(code):
    invalid = "The security token included in the request is invalid."
    assert "`aws account get-region-opt-status --region-name af-south-1`" in explained(code, invalid, "af-south-1")
    for region in ("eu-west-1", "us-gov-west-1", "cn-north-1"):
        assert "may be disabled" not in explained(code, invalid, region)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.ProfileNotFound(profile="admin"), ["(admin)", "`aws configure list-profiles`"]),
        (
            exceptions.CredentialRetrievalError(provider="custom-process", error_msg="helper: no token"),
            ["credential helper", "helper: no token", "`aws configure get credential_process"],
        ),
        (FileNotFoundError(2, "No such file or directory", "/opt/helper"), ["credential_process", "/opt/helper"]),
        (EOFError(), ["MFA code", "no terminal", "`aws configure export-credentials"]),
        (exceptions.RefreshWithMFAUnsupportedError(), ["MFA code", "`aws configure export-credentials"]),
        (exceptions.ConfigParseError(path="/home/ada/.aws/config"), ["invalid", "/home/ada/.aws/config"]),
        (exceptions.InvalidRegionError(region_name="eu west"), ["eu west", "option region"]),
        (exceptions.ProxyConnectionError(proxy_url="http://proxy:3128"), ["http://proxy:3128", "HTTPS_PROXY"]),
        (exceptions.SSLError(endpoint_url="https://x", error="unknown CA"), ["unknown CA", "aws_ca_bundle"]),
        (exceptions.ReadTimeoutError(endpoint_url="https://x"), ["ReadTimeoutError", "https://x"]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_failure_has_its_name_and_its_remediation(error, expected):
    message = explain(error, "eu-west-1")
    assert [text for text in expected if text not in message] == []


def test_a_region_that_botocore_does_not_know_has_similar_names():
    error = exceptions.EndpointConnectionError(endpoint_url="https://api.sagemaker.eu-west-11.amazonaws.com/")
    message = explain(error, "eu-west-11")
    assert "knows no region 'eu-west-11'" in message
    assert "eu-west-1" in message.partition("did you mean ")[2]
