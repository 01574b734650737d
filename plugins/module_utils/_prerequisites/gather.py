# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Gather the facts about each domain, concurrently, and check them."""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    explain,
    first_failure,
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.proxy_pages import NotAwsAnswerError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import findings, roles
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.aws_image_accounts import (
    hosted_images,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain import (
    is_vpc_only,
    partition_of,
    roles_of,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Declared,
    Facts,
    Profile,
    Unknown,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.api import PrerequisitesApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
        Answer,
        Decision,
        Described,
        Network,
        Repository,
    )
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

    Simulations = t.Dict[t.Tuple[str, str], Answer[t.Dict[str, Decision]]]


class PrerequisitesGatherer:
    """Gathers and checks the prerequisites of domains for the given images."""

    def __init__(
        self,
        sagemaker: SageMakerApi,
        services: PrerequisitesApi,
        images: t.Sequence[Image],
        internet_install: bool,
        declared: Declared,
        of_target: bool,
    ) -> None:
        self._sagemaker = sagemaker
        self._services = services
        self._images = images
        self._internet_install = internet_install
        self._declared = declared
        self._of_target = of_target

    def gather(self, domains: t.Sequence[str]) -> tuple[list[dict[str, t.Any]], dict[str, t.Any]]:
        """Return each domain (ID or name) with its findings or its error, and the return values for the first error.

        A call that AWS denies is a finding. Raises ResourceError for a failure of the task as a whole.
        """
        try:
            results = describe_selected(self._sagemaker, DomainSelection(tuple(domains), usable_only=False))
        except ResourceError as error:
            if not is_denied(error.__cause__) and not isinstance(error.__cause__, NotAwsAnswerError):
                raise
            reason = f"{error} Or give the domain's ID, which needs no list."
            return [_not_described(None, name, reason) for name in domains], {}
        failed = [result for result in results if result.error and not _is_finding(result)]
        return run_concurrently(self._gather_one, results), first_failure(failed)

    def _gather_one(self, result: ResourceResult) -> dict[str, t.Any]:
        if _is_finding(result):
            return _not_described(result.domain_id, result.domain_id, str(result.error))
        if result.error:
            failed = {"domain_id": result.domain_id, "domain_name": None, **findings.as_result([])}
            return {**failed, "error": result.error, "error_code": result.error_code}
        domain = result.description
        parts: list[t.Callable[[Described], t.Any]] = [self._profiles_and_decisions, self._repositories, self._network]
        (profiles, decisions), repositories, network = run_concurrently(lambda part: part(domain), parts)
        facts = Facts(domain, profiles, decisions, repositories, network, self._declared, self._of_target)
        return {
            "domain_id": result.domain_id,
            "domain_name": domain.get("DomainName"),
            **findings.as_result(findings.check(facts, self._images, self._internet_install)),
        }

    def _profiles_and_decisions(self, domain: Described) -> tuple[Answer[dict[str, Profile]], Simulations]:
        profiles = self._profiles(domain["DomainId"])
        requests = [(role, roles.ANY_RESOURCE) for role in roles_of(Facts(domain, profiles))]
        arns = dict.fromkeys(image.arn(partition_of(domain)) for image in self._images if image.is_private_ecr)
        requests += [(role, arn) for role, dummy in requests for arn in arns]
        return profiles, dict(zip(requests, run_concurrently(self._simulate, requests, self._sagemaker.concurrency)))

    def _simulate(self, request: tuple[str, str]) -> Answer[dict[str, Decision]]:
        role, arn = request
        is_login = arn == roles.ANY_RESOURCE
        return self._services.simulate(
            role, roles.LOGIN if is_login else roles.PULL + roles.PUSH + roles.FIRST_PULL, arn
        )

    def _profiles(self, domain_id: str) -> Answer[dict[str, Profile]]:
        """Return the user profiles with their own role and security groups."""
        try:
            names = [profile["UserProfileName"] for profile in self._sagemaker.list_user_profiles(domain_id)]
            found = run_concurrently(lambda name: self._profile(domain_id, name), names, self._sagemaker.concurrency)
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self._sagemaker.region))
        return {name: profile for name, profile in zip(names, found) if profile}

    def _profile(self, domain_id: str, name: str) -> Profile | None:
        try:
            described = self._sagemaker.describe_user_profile(domain_id, name)
        except is_boto3_error_code("ResourceNotFound"):
            return None  # Deleted since it was listed.
        settings = described.get("UserSettings", {})
        return Profile(settings.get("ExecutionRole", ""), tuple(settings.get("SecurityGroups", [])))

    def _repositories(self, domain: Described) -> dict[str, Answer[Repository]]:
        # The policies of AWS's own repositories are not readable.
        images = [image for image in self._images if image.is_private_ecr and not hosted_images(image.account)]
        by_arn = {image.arn(partition_of(domain)): image for image in images}
        found = run_concurrently(self._services.repository, list(by_arn.values()), self._sagemaker.concurrency)
        return dict(zip(by_arn, found))

    def _network(self, domain: Described) -> Network | None:
        return self._services.network(domain) if is_vpc_only(domain) else None


def _is_finding(result: ResourceResult) -> bool:
    """Whether the failure is a finding about the domain's surroundings, and not one of this run."""
    return result.denied or result.error_code == NotAwsAnswerError.__name__


def _not_described(domain_id: str | None, name: str, reason: str) -> dict[str, t.Any]:
    found = findings.as_result(findings.not_described(name, reason))
    return {"domain_id": domain_id, "domain_name": None, **found}
