# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The additions of the sandbox's AWS endpoint to moto's IAM, ECR and EC2, and the faults of these services."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.integration.prerequisites_world import (
    ACCOUNT,
    PARTNER,
    Vpc,
    document,
    repository,
    role,
)

TOOLS = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/tools"
ALL = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
PULL = "ecr:BatchGetImage"


def simulated(endpoint, arn, *actions, resources=(TOOLS,), context=None):
    entries = [
        {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
        for key, value in (context or {}).items()
    ]
    request = {
        "PolicySourceArn": arn,
        "ActionNames": list(actions),
        "ResourceArns": list(resources),
        "ContextEntries": entries,
    }
    return endpoint.boto3("iam").simulate_principal_policy(**request)["EvaluationResults"]


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([], "implicitDeny"),
        ([ALL], "allowed"),
        ([{**ALL, "Action": ["ECR:batchget*"], "Resource": "arn:aws:ecr:*:*:repository/t??ls"}], "allowed"),
        ([{**ALL, "Resource": "arn:aws:ecr:*:*:repository/*sagemaker*"}], "implicitDeny"),
        ([{"Effect": "Allow", "NotAction": "ecr:Put*", "NotResource": "arn:aws:s3:::*"}], "allowed"),
        ([{"Effect": "Allow", "NotAction": "ecr:Batch*", "Resource": "*"}], "implicitDeny"),
        ([ALL, {**ALL, "Effect": "Deny", "Action": PULL}], "explicitDeny"),
    ],
)
def test_the_policies_of_a_role_are_simulated(endpoint, statements, decision):
    [result] = simulated(endpoint, role(endpoint, "studio", *statements), PULL)
    assert (result["EvalActionName"], result["EvalResourceName"], result["EvalDecision"]) == (PULL, TOOLS, decision)


def test_attached_policies_and_the_boundary_count(endpoint):
    iam = endpoint.boto3("iam")
    arn = role(endpoint, "studio")
    managed = iam.create_policy(PolicyName="all", PolicyDocument=document(ALL))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="studio", PolicyArn=managed)
    assert simulated(endpoint, arn, PULL)[0]["EvalDecision"] == "allowed"
    reads = iam.create_policy(PolicyName="s3", PolicyDocument=document({**ALL, "Action": "s3:*"}))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="studio", PermissionsBoundary=reads)
    [result] = simulated(endpoint, arn, PULL)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_a_condition_needs_context_that_is_missing(endpoint):
    conditional = {**ALL, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}
    [result] = simulated(endpoint, role(endpoint, "studio", conditional), PULL)
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", [])
    assert result["ResourceSpecificResults"][0]["MissingContextValues"] == ["aws:SourceVpc"]
    [result] = simulated(endpoint, f"arn:aws:iam::{ACCOUNT}:role/studio", PULL, resources=["*"])
    assert (result["MissingContextValues"], result["ResourceSpecificResults"]) == (["aws:SourceVpc"], [])


def test_over_several_resources_the_most_restrictive_decision_counts(endpoint):
    other = TOOLS.replace("tools", "other")
    arn = role(endpoint, "studio", {**ALL, "Resource": TOOLS})
    results = simulated(endpoint, arn, PULL, "ecr:PutImage", resources=(TOOLS, other))
    assert [result["EvalDecision"] for result in results] == ["implicitDeny", "implicitDeny"]
    decisions = {
        each["EvalResourceName"]: each["EvalResourceDecision"] for each in results[0]["ResourceSpecificResults"]
    }
    assert decisions == {TOOLS: "allowed", other: "implicitDeny"}


def code(call, **request):
    with pytest.raises(ClientError) as refused:
        call(**request)
    return refused.value.response["Error"]["Code"]


def test_requests_that_cannot_be_simulated_are_refused(endpoint):
    simulate = endpoint.boto3("iam", parameter_validation=False).simulate_principal_policy
    arn = role(endpoint, "studio", ALL)
    assert code(simulate, PolicySourceArn=arn + "s", ActionNames=[PULL]) == "NoSuchEntity"
    assert code(simulate, PolicySourceArn=arn) == "ValidationError"
    assert code(simulate, PolicySourceArn=arn, ActionNames=[PULL], CallerArn=arn) == "NotImplemented"


def test_the_policy_of_another_account_s_repository_needs_its_permission(endpoint):
    ecr = endpoint.boto3("ecr")
    requested = {"registryId": PARTNER, "repositoryName": "lent"}
    assert code(ecr.get_repository_policy, **requested) == "AccessDeniedException"
    us = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    repository(endpoint, "lent", {"Effect": "Allow", "Principal": us, "Action": PULL}, account=PARTNER)
    assert code(ecr.get_repository_policy, **requested) == "AccessDeniedException"
    ecr.set_repository_policy(
        **requested, policyText=document({"Effect": "Allow", "Principal": us, "Action": "ecr:GetRepositoryPolicy"})
    )
    assert ecr.get_repository_policy(**requested)["registryId"] == PARTNER
    assert code(ecr.get_repository_policy, repositoryName="none") == "RepositoryNotFoundException"


