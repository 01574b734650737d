# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One image: does Studio let it through, and does its repository let the execution roles in."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import repository_policy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain_checks import (
    account_of,
    is_vpc_only,
    names_of,
    partition_of,
    roles,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Facts,
    NotTold,
    Repository,
    told,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.first_party import hosted_images
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.role_checks import PULL
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image


def image_source(facts: Facts, image: Image) -> Finding:
    """Whether Studio lets this image through: in VPC-only mode only private ECR images of trusted accounts."""
    domain = facts.domain
    settings = docker_settings.from_api(domain)
    expected = "an image that the network mode allows"
    if settings.rootless_docker:
        because = "Rootless Docker ignores trusted accounts: what the VPC reaches may be used, see the routes below."
        return skipped("image_source", f"{image.uri}: {because}", expected)
    if not is_vpc_only(domain):
        return Finding("image_source", OK, f"{image.uri}, by the internet from {image.registry}", expected)
    if not image.is_private_ecr:
        return Finding(
            "image_source",
            FAILED,
            f"{image.uri} is of {image.registry}",
            expected,
            "Studio denies it: '[ValidateVPCOnlyModeImage] Image is not an ECR Image'. VPC-only domains use private "
            "ECR images of trusted accounts only; what FROM names in a Dockerfile, too.",
            "Copy the image to a private ECR repository of this account and use that one.",
        )
    trust = _why_trusted(domain, image.account)
    if trust:
        return Finding("image_source", OK, f"{image.uri}, {trust}", expected)
    return _untrusted(domain, image, expected)


def repository(facts: Facts, image: Image) -> Finding:
    """What the repository's policy makes of the roles' pulls: it must allow those of other accounts."""
    check, expected = "repository_policy", "a policy that lets the roles pull"
    arn = image.arn(partition_of(facts.domain))
    hosted = hosted_images(image.account)
    if hosted:
        because = f"{image.uri} is AWS's own ({hosted}), whose policies AWS lets nobody read."
        return skipped(check, because, expected)
    try:
        found = told(facts.repositories[arn])
    except NotTold as error:
        remediation = f"Let someone in account {image.account} look: {_get_policy(image)}"
        return skipped(check, f"{image.uri}: {error.because}", expected, remediation)
    if not found.exists:
        reason = "There is nothing to pull, and a push fails as well: repositories are not made by pushing."
        remediation = f"aws ecr create-repository --repository-name {image.repository} --region {image.region}"
        return Finding(check, FAILED, f"{arn} does not exist", "a repository", reason, remediation)
    return _judged(facts, image, arn, found)


def _judged(facts: Facts, image: Image, arn: str, found: Repository) -> Finding:
    check, expected = "repository_policy", "a policy that lets the roles pull"
    own = image.account == account_of(facts.domain)
    effects = {role: _worst(found, role, arn) for role in roles(facts)}
    refused = [role for role, effect in effects.items() if _refuses(effect, own)]
    unsure = [role for role, effect in effects.items() if effect == repository_policy.DEPENDS]
    if refused:
        observed = f"{arn} does not let in {names_of(refused)}"
        reason = (
            "Docker says 'denied: ... because no resource-based policy allows the ecr:BatchGetImage action', whatever "
            "the role's own policies are."
        )
        return Finding(check, FAILED, observed, expected, reason, f"{_grant(refused)} Look: {_get_policy(image)}")
    if unsure:
        keys = ", ".join(repository_policy.conditions(found.policy)) or "the session's name"
        observed = f"{arn}: for {names_of(unsure)} it depends on {keys}"
        reason = "Whether that holds shows only when the role pulls."
        return Finding(check, WARNING, observed, expected, reason, f"Compare it with the domain: {_get_policy(image)}")
    if repository_policy.NONE in effects.values():
        return Finding(check, OK, f"{arn} leaves it to the roles' own policies", expected)
    return Finding(check, OK, f"{arn} lets in {names_of(effects)}", expected)


def _worst(found: Repository, role: str, arn: str) -> str:
    effects = {repository_policy.effect(found.policy, role, action, arn) for action in PULL}
    order = (repository_policy.DENY, repository_policy.NONE, repository_policy.DEPENDS)
    return next((effect for effect in order if effect in effects), repository_policy.ALLOW)


def _refuses(effect: str, own: bool) -> bool:
    return effect == repository_policy.DENY or (effect == repository_policy.NONE and not own)


def _why_trusted(domain: dict[str, t.Any], account: str) -> str:
    if account == account_of(domain):
        return "of the domain's own account"
    if account in docker_settings.from_api(domain).vpc_only_trusted_accounts:
        return f"of account {account}, which is trusted"
    hosted = hosted_images(account)
    return f"of AWS's account for {hosted}, which is trusted by default" if hosted else ""


def _untrusted(domain: dict[str, t.Any], image: Image, expected: str) -> Finding:
    task = json.dumps({"domains": [domain.get("DomainId")], "accounts": [image.account]})
    return Finding(
        "image_source",
        FAILED,
        f"{image.uri} is of account {image.account}, which is not trusted",
        expected,
        "VPC-only domains use images of their own account, of VpcOnlyTrustedAccounts, and of AWS's accounts for DLC, "
        "scikit-learn, XGBoost and Spark images. AWS does not publish a list of the last; those that the SageMaker "
        "Python SDK knew in August 2026 are taken for it, and this is none of them.",
        f"ansible localhost -m mlops.studio_local_mode.sagemaker_domain_trusted_accounts -a '{task}'. Then stop the "
        "spaces in Studio and run them again.",
    )


def _grant(refused: list[str]) -> str:
    return f"Allow {', '.join(PULL)} to {', '.join(refused)} in the repository's policy."


def _get_policy(image: Image) -> str:
    return f"aws ecr get-repository-policy --repository-name {image.repository} --region {image.region}"
