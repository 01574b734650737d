# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of IAM and ECR that moto lacks: SimulatePrincipalPolicy, and the permission to read repository policies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse
from moto.iam.exceptions import ValidationError
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse

from .credentials import PRINCIPAL
from .iam_policies import evaluate, lets_account_in
from .validation import check_request

_SUPPORTED = {"PolicySourceArn", "ActionNames", "ResourceArns", "ContextEntries", "MaxItems", "Marker"}
# "IAM might return fewer than the MaxItems number of results, even when there are more" (botocore model: MaxItems).
_PAGE = 4
_MOTOS_GET_REPOSITORY_POLICY = ECRResponse.get_repository_policy


def simulate_principal_policy(response: IamResponse, organization: list[dict[str, Any]]) -> ActionResult:
    """Evaluate the role's policies in moto and the organization's; one result per action, over all resources."""
    request = {name: value for name, value in response.params.items() if name not in ("Action", "Version")}
    if refusal := check_request("SimulatePrincipalPolicy", request, "iam"):
        raise ValidationError(refusal.message)
    if unknown := sorted(set(request) - _SUPPORTED):
        raise NotImplementedError(f"SimulatePrincipalPolicy with {', '.join(unknown)}")
    role = response.backend.get_role_by_arn(request["PolicySourceArn"])
    resources = request.get("ResourceArns", ["*"])
    entries = request.get("ContextEntries", [])
    # The keys of the principal have values without being given (IAM user guide, policy simulator).
    context = {"aws:PrincipalAccount": [response.current_account]}
    context |= {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in entries}
    simulation = _Simulation(
        _policies(response.backend, role), _boundary(response.backend, role), organization, context
    )
    start = int(request.get("Marker", 0))
    end = start + min(int(request.get("MaxItems", _PAGE)), _PAGE)
    actions = request["ActionNames"]
    page = {"EvaluationResults": [simulation.result(action, resources) for action in actions[start:end]]}
    more = {"IsTruncated": True, "Marker": str(end)} if end < len(actions) else {"IsTruncated": False}
    return ActionResult({**page, **more})


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


@dataclass(frozen=True)
class _Simulation:
    """The policies of a simulation, by their kind. A role without a boundary has None."""

    identity: list[dict[str, Any]]
    boundary: list[dict[str, Any]] | None
    organization: list[dict[str, Any]]
    context: dict[str, list[str]]

    def result(self, action: str, resources: list[str]) -> dict[str, Any]:
        """Return the EvaluationResult: with resource ARNs, the missing context values are in the specific results."""
        specific = [self._on(action, resource) for resource in resources]
        decisions = [each["EvalResourceDecision"] for each in specific]
        missing = sorted(set().union(*(each["MissingContextValues"] for each in specific)))
        result: dict[str, Any] = {
            "EvalActionName": action,
            "EvalResourceName": resources[0] if len(resources) == 1 else "*",
            "EvalDecision": _most_restrictive(decisions),
            "MissingContextValues": missing if resources == ["*"] else [],
            "ResourceSpecificResults": [] if resources == ["*"] else specific,
        }
        for detail, key in _DETAILS.items():
            if detail in specific[0]:
                result[detail] = {key: all(each[detail][key] for each in specific)}
        if self.organization:
            within = all(self._allowed_by_organization(action, resource) for resource in resources)
            result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": within}
        return result

    def _on(self, action: str, resource: str) -> dict[str, Any]:
        found = evaluate(self.identity, action, resource, self.context)
        missing = set(found.missing_context)
        details: dict[str, Any] = {}
        decision = found.decision
        if self.boundary is not None:
            boundary = evaluate(self.boundary, action, resource, self.context)
            missing |= boundary.missing_context
            within = boundary.decision == "allowed"
            details["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": within}
            decision = "implicitDeny" if decision == "allowed" and not within else decision
        if self.organization and not self._allowed_by_organization(action, resource):
            decision = "explicitDeny"
        return {
            "EvalResourceName": resource,
            "EvalResourceDecision": decision,
            "MissingContextValues": sorted(missing),
            **details,
        }

    def _allowed_by_organization(self, action: str, resource: str) -> bool:
        """The missing keys of service control policies are not returned (IAM user guide, policy simulator)."""
        return evaluate(self.organization, action, resource, self.context).decision == "allowed"


_DETAILS = {"PermissionsBoundaryDecisionDetail": "AllowedByPermissionsBoundary"}


def _boundary(backend: IAMBackend, role: Role) -> list[dict[str, Any]] | None:
    return [_document(backend, role.permissions_boundary_arn)] if role.permissions_boundary_arn else None


def _policies(backend: IAMBackend, role: Role) -> list[dict[str, Any]]:
    inline = [json.loads(document) for document in role.policies.values()]
    return inline + [_document(backend, arn) for arn in role.managed_policies]


def _document(backend: IAMBackend, policy_arn: str) -> dict[str, Any]:
    """The policy's default version."""
    return next(json.loads(v.document) for v in backend.get_policy(policy_arn).versions if v.is_default)


def _most_restrictive(decisions: list[str]) -> str:
    return next(d for d in ("explicitDeny", "implicitDeny", "allowed") if d in decisions)
