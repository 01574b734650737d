# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One image: whether Studio allows its source, and whether its repository allows the execution roles."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import (
    policy_statements,
    repository_policy,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.aws_image_accounts import (
    hosted_images,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain import (
    account_of,
    is_vpc_only,
    names_of,
    partition_of,
    roles_of,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Facts,
    Repository,
    Unknown,
    UnknownFactError,
    known,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.roles import (
    FIRST_PULL,
    PULL,
    lacks_first_pull,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.unchecked import unchecked
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

_POLICY = "repository_policy"
_EXPECTED_POLICY = "a policy that allows the roles to pull"


def image_source(facts: Facts, image: Image) -> Finding:
    """In the network mode VpcOnly, Studio allows only private ECR images of trusted accounts."""
    domain = facts.domain
    settings = docker_settings.from_api(domain)
    expected = "an image that the network mode allows"
    if settings.rootless_docker:
        reason = (
            "Rootless Docker ignores trusted accounts: any registry that the VPC reaches can be used, see the routes."
        )
        return skipped("image_source", f"{image.uri}: {reason}", expected)
    if not is_vpc_only(domain):
        return Finding("image_source", OK, f"{image.uri}, by the internet from {image.registry}", expected)
    if not image.is_private_ecr:
        return Finding(
            "image_source",
            FAILED,
            f"{image.uri} is of {image.registry}",
            expected,
            "Studio denies it: '[ValidateVPCOnlyModeImage] Image is not an ECR Image'. VpcOnly domains use private ECR "
            "images of trusted accounts only, also after FROM in a Dockerfile.",
            "Copy the image to a private ECR repository of this account and use that image.",
        )
    trust = _trust(domain, image.account)
    if trust:
        return Finding("image_source", OK, f"{image.uri}, {trust}", expected)
    return _untrusted(domain, image, expected)


def repository(facts: Facts, image: Image) -> Finding:
    """The repository exists, or ECR creates it, and its policy allows the pulls of other accounts' roles."""
    arn = image.arn(partition_of(facts.domain))
    hosted = hosted_images(image.account)
    if hosted:
        reason = f"{image.uri} is one of AWS's own images ({hosted}), whose repository policies are not readable."
        return skipped(_POLICY, reason, _EXPECTED_POLICY)
    try:
        found = known(facts.repositories[arn])
    except UnknownFactError as error:
        reason = f"{image.uri}: {error.reason}"
        if image.account == account_of(facts.domain):
            return unchecked(_POLICY, reason, _EXPECTED_POLICY, f"Read it: {_get_policy(image)}")
        # Only the other account can settle this: no permission of this account's would.
        remediation = f"Ask account {image.account} to check it: {_get_policy(image)}"
        return skipped(_POLICY, reason, _EXPECTED_POLICY, remediation)
    return _by_policy(facts, image, arn, found) if found.exists else _created_on_use(facts, image, arn, found)


def _created_on_use(facts: Facts, image: Image, arn: str, found: Repository) -> Finding:
    """ECR creates a repository by a pull-through cache rule or a creation template, see the ECR user guide for both."""
    observed, expected = f"{arn} does not exist", "a repository"
    create = f"aws ecr create-repository --repository-name {image.repository} --region {image.region}"
    rule, template = found.pull_through_rule, found.creation_template
    if rule and not isinstance(rule, Unknown):
        observed = f"{observed}; the pull-through cache rule {rule} creates it at the first pull"
        lacking = lacks_first_pull(facts, arn)
        if not lacking:
            return Finding(_POLICY, OK, observed, expected)
        reason = f"The first pull needs {' and '.join(FIRST_PULL)}, which {names_of(lacking)} may lack."
        remediation = f"Pull the image once with a role that has both: docker pull {image.uri}"
        return Finding(_POLICY, WARNING, observed, expected, reason, remediation)
    if template and not isinstance(template, Unknown):
        observed = f"{observed}; the creation template {template} creates it at the first push"
        reason = "A pull fails until an image was pushed."
        return Finding(_POLICY, WARNING, observed, expected, reason, f"Push the image: docker push {image.uri}")
    unknown = next((answer for answer in (rule, template) if isinstance(answer, Unknown)), None)
    if unknown:
        reason = f"ECR may create it at the first pull or push: {unknown.reason}"
        return Finding(_POLICY, WARNING, observed, expected, reason, f"Allow the action, or create it: {create}")
    reason = "There is nothing to pull, and a push fails, too: no creation template applies to it."
    return Finding(_POLICY, FAILED, observed, expected, reason, f"Create it: {create}")


def _by_policy(facts: Facts, image: Image, arn: str, found: Repository) -> Finding:
    own = image.account == account_of(facts.domain)
    effects = {role: _worst_effect(found, role, arn) for role in roles_of(facts)}
    denied = [role for role, effect in effects.items() if _denies(effect, own)]
    unsure = [role for role, effect in effects.items() if effect == policy_statements.CONDITIONAL]
    if denied:
        reason = (
            "docker pull fails with 'no resource-based policy allows the ecr:BatchGetImage action', even if the "
            "roles' own policies allow it."
        )
        remediation = f"Allow {', '.join(PULL)} to {', '.join(denied)} in the repository's policy: {_get_policy(image)}"
        return Finding(_POLICY, FAILED, f"{arn} denies {names_of(denied)}", _EXPECTED_POLICY, reason, remediation)
    if unsure:
        keys = ", ".join(policy_statements.condition_keys(found.policy)) or "the session's name"
        observed = f"{arn}: for {names_of(unsure)} it depends on {keys}"
        reason = "Whether the condition holds shows only when the role pulls."
        remediation = f"Compare the condition with the domain: {_get_policy(image)}"
        return Finding(_POLICY, WARNING, observed, _EXPECTED_POLICY, reason, remediation)
    if policy_statements.NONE in effects.values():
        return Finding(_POLICY, OK, f"{arn} leaves the decision to the roles' own policies", _EXPECTED_POLICY)
    return Finding(_POLICY, OK, f"{arn} allows {names_of(effects)}", _EXPECTED_POLICY)


def _worst_effect(found: Repository, role: str, arn: str) -> str:
    effects = {repository_policy.effect(found.policy, role, action, arn) for action in PULL}
    order = (policy_statements.DENY, policy_statements.NONE, policy_statements.CONDITIONAL)
    return next((effect for effect in order if effect in effects), policy_statements.ALLOW)


def _denies(effect: str, own: bool) -> bool:
    return effect == policy_statements.DENY or (effect == policy_statements.NONE and not own)


def _trust(domain: dict[str, t.Any], account: str) -> str:
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
        "VpcOnly domains use images of their own account, of VpcOnlyTrustedAccounts, and of AWS's accounts for DLC, "
        "scikit-learn, XGBoost and Spark images. AWS does not publish a list of the last; it is not one that the "
        "SageMaker Python SDK used in August 2026.",
        "Trust the account, then stop the spaces in Studio and run them again: ansible localhost "
        f"-m mlops.studio_local_mode.sagemaker_domain_trusted_accounts -a '{task}'",
    )


def _get_policy(image: Image) -> str:
    return f"aws ecr get-repository-policy --repository-name {image.repository} --region {image.region}"
