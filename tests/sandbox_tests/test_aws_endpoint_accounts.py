# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint's many accounts and regions: whose call it is, AssumeRole, Organizations, the regions of an account."""

from __future__ import annotations

import time

import boto3
import pytest
from botocore.exceptions import ClientError

MANAGEMENT = "123456789012"
REGIONS = ["eu-west-1", "us-east-1"]


def code(call, **parameters):
    """The error code of this call."""
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]["Code"]


def assume(endpoint, role_arn, **parameters):
    """The credentials of the role, as the arguments of a boto3 client."""
    sts = endpoint.boto3("sts")
    found = sts.assume_role(RoleArn=role_arn, RoleSessionName="test", **parameters)["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


def client(endpoint, service, credentials, region="eu-west-1"):
    return boto3.client(service, region_name=region, endpoint_url=endpoint.url, **credentials)


def domain_ids(sagemaker):
    return [domain["DomainId"] for domain in sagemaker.list_domains(MaxResults=100)["Domains"]]


def test_an_organization_is_made_in_one_call_and_each_account_and_region_has_its_domains(endpoint):
    made = endpoint.organization(accounts=2, units=["Prod", "Dev"], regions=REGIONS, domains=2)
    for account in made["accounts"]:
        credentials = assume(endpoint, account["role_arn"])
        for region in REGIONS:
            assert domain_ids(client(endpoint, "sagemaker", credentials, region)) == account["domains"][region]
            assert len(account["domains"][region]) == 2
    assert domain_ids(endpoint.boto3()) == []


def test_a_role_is_assumed_in_its_account(endpoint):
    [account] = endpoint.organization(accounts=1)["accounts"]
    found = client(endpoint, "sts", assume(endpoint, account["role_arn"])).get_caller_identity()
    assert found["Account"] == account["id"]
    assert found["Arn"] == f"arn:aws:sts::{account['id']}:assumed-role/studio-local-mode/test"


@pytest.mark.parametrize(
    ("member", "external_id", "allowed"),
    [
        ({}, None, True),
        ({"external_id": "ansible"}, "ansible", True),
        ({"external_id": "ansible"}, "other", False),
        ({"external_id": "ansible"}, None, False),
        ({"trust": ["arn:aws:iam::999999999999:root"]}, None, False),
        ({"trust": [f"arn:aws:iam::{MANAGEMENT}:role/sandbox"]}, None, True),
        ({"role": ""}, None, False),
        ({"state": "SUSPENDED"}, None, False),
    ],
)
def test_the_trust_policy_decides(endpoint, member, external_id, allowed):
    [account] = endpoint.organization(accounts=[member])["accounts"]
    arn = f"arn:aws:iam::{account['id']}:role/studio-local-mode"
    parameters = {"ExternalId": external_id} if external_id else {}
    if allowed:
        assert assume(endpoint, arn, **parameters)
        return
    with pytest.raises(ClientError) as raised:
        assume(endpoint, arn, **parameters)
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    assert raised.value.response["Error"]["Message"] == (
        f"User: arn:aws:sts::{MANAGEMENT}:assumed-role/sandbox/ansible is not authorized to perform: sts:AssumeRole "
        f"on resource: {arn}"
    )


def test_an_account_outside_of_the_organization_has_no_role(endpoint):
    request = {"RoleArn": "arn:aws:iam::999900000001:role/studio-local-mode", "RoleSessionName": "test"}
    assert endpoint.boto3("sts").assume_role(**request)
    endpoint.organization(accounts=1)
    assert code(endpoint.boto3("sts").assume_role, **request) == "AccessDenied"


def test_a_session_is_no_longer_than_its_role_allows(endpoint):
    [account] = endpoint.organization(accounts=[{"max_session": 7200}])["accounts"]
    assert assume(endpoint, account["role_arn"], DurationSeconds=7200)
    sts = endpoint.boto3("sts")
    asked = {"RoleArn": account["role_arn"], "RoleSessionName": "test"}
    assert code(sts.assume_role, **asked, DurationSeconds=7201) == "ValidationError"


def test_credentials_expire_and_a_wrong_token_is_invalid(endpoint):
    [account] = endpoint.organization(accounts=1)["accounts"]
    endpoint.controls(session_seconds=0.5)
    credentials = assume(endpoint, account["role_arn"])
    sagemaker = client(endpoint, "sagemaker", credentials)
    sagemaker.list_domains()
    wrong = {**credentials, "aws_session_token": "x"}
    assert code(client(endpoint, "sagemaker", wrong).list_domains) == "UnrecognizedClientException"
    time.sleep(0.6)
    assert code(sagemaker.list_domains) == "ExpiredTokenException"
    assert code(client(endpoint, "sts", credentials).get_caller_identity) == "ExpiredToken"


def test_a_region_that_is_not_enabled_refuses_the_credentials_in_each_service_s_words(endpoint):
    expected = {
        "sagemaker": ("list_domains", "UnrecognizedClientException"),
        "cloudtrail": ("describe_trails", "UnrecognizedClientException"),
        "sts": ("get_caller_identity", "InvalidClientTokenId"),
        "ec2": ("describe_vpcs", "AuthFailure"),
    }
    for service, (operation, error) in expected.items():
        there = endpoint.at("111100000001", "eu-south-1").boto3(service)
        assert code(getattr(there, operation)) == error
    endpoint.region_status("111100000001", eu_south_1="ENABLED")
    assert endpoint.at("111100000001", "eu-south-1").boto3().list_domains()["Domains"] == []
    assert code(endpoint.at("111100000002", "eu-south-1").boto3().list_domains) == "UnrecognizedClientException"


def test_the_regions_of_an_account_are_listed_in_pages_and_by_status(endpoint):
    endpoint.organization(accounts=[{"regions": {"eu-south-1": "ENABLED", "us-west-2": "DISABLED"}}])
    account = endpoint.at("111100000001").boto3("account")
    paginator = account.get_paginator("list_regions")
    pages = paginator.paginate(
        RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"], PaginationConfig={"PageSize": 5}
    )
    found = {region["RegionName"]: region["RegionOptStatus"] for page in pages for region in page["Regions"]}
    assert found["eu-south-1"] == "ENABLED"
    assert found["eu-west-1"] == "ENABLED_BY_DEFAULT"
    assert not {"us-west-2", "eu-south-2"} & set(found)


def test_the_management_account_and_a_delegated_administrator_list_the_regions_of_members(endpoint):
    endpoint.organization(accounts=[{"regions": {"eu-south-1": "ENABLED"}}, {"delegated": True}, {}])
    for asking in (MANAGEMENT, "111100000002"):
        answer = endpoint.at(asking).boto3("account").list_regions(AccountId="111100000001")
        assert {"RegionName": "eu-south-1", "RegionOptStatus": "ENABLED"} in answer["Regions"]
    refused = endpoint.at("111100000003").boto3("account").list_regions
    assert code(refused, AccountId="111100000001") == "AccessDeniedException"
    management = endpoint.boto3("account").list_regions
    assert code(management, AccountId=MANAGEMENT) == "ValidationException"
    assert code(management, AccountId="999999999999") == "ValidationException"


def test_without_trusted_access_nobody_lists_the_regions_of_another_account(endpoint):
    endpoint.organization(accounts=1, trusted_services=[])
    assert code(endpoint.boto3("account").list_regions, AccountId="111100000001") == "AccessDeniedException"


def test_the_organization_is_read_in_pages_of_twenty_with_the_state_of_each_account(endpoint):
    states = ["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"]
    made = endpoint.organization(accounts=[{"state": states[n % 3], "unit": "Prod/Blue"} for n in range(30)])
    organizations = endpoint.boto3("organizations")
    assert len(organizations.list_accounts()["Accounts"]) == 20
    accounts = list(organizations.get_paginator("list_accounts").paginate().search("Accounts[]"))
    assert [account["State"] for account in accounts] == ["ACTIVE", *states * 10]
    assert {account["Id"] for account in accounts} == {MANAGEMENT, *(each["id"] for each in made["accounts"])}
    [below_root] = organizations.list_organizational_units_for_parent(ParentId=made["root_id"])["OrganizationalUnits"]
    assert (below_root["Name"], below_root["Id"]) == ("Prod", made["units"]["Prod"])
    pages = organizations.get_paginator("list_accounts_for_parent").paginate(ParentId=made["units"]["Prod/Blue"])
    assert len(list(pages.search("Accounts[].Id"))) == 30


def test_only_the_management_account_and_delegated_administrators_read_the_organization(endpoint):
    assert code(endpoint.boto3("organizations").list_accounts) == "AWSOrganizationsNotInUseException"
    endpoint.organization(accounts=[{"tags": {"team": "blue"}}, {"delegated": True}])
    member, delegated = (endpoint.at(account).boto3("organizations") for account in ("111100000001", "111100000002"))
    assert code(member.list_accounts) == "AccessDeniedException"
    assert member.describe_organization()["Organization"]["MasterAccountId"] == MANAGEMENT
    assert len(delegated.list_accounts()["Accounts"]) == 3
    tags = delegated.list_tags_for_resource(ResourceId="111100000001")["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}]
    assert code(delegated.close_account, AccountId="111100000001") == "AccessDeniedException"


def test_controls_hold_for_their_account_and_region_over_those_of_all(endpoint):
    blue, green = ("111100000001", "111100000002")
    endpoint.controls(throttle_every=1)
    endpoint.controls(account=blue, throttle_every=0)
    endpoint.controls(account=blue, region="us-east-1", error_every=1)
    assert code(endpoint.at(green).boto3().list_domains) == "ThrottlingException"
    assert endpoint.at(blue).boto3().list_domains()["Domains"] == []
    assert code(endpoint.at(blue, "us-east-1").boto3().list_domains) == "InternalFailure"
    endpoint.controls(expired_credentials=True, throttle_every=0)
    assert code(endpoint.at(blue).boto3().list_domains) == "ExpiredTokenException"


def test_a_rate_is_that_of_one_account_and_region(endpoint):
    endpoint.controls(rate_limits={"ListDomains": 1})
    for account in ("111100000001", "111100000002"):
        for region in REGIONS:
            endpoint.at(account, region).boto3().list_domains()


def test_other_services_have_rates_and_words_of_their_own(endpoint):
    endpoint.organization(accounts=1)
    endpoint.controls(rate_limits={"organizations:ListRoots": 1, "sts:*": 1})

    def throttled(call):
        with pytest.raises(ClientError) as raised:
            [call() for _ in range(50)]
        return raised.value.response["Error"]["Code"]

    assert throttled(endpoint.boto3("organizations").list_roots) == "TooManyRequestsException"
    assert throttled(endpoint.boto3("sts").get_caller_identity) == "Throttling"


def test_the_call_log_names_the_account(endpoint):
    endpoint.at("111100000001").boto3().list_domains()
    [call] = endpoint.calls()
    assert (call.account, call.region) == ("111100000001", "eu-west-1")


def test_a_reset_forgets_accounts_regions_and_controls(endpoint):
    endpoint.organization(accounts=1)
    endpoint.region_status("111100000001", eu_west_1="DISABLED")
    endpoint.controls(account="111100000001", throttle_every=1)
    endpoint.reset()
    assert endpoint.at("111100000001").boto3().list_domains()["Domains"] == []
    assert code(endpoint.boto3("organizations").list_accounts) == "AWSOrganizationsNotInUseException"
