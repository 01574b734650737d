# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto lacks of IAM and ECR: SimulatePrincipalPolicy, and who may read a repository's policy."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse
from moto.iam.exceptions import ValidationError
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse

from .faults import PRINCIPAL
from .iam_policies import Evaluation, evaluate, lets_account_in
from .validation import check_request

_SUPPORTED = {"PolicySourceArn", "ActionNames", "ResourceArns"}
_MOTOS_GET_REPOSITORY_POLICY = ECRResponse.get_repository_policy


def simulate_principal_policy(response: IamResponse) -> ActionResult:
    """Evaluate the policies that the role has in moto; one result per action, over all resources (AWS's guide)."""
    request = {name: value for name, value in response.params.items() if name not in ("Action", "Version")}
    if refusal := check_request("SimulatePrincipalPolicy", request, "iam"):
        raise ValidationError(refusal.message)
    if unknown := sorted(set(request) - _SUPPORTED):
        raise NotImplementedError(f"SimulatePrincipalPolicy with {', '.join(unknown)}")
    role = response.backend.get_role_by_arn(request["PolicySourceArn"])
    resources = request.get("ResourceArns", ["*"])
    results = [_result(response.backend, role, action, resources) for action in request["ActionNames"]]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def get_repository_policy(response: ECRResponse) -> ActionResult:
    """Another account's repository answers only callers whom its policy allows, even about its existence.

    A test makes such a repository with CreateRepository's registryId, which moto takes for any account.
    """
    registry = response._get_param("registryId") or response.current_account
    if registry == response.current_account:
        return _MOTOS_GET_REPOSITORY_POLICY(response)
    action, name = "ecr:GetRepositoryPolicy", response._get_param("repositoryName")
    repository = response.ecr_backend.repositories.get(name)
    policy = repository.policy if repository and repository.registry_id == registry else None
    if policy and lets_account_in(json.loads(policy), response.current_account, action):
        return _MOTOS_GET_REPOSITORY_POLICY(response)
    arn = f"arn:{response.partition}:ecr:{response.region}:{registry}:repository/{name}"
    raise JsonRESTError(
        "AccessDeniedException",
        f"User: {PRINCIPAL} is not authorized to perform: {action} on resource: {arn} "
        f"because no resource-based policy allows the {action} action",
    )


def _result(backend: IAMBackend, role: Role, action: str, resources: list[str]) -> dict[str, Any]:
    documents = _policies(backend, role)
    evaluations = {resource: evaluate(documents, action, resource) for resource in resources}
    name = resources[0] if len(resources) == 1 else "*"
    result: dict[str, Any] = {"EvalActionName": action, "EvalResourceName": name}
    if role.permissions_boundary_arn:
        boundary = [_document(backend, role.permissions_boundary_arn)]
        within = [evaluate(boundary, action, resource).decision == "allowed" for resource in resources]
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": all(within)}
        for evaluation, allowed in zip(evaluations.values(), within, strict=True):
            if evaluation.decision == "allowed" and not allowed:
                evaluation.decision = "implicitDeny"
    result["EvalDecision"] = _most_restrictive(list(evaluations.values()))
    result["MissingContextValues"] = sorted(set().union(*(found.missing_context for found in evaluations.values())))
    result["ResourceSpecificResults"] = [
        {"EvalResourceName": resource, "EvalResourceDecision": found.decision}
        for resource, found in evaluations.items()
    ]
    return result


def _policies(backend: IAMBackend, role: Role) -> list[dict[str, Any]]:
    inline = [json.loads(document) for document in role.policies.values()]
    return inline + [_document(backend, arn) for arn in role.managed_policies]


def _document(backend: IAMBackend, policy_arn: str) -> dict[str, Any]:
    """The policy's default version."""
    return next(json.loads(v.document) for v in backend.get_policy(policy_arn).versions if v.is_default)


def _most_restrictive(evaluations: list[Evaluation]) -> str:
    decisions = [evaluation.decision for evaluation in evaluations]
    return next(d for d in ("explicitDeny", "implicitDeny", "allowed") if d in decisions)
