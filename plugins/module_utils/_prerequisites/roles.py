# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The execution roles' permissions in ECR, by IAM's simulation of their policies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import (
    policy_statements,
    repository_policy,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain import (
    account_of,
    name_of,
    names_of,
    partition_of,
    roles_of,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Decision,
    Facts,
    Unknown,
    UnknownFactError,
    known,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.principals import account_of_arn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.unchecked import unchecked
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

# ECR user guide, "IAM permissions for pushing an image" and "... required to sync an upstream registry". A login is for
# the registry as a whole, so it has no resource.
LOGIN = ("ecr:GetAuthorizationToken",)
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
PUSH = ("ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage")
FIRST_PULL = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
ANY_RESOURCE = "*"

_CONSEQUENCE = {
    "ecr_login": "docker login to ECR fails, and with it every pull and push.",
    "role_pull": "docker pull and the SDK's local jobs fail with 'denied'.",
    "role_push": "Images can be used, but docker push of an image built in the app fails with 'denied'.",
}


@dataclass
class _RoleResult:
    """The actions that a role lacks, and the doubts about others, by action."""

    denied: dict[str, Decision] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)


def ecr_login(facts: Facts) -> Finding:
    """Every role needs a token, whatever the images are."""
    return _permission(facts, "ecr_login", ANY_RESOURCE, LOGIN, ANY_RESOURCE)


def role_pull(facts: Facts, image: Image) -> Finding:
    """The roles' own policies allow the pull; in the domain's account the repository's policy can do so instead."""
    return _permission(facts, "role_pull", image.arn(partition_of(facts.domain)), PULL, image.uri)


def role_push(facts: Facts, image: Image) -> Finding:
    """Local mode needs the push only for images that users build, so a role without it is a warning."""
    if image.account != account_of(facts.domain):
        return skipped("role_push", f"{image.uri} is of another account, where local mode pushes nothing.")
    return _permission(facts, "role_push", image.arn(partition_of(facts.domain)), PUSH, image.uri)


def lacks_first_pull(facts: Facts, arn: str) -> list[str]:
    """Return the roles that are not certain to create a repository by a pull-through cache rule."""
    lacking = []
    for role in roles_of(facts):
        decisions = facts.decisions.get((role, arn), Unknown(""))
        allowed = not isinstance(decisions, Unknown) and all(
            action in decisions and decisions[action].allowed for action in FIRST_PULL
        )
        lacking += [] if allowed else [role]
    return lacking


def _permission(facts: Facts, check: str, arn: str, actions: tuple[str, ...], what: str) -> Finding:
    """Return one finding for all roles, about the worst of them."""
    expected = f"{', '.join(actions)} allowed on {what}"
    roles = roles_of(facts)
    if not roles:
        return skipped(check, "No execution role is known, see execution_roles.", expected)
    results: dict[str, _RoleResult] = {}
    unknown: dict[str, str] = {}
    for role in roles:
        try:
            results[role] = _evaluate(facts, known(facts.decisions[role, arn]), role, actions, arn)
        except UnknownFactError as error:
            unknown[role] = error.reason
    denied = {role: result.denied for role, result in results.items() if result.denied}
    if denied:
        observed = f"{'; '.join(f'{name_of(role)}: {_actions(lacking)} denied' for role, lacking in denied.items())}"
        status = WARNING if check == "role_push" else FAILED
        remediation = _remediation(check, denied, actions, arn)
        return Finding(check, status, f"{observed} on {what}", expected, _CONSEQUENCE[check], remediation)
    if unknown:
        role, reason = next(iter(unknown.items()))
        return unchecked(check, f"{name_of(role)}: {reason}", expected, _simulate(role, arn, actions))
    doubts = {role: result.doubts for role, result in results.items() if result.doubts}
    if doubts:
        return _doubtful(check, doubts, actions, arn, what, expected)
    return Finding(check, OK, f"{names_of(roles)}: allowed on {what}", expected)


def _evaluate(
    facts: Facts, decisions: dict[str, Decision], role: str, actions: tuple[str, ...], arn: str
) -> _RoleResult:
    without_result = [action for action in actions if action not in decisions]
    if without_result:
        raise UnknownFactError(f"IAM's simulation returned no result for {', '.join(without_result)}.")
    result = _RoleResult()
    for action in actions:
        decision = decisions[action]
        doubts = _doubts(facts, decision, role, action, arn)
        if doubts:
            result.doubts[action] = doubts
        elif not decision.allowed and _repository_effect(facts, decision, role, action, arn) != policy_statements.ALLOW:
            result.denied[action] = decision
    return result


