# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam, compared with the calls that the sandbox's AWS endpoint received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.iam_templates import policy
from tests.sandbox.aws_endpoint.denials import resource_arn
from tests.sandbox.aws_endpoint.iam_policies import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.sandbox.aws_endpoint.calls import Call

# The S3 API names an operation by method and path. POST starts and completes a multipart upload.
_S3_OBJECT = {
    "DELETE": "s3:DeleteObject",
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "POST": "s3:PutObject",
    "PUT": "s3:PutObject",
}
# Of the condition keys: the service that gets a role.
_CONTEXT = {"iam:PassedToService": ["sagemaker.amazonaws.com"]}


def required(call: Call) -> set[tuple[str, str]]:
    """Return the IAM actions that a call requires, each with its resource."""
    if call.service == "s3":
        return {_required_by_s3(call)}
    arn = resource_arn(call)
    found = {(f"{call.service}:{call.operation}", arn)}
    if call.operation.startswith("Create") and call.parameters.get("Tags"):
        found.add((f"{call.service}:AddTags", arn))
    return found | {("iam:PassRole", role) for role in _execution_roles(call.parameters)}


def _required_by_s3(call: Call) -> tuple[str, str]:
    method, _, path = call.operation.partition(" ")
    bucket, _, key = path.strip("/").partition("/")
    return (_S3_OBJECT[method] if key else "s3:ListBucket"), f"arn:aws:s3:::{bucket}{'/' if key else ''}{key}"


def _execution_roles(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from [item] if key == "ExecutionRole" else _execution_roles(item)
    elif isinstance(value, list):
        for item in value:
            yield from _execution_roles(item)


def not_allowed(calls: Iterable[Call], *policies: str) -> set[tuple[str, str]]:
    """Return the actions and resources of calls that these policies together do not allow."""
    documents = [policy(name) for name in policies]
    needed = set().union(*map(required, calls))
    return {pair for pair in needed if evaluate(documents, *pair, _CONTEXT).decision != "allowed"}


def unused(calls: Iterable[Call], *policies: str) -> set[tuple[str, str]]:
    """Return the actions of these policies, each with its resource, that no call required."""
    needed = set().union(*map(required, calls))
    statements = [statement for name in policies for statement in policy(name)["Statement"]]
    granted = {(action, statement["Resource"]) for statement in statements for action in statement["Action"]}
    return {pair for pair in granted if not any(_grants(*pair, *one) for one in needed)}


def _grants(granted_action: str, resource: str, action: str, arn: str) -> bool:
    statement = {"Effect": "Allow", "Action": granted_action, "Resource": resource}
    return evaluate([{"Statement": [statement]}], action, arn).decision == "allowed"
