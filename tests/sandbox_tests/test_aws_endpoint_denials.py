# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint's denials, in AWS's words."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws_endpoint.client import ROLE, SUBNETS, VPC

NEW = {
    "DomainName": "new",
    "AuthMode": "IAM",
    "DefaultUserSettings": {"ExecutionRole": ROLE},
    "VpcId": VPC,
    "SubnetIds": SUBNETS,
}
SCP = "with an explicit deny in a service control policy"


def refused(call, **parameters):
    """The code and the text of the refusal of this call."""
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("action", "resource", "request_members"),
    [
        ("iam:PassRole", ROLE, {}),
        ("sagemaker:AddTags", "domain/*", {"Tags": [{"Key": "team", "Value": "platform"}]}),
    ],
)
def test_a_creation_needs_the_actions_that_it_implies(endpoint, action, resource, request_members):
    endpoint.controls(denied_actions={action: "*"})
    code, message = refused(endpoint.boto3().create_domain, **NEW, **request_members)
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: {action} on resource: " in message
    assert f"{resource} because no identity-based policy allows the {action} action" in message


def test_a_creation_without_tags_needs_no_permission_to_tag(endpoint):
    endpoint.controls(denied_actions={"sagemaker:AddTags": "*"})
    endpoint.boto3().create_domain(**NEW)


def test_a_denial_names_the_kind_of_policy(endpoint):
    endpoint.controls(denied_actions={"sagemaker:ListDomains": "*"}, denial_reasons={"sagemaker:ListDomains": SCP})
    _code, message = refused(endpoint.boto3().list_domains)
    assert message.endswith(f"domain/* {SCP}")


@pytest.mark.parametrize(
    ("control", "code", "text"),
    [
        ("wrong_clock", "InvalidSignatureException", "Signature expired"),
        ("disabled_region", "UnrecognizedClientException", "security token included in the request is invalid"),
        ("expired_credentials", "ExpiredTokenException", "expired"),
    ],
)
def test_credentials_that_aws_refuses(endpoint, control, code, text):
    endpoint.controls(**{control: True})
    found, message = refused(endpoint.boto3().list_domains)
    assert found == code
    assert text in message
