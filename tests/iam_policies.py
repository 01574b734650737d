# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam, compared with the calls that the sandbox's AWS endpoint received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam_templates import policy
from tests.sandbox.aws_endpoint.iam_policies import evaluate
from tests.sandbox.aws_endpoint.required_actions import required_actions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.sandbox.aws_endpoint.calls import Call

# Of the condition keys: the service that gets a role.
_CONTEXT = {"iam:PassedToService": ["sagemaker.amazonaws.com"]}


def not_allowed(calls: Iterable[Call], *policies: str) -> set[tuple[str, str]]:
    """Return the actions and resources of calls that these policies together do not allow."""
    documents = [policy(name) for name in policies]
    needed = set().union(*map(required_actions, calls))
    return {pair for pair in needed if evaluate(documents, *pair, _CONTEXT).decision != "allowed"}


def unused(calls: Iterable[Call], *policies: str) -> set[tuple[str, str]]:
    """Return the actions of these policies, each with its resource, that no call required."""
    needed = set().union(*map(required_actions, calls))
    statements = [statement for name in policies for statement in policy(name)["Statement"]]
    granted = {(action, statement["Resource"]) for statement in statements for action in statement["Action"]}
    return {pair for pair in granted if not any(_grants(*pair, *one) for one in needed)}


def _grants(granted_action: str, resource: str, action: str, arn: str) -> bool:
    statement = {"Effect": "Allow", "Action": granted_action, "Resource": resource}
    return evaluate([{"Statement": [statement]}], action, arn).decision == "allowed"
