# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The road of a whole domain: find by name, create what is not there, bring it to what is asked, or delete it."""

from __future__ import annotations

import contextlib
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult, reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus, wait_for
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import (
    desired_domain,
    docker_settings,
    domain_tags,
    update_docker_settings,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings_resource import (
    DockerSettingsResource,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.domain_result import Result, state_of

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain


class DomainReconciler:
    """One run for one domain, known by its name. C(values) holds at every moment, also after a failure."""

    def __init__(self, api: SageMakerApi, name: str, wait_policy: WaitPolicy, check_mode: bool) -> None:
        self.result = Result()
        self._api = api
        self._name = name
        self._patience = wait_policy
        self._check_mode = check_mode
        # As described last.
        self._domain: dict[str, t.Any] = {}
        self._tags: dict[str, str] = {}

    def present(self, wanted: DesiredDomain) -> Result:
        """Create the domain unless it is there, and bring it to what is wanted; errors end in C(values.error)."""
        return self._explained(lambda: self._present(wanted))

    def absent(self, home_efs_file_system: str) -> Result:
        """Delete the domain, if it is there, and wait until it is gone; errors end in C(values.error).

        C(home_efs_file_system) is what becomes of the users' files: Retain or Delete.
        """
        return self._explained(lambda: self._absent(home_efs_file_system))

    def _explained(self, journey: t.Callable[[], None]) -> Result:
        try:
            journey()
        except (ResourceError, docker_settings.SettingsError) as error:
            self.result.error = str(error)
        except (ClientError, BotoCoreError) as error:
            self.result.error = explain(error, self._api.region)
        return self.result

    def _present(self, wanted: DesiredDomain) -> None:
        found = self._find()
        if found and found["Status"] == "Deleting":
            self._refuse_if_nobody_waits("Deleting")
            self._wait("domain_deleted", found["DomainId"])
            found = None
        if found:
            self._look(found["DomainId"])
            self.result.before = self.result.after
        else:
            self._create(wanted)
            if self._check_mode or not self._patience.wait:
                return
        self._bring(wanted)

    def _absent(self, home_efs_file_system: str) -> None:
        found = self._find()
        if not found:
            return
        domain_id = found["DomainId"]
        if found["Status"] != "Deleting":
            self._look(domain_id)
            self.result.before = self.result.after
            if not self._check_mode:
                with_retries(lambda: self._delete(domain_id, home_efs_file_system), "ResourceInUse")
            self.result.after = None
        if self._check_mode:
            return
        if not self._patience.wait:
            self.result.warnings.append(f"{self._name} ({domain_id}) is still being deleted (wait is false).")
            return
        try:
            self._wait("domain_deleted", domain_id)
        except UnexpectedStatus as error:
            self.result.after = state_of(error.description, self._tags)
            raise

    def _find(self) -> dict[str, t.Any] | None:
        """Return the summary of the domain of this name; one being deleted counts only where there is no other."""
        named = [domain for domain in self._api.list_domains() if domain["DomainName"] == self._name]
        staying = [domain for domain in named if domain["Status"] != "Deleting"]
        if len(staying) > 1:
            listed = ", ".join(f"{domain['DomainId']} ({domain['Status']})" for domain in staying)
            raise ResourceError(
                f"{len(staying)} domains in {self._api.region} have this name: {listed}. This module knows a domain by "
                "its name alone: delete those nobody needs by ID, with `aws sagemaker delete-domain --domain-id ID`"
            )
        return next(iter(staying or named), None)

    def _look(self, domain_id: str) -> None:
        self._domain = self._api.describe_domain(domain_id)
        self._tags = self._api.list_tags(self._domain["DomainArn"])
        self.result.after = state_of(self._domain, self._tags)

    def _create(self, wanted: DesiredDomain) -> None:
        desired_domain.check_creation(wanted, self._api.region)
        request = desired_domain.create_request(wanted)
        tags = wanted.tags or {}
        if self._check_mode:
            self.result.after = state_of({**request, "Status": "InService"}, tags)
            return
        domain_id = self._create_once({**request, "Tags": ansible_dict_to_boto3_tag_list(tags)})
        self.result.after = state_of({**request, "DomainId": domain_id, "Status": "Pending"}, tags)
        if self._patience.wait:
            # That it Failed is seen, with its reason, in what is described next.
            with contextlib.suppress(UnexpectedStatus):
                self._wait("domain_in_service", domain_id)
        else:
            self.result.warnings.append(
                f"{self._name} ({domain_id}) is still being created (wait is false): what it becomes is not proven."
            )
        self._look(domain_id)

    def _create_once(self, request: dict[str, t.Any]) -> str:
        """Create the domain and return its ID.

        An attempt whose answer was lost may have made it, so that it is looked for by name before the next one.
        """
        tried = False

        def attempt() -> str:
            nonlocal tried
            made = self._find() if tried else None
            tried = True
            return made["DomainId"] if made else self._api.create_domain(request)

        return t.cast("str", with_retries(attempt, "ResourceInUse"))

    def _delete(self, domain_id: str, home_efs_file_system: str) -> None:
        """One attempt: look whether there is something left to delete, wait until it can be, and send."""
        try:
            status = self._api.describe_domain(domain_id)["Status"]
        except is_boto3_error_code("ResourceNotFound"):
            return
        if status == "Deleting":
            return
        if status in ("Pending", "Updating"):
            self._refuse_if_nobody_waits(status)
            # However that ends, the domain can be deleted then.
            with contextlib.suppress(UnexpectedStatus):
                self._wait("domain_stable", domain_id)
        try:
            self._api.delete_domain(domain_id, home_efs_file_system)
        except is_boto3_error_code("ResourceInUse") as error:
            if self._api.describe_domain(domain_id)["Status"] in ("Pending", "Updating", "Deleting"):
                raise
            raise ResourceError(
                f"it is still used ({error}). Delete its apps, spaces and user profiles first: `aws sagemaker "
                f"list-spaces --domain-id-equals {domain_id}` and the like name them"
            ) from error

    def _bring(self, wanted: DesiredDomain) -> None:
        """Bring DockerSettings and tags to what is wanted; before that, refuse what cannot be brought."""
        status = self._domain["Status"]
        if status in ("Failed", "Delete_Failed"):
            raise ResourceError(
                f"it is {status}: {self._domain.get('FailureReason') or 'SageMaker gives no FailureReason'} "
                "(nothing can be done with it but delete it with state=absent and create it again)"
            )
        desired_domain.refuse_changes(wanted, self._domain)
        to_set, to_remove = domain_tags.changes(self._tags, wanted.tags, wanted.purge_tags)
        tags = domain_tags.after(self._tags, to_set, to_remove)
        self._bring_docker_settings(wanted)
        if (to_set or to_remove) and not self._check_mode:
            self._send_tags(to_set, to_remove)
            tags = self._prove_tags(wanted)
        self.result.after = {**(self.result.after or {}), "tags": tags}

    def _bring_docker_settings(self, wanted: DesiredDomain) -> None:
        result = reconcile(
            DockerSettingsResource(self._api, self._domain["DomainId"]),
            ResourceResult(self._domain["DomainId"], self._domain),
            lambda current: docker_settings.replaced(current, **wanted.docker_settings),
            self._patience,
            self._check_mode,
        )
        self.result.after = {
            **state_of(result.description, self._tags),
            **{key: update_docker_settings.as_result(result)[key] for key in ("status", "docker_settings")},
        }
        if result.error:
            raise ResourceError(result.error)
        self.result.warnings += update_docker_settings.warnings([result])

    def _send_tags(self, to_set: dict[str, str], to_remove: list[str]) -> None:
        # Removed first: a domain full of tags has no room for new ones.
        arn = self._domain["DomainArn"]
        if to_remove:
            self._api.delete_tags(arn, to_remove)
        if to_set:
            self._api.add_tags(arn, to_set)

    def _prove_tags(self, wanted: DesiredDomain) -> dict[str, str]:
        tags = self._api.list_tags(self._domain["DomainArn"])
        if any(domain_tags.changes(tags, wanted.tags, wanted.purge_tags)):
            raise ResourceError(
                f"SageMaker took the tags {wanted.tags} and then lists {tags}. Somebody else may have changed them "
                "meanwhile (CloudTrail has the AddTags calls); otherwise run this again"
            )
        return tags

    def _refuse_if_nobody_waits(self, status: str) -> None:
        if not self._patience.wait:
            raise ResourceError(f"it is {status}, and wait is false: run this again when that is over, or wait")

    def _wait(self, waiter_name: str, domain_id: str) -> None:
        wait_for(self._api, waiter_name, {"DomainId": domain_id}, self._patience)