def _doubts(facts: Facts, decision: Decision, role: str, action: str, arn: str) -> list[str]:
    """Return what the decision depends on and neither the simulation nor this check knows.

    IAM user guide, "IAM policy testing": the simulator has no value for most condition keys, and does not return the
    missing ones of service control policies.
    """
    effect = _repository_effect(facts, decision, role, action, arn)
    doubts = list(decision.missing_context)
    if not decision.allowed_by_organization:
        doubts.append("the conditions of a service control policy")
    if not decision.allowed and effect in ("unknown", policy_statements.CONDITIONAL):
        doubts.append("the repository's policy")
    return doubts


def _repository_effect(facts: Facts, decision: Decision, role: str, action: str, arn: str) -> str:
    """Return the effect of the repository's policy where it can allow alone: in the same account one policy suffices.

    Across accounts it takes both, see images.repository.
    """
    found = facts.repositories.get(arn)
    if decision.is_final or found is None or account_of_arn(role) != account_of_arn(arn):
        return policy_statements.NONE
    if isinstance(found, Unknown):
        return "unknown"
    return repository_policy.effect(found.policy, role, action, arn)


def _doubtful(
    check: str,
    doubts: dict[str, dict[str, list[str]]],
    actions: tuple[str, ...],
    arn: str,
    what: str,
    expected: str,
) -> Finding:
    by_role = {role: sorted({doubt for found in of.values() for doubt in found}) for role, of in doubts.items()}
    observed = "; ".join(
        f"{name_of(role)}: {', '.join(doubts[role])} depends on {' and '.join(found)}"
        for role, found in by_role.items()
    )
    role = next(iter(by_role))
    reason = f"{_CONSEQUENCE[check].rstrip('.')} if that does not hold in the app."
    remediation = f"Simulate it with the values of the app: {_simulate(role, arn, actions, by_role[role])}"
    return Finding(check, WARNING, f"{observed}, on {what}", expected, reason, remediation)


def _actions(lacking: dict[str, Decision]) -> str:
    return ", ".join(f"{action}{_cause(decision)}" for action, decision in lacking.items())


def _cause(decision: Decision) -> str:
    if not decision.role_exists:
        return " (the role does not exist)"
    if not decision.allowed_by_boundary:
        return " (by the permissions boundary)"
    return " (by an explicit deny)" if decision.verdict == "explicitDeny" else ""


def _remediation(check: str, denied: dict[str, dict[str, Decision]], actions: tuple[str, ...], arn: str) -> str:
    """Return the step against the first role's denial: a policy that allows does not help against each of them."""
    role, lacking = next(iter(denied.items()))
    decision = next(iter(lacking.values()))
    if not decision.role_exists:
        return f"Create the role {name_of(role)}, or set another execution role."
    if not decision.allowed_by_boundary:
        command = f"aws iam get-role --role-name {name_of(role)} --query Role.PermissionsBoundary"
        return f"Allow {', '.join(lacking)} in the permissions boundary of {name_of(role)}: {command}"
    if decision.verdict == "explicitDeny":
        return f"Remove the explicit deny from the policies of {name_of(role)}: {_simulate(role, arn, actions)}"
    statement = json.dumps({"Effect": "Allow", "Action": list(actions), "Resource": arn})
    # sample-for-multi-modal-document-to-json-with-sagemaker-ai#3
    managed = " AmazonSageMakerFullAccess allows that for repositories with 'sagemaker' in their name only."
    return f"Add to a policy of {names_of(denied)}: {statement}{managed if check == 'role_push' else ''}"


def _simulate(role: str, arn: str, actions: tuple[str, ...], keys: list[str] | None = None) -> str:
    entries = [f"ContextKeyName={key},ContextKeyType=string,ContextKeyValues=VALUE" for key in keys or [] if ":" in key]
    context = f" --context-entries {' '.join(entries)}" if entries else ""
    return (
        f"aws iam simulate-principal-policy --policy-source-arn {role} --resource-arns '{arn}' "
        f"--action-names {' '.join(actions)}{context}"
    )
