# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The execution roles' rights in ECR, as IAM's simulation of their policies tells them."""

from __future__ import annotations

import json

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import repository_policy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain_checks import (
    account_of,
    name_of,
    names_of,
    partition_of,
    roles,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Decision,
    Facts,
    NotTold,
    Unknown,
    told,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

# AWS's guide to ECR: what a pull and a push call. Logging in is for the registry as a whole, so it has no resource.
LOGIN = ("ecr:GetAuthorizationToken",)
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
PUSH = ("ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage")
ANY_RESOURCE = "*"


def ecr_login(facts: Facts) -> Finding:
    """Every role must get a token, whatever the images are."""
    return _by_identity(facts, "ecr_login", ANY_RESOURCE, LOGIN, FAILED, ANY_RESOURCE)


def role_pull(facts: Facts, image: Image) -> Finding:
    """Whether the roles' own policies let them pull; in the domain's account the repository's may do so instead."""
    arn = image.arn(partition_of(facts.domain))
    return _by_identity(facts, "role_pull", arn, PULL, FAILED, image.uri)


def role_push(facts: Facts, image: Image) -> Finding:
    """Whether the roles may push. Local mode needs it for images that users build, so it is no failure."""
    if image.account != account_of(facts.domain):
        because = f"{image.uri} is of another account, where nobody pushes from local mode."
        return skipped("role_push", because)
    arn = image.arn(partition_of(facts.domain))
    return _by_identity(facts, "role_push", arn, PUSH, WARNING, image.uri)


def _by_identity(facts: Facts, check: str, arn: str, actions: tuple[str, ...], when_denied: str, what: str) -> Finding:
    """Judge by IAM's simulation of each role: one finding for all of them, that of the worst."""
    expected = f"{', '.join(actions)} allowed on {what}"
    unknown: dict[str, str] = {}
    lacks: dict[str, list[str]] = {}
    doubts: dict[str, list[str]] = {}
    for role in roles(facts):
        try:
            decisions = told(facts.decisions[role, arn])
        except NotTold as error:
            unknown[role] = f"{name_of(role)}: {error.because}"
            continue
        missing = [action for action in actions if not _may(facts, decisions[action], role, action, arn)]
        if missing:
            lacks[role] = [_lack(action, decisions[action]) for action in missing]
            each = [_doubts(facts, decisions[action], role, arn) for action in missing]
            # One action that is lacking for certain is enough.
            doubts[role] = sorted({doubt for found in each for doubt in found}) if all(each) else []
    if not roles(facts):
        return skipped(check, "No execution role is known, see execution_roles.", expected)
    observed = f"{'; '.join(_may_not(role, lacking) for role, lacking in lacks.items())} on {what}"
    certain = [role for role in lacks if not doubts[role]]
    if certain:
        return Finding(check, when_denied, observed, expected, _WITHOUT[check], _allow(check, certain, actions, arn))
    if unknown:
        role, because = next(iter(unknown.items()))
        return skipped(check, because, expected, _simulate(role, arn, actions))
    if not lacks:
        return Finding(check, OK, f"{names_of(roles(facts))} may, on {what}", expected)
    role = next(iter(lacks))
    reason = f"It may be allowed in an app all the same: that depends on {' and '.join(doubts[role])}, not known here."
    return Finding(check, WARNING, observed, expected, reason, _simulate(role, arn, actions))


_WITHOUT = {
    "ecr_login": "docker login to ECR fails, and with it every pull and push.",
    "role_pull": "docker pull and the SDK's local jobs fail with 'denied'.",
    "role_push": "Images can be used, but docker push of one that was built in the app fails with 'denied'.",
}


def _may(facts: Facts, decision: Decision, role: str, action: str, arn: str) -> bool:
    """In the same account either policy is enough; across accounts it takes both, see image_checks.repository."""
    if decision.allowed:
        return True
    found = facts.repositories.get(arn)
    if decision.forbidden or found is None or isinstance(found, Unknown) or not _same_account(role, arn):
        return False
    return repository_policy.effect(found.policy, role, action, arn) == repository_policy.ALLOW


def _doubts(facts: Facts, decision: Decision, role: str, arn: str) -> list[str]:
    """Why a role may be allowed although the simulation says that it is not."""
    unread = isinstance(facts.repositories.get(arn), Unknown) and _same_account(role, arn) and not decision.forbidden
    return [*decision.unsure_of, *["the repository's policy"] * unread]


def _same_account(role: str, arn: str) -> bool:
    return role.split(":")[4] == arn.split(":")[4]


def _may_not(role: str, lacking: list[str]) -> str:
    return f"{name_of(role)} may not {', '.join(lacking)}"


def _lack(action: str, decision: Decision) -> str:
    if decision.blocked_by:
        return f"{action} ({decision.blocked_by})"
    return f"{action} (denied explicitly)" if decision.verdict == "explicitDeny" else action


def _allow(check: str, lacking: list[str], actions: tuple[str, ...], arn: str) -> str:
    statement = json.dumps({"Effect": "Allow", "Action": list(actions), "Resource": arn})
    # sample-for-multi-modal-document-to-json-with-sagemaker-ai#3
    managed = "AmazonSageMakerFullAccess allows that for repositories with 'sagemaker' in their name only."
    return f"Add to a policy of {names_of(lacking)}: {statement} {managed if check == 'role_push' else ''}".rstrip()


def _simulate(role: str, arn: str, actions: tuple[str, ...]) -> str:
    return (
        f"aws iam simulate-principal-policy --policy-source-arn {role} --resource-arns '{arn}' "
        f"--action-names {' '.join(actions)}"
    )
