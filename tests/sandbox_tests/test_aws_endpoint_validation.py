# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's AWS endpoint refuses what breaks botocore's model of SageMaker, in AWS's words."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

DOMAIN_ID = "d-0123456789ab"


def refusal(endpoint, operation, request):
    """Code and message of the refusal of a request that reaches the endpoint as it is, unchecked by botocore."""
    client = endpoint.boto3()

    def send_as_is(params, **_event):
        params["body"] = json.dumps(request).encode()
        params["headers"]["X-Amz-Target"] = f"SageMaker.{operation}"

    client.meta.events.register("before-call.sagemaker", send_as_is)
    with pytest.raises(ClientError) as refused:
        client.list_domains()
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def update(docker_settings):
    return {"DomainId": DOMAIN_ID, "DomainSettingsForUpdate": {"DockerSettings": docker_settings}}


@pytest.mark.parametrize(
    ("operation", "request_", "violation"),
    [
        pytest.param(
            "UpdateDomain",
            {},
            "Value null at 'domainId' failed to satisfy constraint: Member must not be null",
            id="required",
        ),
        pytest.param(
            "DescribeDomain",
            {"DomainId": "research"},
            "Value 'research' at 'domainId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: d-(-*[a-z0-9]){1,61}",
            id="pattern",
        ),
        pytest.param(
            "UpdateDomain",
            update({"EnableDockerAccess": "yes"}),
            "Value 'yes' at 'domainSettingsForUpdate.dockerSettings.enableDockerAccess' failed to satisfy constraint: "
            "Member must satisfy enum value set: [ENABLED, DISABLED]",
            id="enum",
        ),
        pytest.param(
            "UpdateDomain",
            update({"VpcOnlyTrustedAccounts": ["111122223333", "12"]}),
            "Value '[111122223333, 12]' at 'domainSettingsForUpdate.dockerSettings.vpcOnlyTrustedAccounts' failed to "
            "satisfy constraint: Member must satisfy constraint: [Member must have length greater than or equal to 12]",
            id="an item of a list",
        ),
        pytest.param(
            "UpdateDomain",
            update({"VpcOnlyTrustedAccounts": ["twelve-chars"]}),
            "Value '[twelve-chars]' at 'domainSettingsForUpdate.dockerSettings.vpcOnlyTrustedAccounts' failed to "
            "satisfy constraint: "
            r"Member must satisfy constraint: [Member must satisfy regular expression pattern: \d+]",
            id="the pattern of an item",
        ),
        pytest.param(
            "UpdateDomain",
            update({"VpcOnlyTrustedAccounts": 111122223333}),
            "Value '111122223333' at 'domainSettingsForUpdate.dockerSettings.vpcOnlyTrustedAccounts' failed to satisfy "
            "constraint: Member must be of type list",
            id="type",
        ),
        pytest.param(
            "UpdateDomain",
            update({"VpcOnlyTrustedAccounts": [11122223333]}),
            "Value '11122223333' at 'domainSettingsForUpdate.dockerSettings.vpcOnlyTrustedAccounts.1.member' failed to "
            "satisfy constraint: Member must be of type string",
            id="the type of an item",
        ),
        pytest.param(
            "ListDomains",
            {"MaxResults": 101},
            "Value '101' at 'maxResults' failed to satisfy constraint: "
            "Member must have value less than or equal to 100",
            id="maximum",
        ),
        pytest.param(
            "ListDomains",
            {"MaxResults": 0},
            "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
            id="minimum",
        ),
        pytest.param(
            "CreateDomain",
            {"DomainName": "a", "AuthMode": "IAM", "DefaultUserSettings": {}, "Tags": [{"Key": "team"}]},
            "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
            id="required in a list of structures",
        ),
    ],
)
def test_a_request_that_breaks_the_model_is_refused(endpoint, operation, request_, violation):
    code, message = refusal(endpoint, operation, request_)
    assert (code, message) == ("ValidationException", f"1 validation error detected: {violation}")


def test_more_than_twenty_trusted_accounts_are_too_many(endpoint):
    accounts = [f"{number:012}" for number in range(21)]
    _code, message = refusal(endpoint, "UpdateDomain", update({"VpcOnlyTrustedAccounts": accounts}))
    assert message.endswith("failed to satisfy constraint: Member must have length less than or equal to 20")


def test_all_violations_are_told_at_once(endpoint):
    _code, message = refusal(endpoint, "CreateDomain", {"DomainName": "a b", "AuthMode": "PAM"})
    assert message.startswith("3 validation errors detected: Value null at 'defaultUserSettings'")
    assert "Value 'a b' at 'domainName'" in message
    assert "Value 'PAM' at 'authMode'" in message


def test_unicode_patterns_of_the_model_are_understood(endpoint):
    endpoint.domain(tags={"équipe": "données 1"})
    [domain] = endpoint.boto3().list_domains()["Domains"]
    request = {"ResourceArn": domain["DomainArn"], "Tags": [{"Key": "team!", "Value": ""}]}
    assert "Value 'team!' at 'tags.1.member.key'" in refusal(endpoint, "AddTags", request)[1]


def test_a_member_that_the_model_does_not_know_is_refused(endpoint):
    _code, message = refusal(endpoint, "UpdateDomain", {"DomainId": DOMAIN_ID, "DockerSettings": {}})
    assert "at 'dockerSettings' failed to satisfy constraint: Member is not known to UpdateDomainRequest" in message


def test_a_body_that_is_no_object_is_refused(endpoint):
    assert refusal(endpoint, "ListDomains", ["MaxResults"])[0] == "SerializationException"


@pytest.mark.parametrize(
    ("operation", "code"),
    [("UpdateStudio", "UnknownOperationException"), ("CreateWorkforce", "NotImplemented")],
)
def test_an_operation_that_is_not_there_is_said_to_be_missing(endpoint, operation, code):
    request = {"WorkforceName": "w"} if code == "NotImplemented" else {}
    assert refusal(endpoint, operation, request)[0] == code
