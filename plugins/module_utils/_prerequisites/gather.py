# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Looks at each domain: gathers what AWS tells of it, as much at the same time as may be, and has it judged."""

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
    is_denied,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import role_checks
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.domain_checks import (
    is_vpc_only,
    partition_of,
    roles,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Facts, Unknown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.findings import report, unseen
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.first_party import hosted_images

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.api import PrerequisitesApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
        Answer,
        Decision,
        Repository,
    )
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import Image

    Simulations = t.Dict[t.Tuple[str, str], Answer[t.Dict[str, Decision]]]


class Look:
    """One look at domains and the images their users want."""

    def __init__(
        self, domains: SageMakerApi, services: PrerequisitesApi, images: t.Sequence[Image], internet_install: bool
    ) -> None:
        self._domains = domains
        self._services = services
        self._images = images
        self._internet_install = internet_install

    def at(self, wanted: t.Sequence[str]) -> list[dict[str, t.Any]]:
        """Return the domains wanted (IDs, names), each with its findings or its error.

        What may not be asked is a finding. Raises ResourceError for what concerns the task as a whole.
        """
        try:
            results = describe_selected(self._domains, wanted)
        except ResourceError as error:
            if not is_denied(error.__cause__):
                raise
            because = f"{error} Or give the domain's ID, which needs no list."
            return [_unseen(None, name, because) for name in wanted]
        return run_concurrently(self._at_one, results)

    def _at_one(self, result: ResourceResult) -> dict[str, t.Any]:
        if result.denied:
            return _unseen(result.domain_id, result.domain_id, str(result.error))
        if result.error:
            return {"domain_id": result.domain_id, "domain_name": None, "findings": [], "error": result.error}
        domain = result.description
        parts = run_concurrently(
            lambda part: part(domain), [self._profiles_and_decisions, self._repositories, self._network]
        )
        (profiles, decisions), repositories, network = parts
        facts = Facts(domain, profiles, decisions, repositories, network)
        return {
            "domain_id": result.domain_id,
            "domain_name": domain.get("DomainName"),
            "findings": report(facts, self._images, self._internet_install),
        }

    def _profiles_and_decisions(self, domain: dict[str, t.Any]) -> tuple[Answer[dict[str, str]], Simulations]:
        profiles = self._profiles(domain["DomainId"])
        questions = [(role, role_checks.ANY_RESOURCE) for role in roles(Facts(domain, profiles))]
        arns = dict.fromkeys(image.arn(partition_of(domain)) for image in self._images if image.is_private_ecr)
        questions += [(role, arn) for role, dummy in questions for arn in arns]
        return profiles, dict(zip(questions, run_concurrently(self._simulate, questions, self._domains.concurrency)))

    def _simulate(self, question: tuple[str, str]) -> Answer[dict[str, Decision]]:
        role, arn = question
        login = arn == role_checks.ANY_RESOURCE
        return self._services.simulate(role, role_checks.LOGIN if login else role_checks.PULL + role_checks.PUSH, arn)

    def _profiles(self, domain_id: str) -> Answer[dict[str, str]]:
        """Return the role of each user profile that has its own."""
        try:
            names = [profile["UserProfileName"] for profile in self._domains.list_user_profiles(domain_id)]
            own = run_concurrently(lambda name: self._role_of(domain_id, name), names, self._domains.concurrency)
        except (ClientError, BotoCoreError) as error:
            return Unknown(explain(error, self._domains.region))
        return {name: role for name, role in zip(names, own) if role}

    def _role_of(self, domain_id: str, profile: str) -> str | None:
        try:
            described = self._domains.describe_user_profile(domain_id, profile)
        except is_boto3_error_code("ResourceNotFound"):
            return None  # Deleted since it was listed.
        return described.get("UserSettings", {}).get("ExecutionRole")

    def _repositories(self, domain: dict[str, t.Any]) -> dict[str, Answer[Repository]]:
        # The policies of AWS's own repositories are not for others to read.
        asked = [image for image in self._images if image.is_private_ecr and not hosted_images(image.account)]
        by_arn = {image.arn(partition_of(domain)): image for image in asked}
        return dict(
            zip(by_arn, run_concurrently(self._services.repository, list(by_arn.values()), self._domains.concurrency))
        )

    def _network(self, domain: dict[str, t.Any]) -> t.Any:
        return self._services.network(domain) if is_vpc_only(domain) else None


def _unseen(domain_id: str | None, name: str, because: str) -> dict[str, t.Any]:
    return {"domain_id": domain_id, "domain_name": None, "findings": unseen(name, because)}
