# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The effect of an ECR repository's policy for an execution role, which IAM does not simulate.

SimulatePrincipalPolicy takes a resource policy for IAM users only: its CallerArn "can specify only the ARN of an IAM
user". For execution roles the policy is evaluated here.
"""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import policy_statements
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.policy_statements import (
    NO,
    YES,
    Policy,
    Statement,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.principals import (
    account_in,
    account_of_arn,
    is_role,
)


def effect(policy: Policy, role: str, action: str, repository: str) -> str:
    """Return the effect of the policy for this role (ARN), action and repository (ARN).

    C(NONE) leaves the decision to the role's own policies.
    """
    return policy_statements.effect(policy, action, repository, lambda s: _names_role(s, role, repository))


def _names_role(statement: Statement, role: str, repository: str) -> str:
    return policy_statements.names_any(
        statement, lambda principal: _matches(principal, role, repository, statement.get("Effect", ""))
    )


def _matches(principal: str, role: str, repository: str, kind: str) -> str:
    account = account_in(principal)
    if account is None:
        return is_role(principal, role)
    if account != account_of_arn(role):
        return NO
    # A statement that allows the repository's own account leaves the decision to the policies of its roles.
    return NO if kind == "Allow" and account_of_arn(repository) == account_of_arn(role) else YES
