# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.policy_statements import (
    ALLOW,
    CONDITIONAL,
    DENY,
    NONE,
    condition_keys,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.repository_policy import effect

ROLE = "arn:aws:iam::123456789012:role/service-role/studio"
OWN = "arn:aws:ecr:eu-west-1:123456789012:repository/tools"
OTHER = "arn:aws:ecr:eu-west-1:012345678901:repository/tools"
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def statement(principal, kind="Allow", action="ecr:BatchGetImage", **more):
    return {"Effect": kind, "Principal": principal, "Action": action, **more}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, NONE),
        (policy(), NONE),
        (policy(statement("*")), ALLOW),
        ({"Statement": statement({"AWS": ROLE})}, ALLOW),
        (policy(statement({"AWS": ["arn:aws:iam::999999999999:root", "123456789012"]})), ALLOW),
        (policy(statement({"AWS": "arn:aws:iam::123456789012:root"})), ALLOW),
        (policy(statement({"AWS": "arn:aws:iam::123456789012:role/other"})), NONE),
        (policy(statement({"AWS": "arn:aws:iam::999999999999:root"})), NONE),
        (policy(statement({"Service": "sagemaker.amazonaws.com"})), NONE),
        (policy(statement("*", action=["ecr:List*", "ECR:batchget*"])), ALLOW),
        (policy(statement("*", action="ecr:BatchGet?mage")), ALLOW),
        (policy(statement("*", action="ecr:BatchGet[I]mage")), NONE),
        (policy(statement("*", action="ecr:PutImage")), NONE),
        (policy({"Effect": "Allow", "Principal": "*", "NotAction": "ecr:PutImage"}), ALLOW),
        (policy({"Effect": "Allow", "Principal": "*", "NotAction": "ecr:*"}), NONE),
        (policy(statement("*", Resource="arn:aws:ecr:*:*:repository/to*")), ALLOW),
        (policy(statement("*", Resource="arn:aws:ecr:*:*:repository/x")), NONE),
        (policy(statement("*", NotResource="arn:aws:ecr:*:*:repository/x")), ALLOW),
        (policy(statement("*", Condition=ORGANIZATION)), CONDITIONAL),
        (policy(statement("*", Condition=ORGANIZATION), statement({"AWS": ROLE})), ALLOW),
        (policy(statement("*"), statement("*", "Deny")), DENY),
        (policy(statement("*"), statement("*", "Deny", Condition=ORGANIZATION)), CONDITIONAL),
        (policy(statement("*"), {"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "ecr:*"}), CONDITIONAL),
        (policy(statement({"AWS": "arn:aws:sts::123456789012:assumed-role/studio/SageMaker"})), CONDITIONAL),
        (policy(statement({"AWS": "AROAEXAMPLEEXAMPLEEXA"})), CONDITIONAL),
    ],
)
def test_the_effect_of_another_account_s_policy(document, expected):
    assert effect(document, ROLE, "ecr:BatchGetImage", OTHER) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        # The own account as a whole: the role's own policies decide.
        (policy(statement({"AWS": "arn:aws:iam::123456789012:root"})), NONE),
        (policy(statement({"AWS": "arn:aws:iam::123456789012:root"}, "Deny")), DENY),
        (policy(statement({"AWS": ROLE})), ALLOW),
        (policy(statement("*")), ALLOW),
    ],
)
def test_the_effect_of_the_own_account_s_policy(document, expected):
    assert effect(document, ROLE, "ecr:BatchGetImage", OWN) == expected


def test_the_condition_keys_of_a_policy():
    document = policy(statement("*", Condition={**ORGANIZATION, "Bool": {"aws:SecureTransport": "true"}}))
    assert condition_keys(document) == ["aws:PrincipalOrgID", "aws:SecureTransport"]
