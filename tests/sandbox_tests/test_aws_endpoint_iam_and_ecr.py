# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox's AWS endpoint adds to moto's IAM and ECR, and the denials of services other than SageMaker."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.integration.prerequisites_world import ACCOUNT, PARTNER, document, repository, role

TOOLS = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/tools"
ALL = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
PULL = "ecr:BatchGetImage"


def simulated(endpoint, arn, *actions, resources=(TOOLS,)):
    request = {"PolicySourceArn": arn, "ActionNames": list(actions), "ResourceArns": list(resources)}
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
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", ["aws:SourceVpc"])


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


def test_what_cannot_be_simulated_is_refused(endpoint):
    simulate = endpoint.boto3("iam", parameter_validation=False).simulate_principal_policy
    arn = role(endpoint, "studio", ALL)
    assert code(simulate, PolicySourceArn=arn + "s", ActionNames=[PULL]) == "NoSuchEntity"
    assert code(simulate, PolicySourceArn=arn) == "ValidationError"
    assert code(simulate, PolicySourceArn=arn, ActionNames=[PULL], CallerArn=arn) == "NotImplemented"


def test_another_account_s_repository_tells_only_whom_it_lets_read(endpoint):
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
