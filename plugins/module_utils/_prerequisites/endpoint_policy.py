# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The effect of a VPC endpoint's policy, which limits what every caller can do through the endpoint.

AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies": an endpoint without its own policy
allows everything. With a gateway endpoint, C(*) is the only principal that grants access to roles.
"""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import policy_statements
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.policy_statements import (
    MAYBE,
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


def interface_effect(policy: Policy, role: str | None, action: str, resource: str) -> str:
    """Return the effect of an interface endpoint's policy; C(role) is None where the caller is not known."""
    return policy_statements.effect(
        policy,
        action,
        resource,
        lambda statement: policy_statements.names_any(statement, lambda principal: _matches(principal, role)),
    )


def gateway_effect(policy: Policy, action: str, resource: str) -> str:
    """Return the effect of a gateway endpoint's policy."""
    return policy_statements.effect(policy, action, resource, _names_everyone)


def _matches(principal: str, role: str | None) -> str:
    if role is None:
        return YES if principal == "*" else MAYBE
    account = account_in(principal)
    if account is None:
        return is_role(principal, role)
    return YES if account == account_of_arn(role) else NO


def _names_everyone(statement: Statement) -> str:
    return policy_statements.names_any(statement, lambda principal: YES if principal == "*" else NO)