def test_each_service_denies_in_its_own_words(endpoint):
    arn = role(endpoint, "studio", ALL)
    denied = ("ec2:DescribeSubnets", "ecr:GetRepositoryPolicy", "iam:SimulatePrincipalPolicy")
    endpoint.controls(denied_actions=dict.fromkeys(denied, "*"))
    assert code(endpoint.boto3("ec2").describe_subnets) == "UnauthorizedOperation"
    assert code(endpoint.boto3("ecr").get_repository_policy, repositoryName="tools") == "AccessDeniedException"
    simulate = endpoint.boto3("iam").simulate_principal_policy
    assert code(simulate, PolicySourceArn=arn, ActionNames=[PULL]) == "AccessDenied"
    endpoint.controls(denied_actions={"iam:SimulatePrincipalPolicy": "*/other"})
    simulate(PolicySourceArn=arn, ActionNames=[PULL])


@pytest.mark.parametrize(
    ("operator", "context", "decision"),
    [
        ("StringEquals", {"aws:SourceVpc": "vpc-1"}, "allowed"),
        ("StringEquals", {"aws:SourceVpc": "vpc-2"}, "implicitDeny"),
        ("StringNotEquals", {"aws:SourceVpc": "vpc-1"}, "implicitDeny"),
        # A negated condition is true where the key has no value.
        ("StringNotEquals", {}, "allowed"),
        ("StringEquals", {}, "implicitDeny"),
    ],
)
def test_conditions_are_evaluated_with_the_context(endpoint, operator, context, decision):
    arn = role(endpoint, "studio", {**ALL, "Condition": {operator: {"aws:SourceVpc": "vpc-1"}}})
    [result] = simulated(endpoint, arn, PULL, context=context)
    assert result["EvalDecision"] == decision
    assert result["ResourceSpecificResults"][0]["MissingContextValues"] == [] if context else ["aws:SourceVpc"]


def test_a_service_control_policy_denies_and_hides_its_missing_keys(endpoint):
    arn = role(endpoint, "studio", ALL)
    region = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": region}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    endpoint.controls(service_control_policies=[{"Statement": [everything, deny]}])
    [result] = simulated(endpoint, arn, PULL)
    assert result["EvalDecision"] == "explicitDeny"
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert result["ResourceSpecificResults"][0]["MissingContextValues"] == []
    [result] = simulated(endpoint, arn, PULL, context={"aws:RequestedRegion": "eu-west-1"})
    assert (result["EvalDecision"], result["OrganizationsDecisionDetail"]) == (
        "allowed",
        {"AllowedByOrganizations": True},
    )


def test_a_participant_of_a_shared_vpc_sees_subnets_and_routes_only(endpoint):
    vpc = Vpc(endpoint)
    vpc.nat_gateway()
    vpc.s3_gateway()
    ec2 = endpoint.boto3("ec2")
    assert len(ec2.describe_nat_gateways()["NatGateways"]) == len(ec2.describe_vpc_endpoints()["VpcEndpoints"]) == 1
    endpoint.controls(vpc_owner=PARTNER)
    [subnet] = ec2.describe_subnets(SubnetIds=vpc.subnets[:1])["Subnets"]
    assert (subnet["OwnerId"], subnet["CidrBlock"]) == (PARTNER, "10.0.1.0/24")
    assert ec2.describe_route_tables(RouteTableIds=[vpc.route_table])["RouteTables"][0]["OwnerId"] == PARTNER
    assert ec2.describe_nat_gateways()["NatGateways"] == ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_rules_and_templates_of_ecr_are_listed(endpoint):
    ecr = endpoint.boto3("ecr")
    ecr.create_pull_through_cache_rule(ecrRepositoryPrefix="hub", upstreamRegistryUrl="registry-1.docker.io")
    ecr.create_repository_creation_template(prefix="team", appliedFor=["CREATE_ON_PUSH"])
    rules = ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]
    assert [rule["ecrRepositoryPrefix"] for rule in rules] == ["hub"]
    [template] = ecr.describe_repository_creation_templates()["repositoryCreationTemplates"]
    assert (template["prefix"], template["appliedFor"]) == ("team", ["CREATE_ON_PUSH"])


def test_a_proxy_answers_with_a_page_that_botocore_takes_for_an_empty_answer(endpoint):
    actions = ("ecr:GetRepositoryPolicy", "sagemaker:ListDomains")
    endpoint.controls(proxy_pages=dict.fromkeys(actions, 200))
    for answer in (
        endpoint.boto3("ecr").get_repository_policy(repositoryName="tools"),
        endpoint.boto3().list_domains(),
    ):
        assert list(answer) == ["ResponseMetadata"]
        assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "text/html"
    endpoint.controls(proxy_pages=dict.fromkeys(actions, 403))
    assert code(endpoint.boto3().list_domains) == "403"


def test_a_simulation_has_pages(endpoint):
    arn = role(endpoint, "studio")
    actions = [f"ecr:Action{number}" for number in range(6)]
    simulate = endpoint.boto3("iam").simulate_principal_policy
    first = simulate(PolicySourceArn=arn, ActionNames=actions)
    last = simulate(PolicySourceArn=arn, ActionNames=actions, Marker=first["Marker"])
    assert first["IsTruncated"]
    assert not last["IsTruncated"]
    results = first["EvaluationResults"] + last["EvaluationResults"]
    assert [result["EvalActionName"] for result in results] == actions
