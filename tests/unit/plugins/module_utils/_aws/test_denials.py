# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.denials import explain_denial, read_denial

DOMAIN = "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1"
SCP = "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
USER = "User: arn:aws:sts::123456789012:assumed-role/deployer/session is not authorized to perform:"


def message(text, called="sagemaker:UpdateDomain", service="sagemaker"):
    return explain_denial(read_denial(text, called), "eu-west-1", service)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:PassRole", "arn:aws:iam::123456789012:role/studio"),
        ("sagemaker:AddTags", DOMAIN),
        ("sagemaker:UpdateDomain", DOMAIN),
    ],
)
def test_the_action_is_the_one_in_the_text(action, resource):
    text = f"{USER} {action} on resource: {resource} because no identity-based policy allows the {action} action"
    assert message(text) == (
        f"The credentials lack the IAM action {action} on {resource} in eu-west-1: add it to the role's policy"
    )


def test_a_text_without_action_means_the_call():
    assert "lack the IAM action ec2:DescribeSubnets on the resource" in message("No.", "ec2:DescribeSubnets", "ec2")


@pytest.mark.parametrize(
    ("reason", "problem", "remediation"),
    [
        (
            "with an explicit deny in a service control policy",
            "An explicit deny in a service control policy denies",
            "administrator of the AWS organization",
        ),
        (
            f"with an explicit deny in a service control policy: {SCP}",
            f"An explicit deny in a service control policy ({SCP}) denies",
            "`aws organizations describe-policy --policy-id p-2kgnabcd`",
        ),
        (
            "because no service control policy allows the sagemaker:UpdateDomain action",
            "No service control policy allows",
            "administrator of the AWS organization",
        ),
        (
            "with an explicit deny in a resource control policy",
            "An explicit deny in a resource control policy denies",
            "administrator of the AWS organization",
        ),
        (
            "because no permissions boundary allows the sagemaker:UpdateDomain action",
            "No permissions boundary allows",
            "`aws iam get-role --role-name deployer --query Role.PermissionsBoundary`",
        ),
        (
            "with an explicit deny in a permissions boundary",
            "An explicit deny in a permissions boundary denies",
            "`aws iam get-role --role-name deployer --query Role.PermissionsBoundary`",
        ),
        (
            "because no VPC endpoint policy allows the sagemaker:UpdateDomain action",
            "No VPC endpoint policy allows",
            "Name=service-name,Values=com.amazonaws.eu-west-1.sagemaker.api`",
        ),
        (
            "with an explicit deny in a VPC endpoint policy",
            "An explicit deny in a VPC endpoint policy denies",
            "describe-vpc-endpoints",
        ),
        (
            "because no session policy allows the sagemaker:UpdateDomain action",
            "No session policy allows",
            "when the role was assumed",
        ),
        (
            "because no resource-based policy allows the sagemaker:UpdateDomain action",
            "No resource-based policy allows",
            "its owner",
        ),
        (
            "with an explicit deny",
            "An explicit deny in a policy denies",
            "ask the administrator of this policy",
        ),
        (
            "with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/guard",
            "An explicit deny in an identity-based policy (arn:aws:iam::123456789012:policy/guard) denies",
            "`aws iam list-attached-role-policies --role-name deployer`",
        ),
    ],
)
def test_another_kind_of_policy_has_its_name_and_its_remediation(reason, problem, remediation):
    found = message(f"{USER} sagemaker:UpdateDomain on resource: {DOMAIN} {reason}")
    assert found.startswith(f"{problem} the IAM action sagemaker:UpdateDomain on {DOMAIN} in eu-west-1: ")
    assert remediation in found
    assert "add it to the role's policy" not in found


def test_a_role_that_cannot_be_assumed_needs_two_policies():
    text = (
        "User: arn:aws:iam::123456789012:user/team/ada is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::210987654321:role/studio-admin"
    )
    found = message(text, "sts:AssumeRole")
    assert "lack the IAM action sts:AssumeRole on arn:aws:iam::210987654321:role/studio-admin" in found
    assert "`aws iam get-role --role-name studio-admin --query Role.AssumeRolePolicyDocument`" in found


def test_a_user_is_named_by_the_last_part_of_its_path():
    text = f"User: arn:aws:iam::123456789012:user/team/ada is not authorized to perform: x:Y on resource: {DOMAIN}"
    boundary = message(f"{text} because no permissions boundary allows the x:Y action")
    assert "`aws iam get-user --user-name ada --query User.PermissionsBoundary`" in boundary
