# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Reconcile a whole domain: find it by name, then create, update or delete it."""

from __future__ import annotations

import contextlib
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    SettingsError,
    aws_error,
    explain,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult, reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stale_reads import (
    for_a_while,
    read_after_write,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import Stopped
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.tags import readable_tags
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus, wait_for
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import (
    desired_domain,
    docker_settings,
    domain_tags,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.domain_result import (
    DomainResult,
    state_of,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.domain_settings_resource import (
    DomainSettingsResource,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import UNUSABLE

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.resource_polls import IsStale
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain


class DomainReconciler:
    """Reconciles one domain, known by its ID or its name. C(result) is valid at every moment, also after a failure."""

    def __init__(self, api: SageMakerApi, desired: DesiredDomain, wait_policy: WaitPolicy, check_mode: bool) -> None:
        self.result = DomainResult()
        self._api = api
        self._desired = desired
        self._name = desired.name or desired.domain_id
        self._wait_policy = wait_policy
        self._check_mode = check_mode
        # The last description.
        self._domain: dict[str, t.Any] = {}
        self._tags: dict[str, str] = {}

    def present(self) -> DomainResult:
        """Create the domain if it does not exist, and reconcile it; errors end in C(result.error)."""
        return self._explained(self._present)

    def absent(self, home_efs_file_system: str) -> DomainResult:
        """Delete the domain if it exists, and wait until it is gone; errors end in C(result.error).

        C(home_efs_file_system) is Retain or Delete: whether the users' files are kept.
        """
        return self._explained(lambda: self._absent(home_efs_file_system))

    def _explained(self, work: t.Callable[[], None]) -> DomainResult:
        try:
            with time_limit(self._wait_policy.timeout):
                work()
        except Stopped as error:
            sent = self.result.changed and not self._check_mode
            self.result.error = f"{'the change was sent and is not verified' if sent else 'not started'}: {error}"
        except (ResourceError, SettingsError) as error:
            self.result.error, self.result.aws_error = str(error), self.result.aws_error or aws_error(error)
        except (ClientError, BotoCoreError) as error:
            self.result.error, self.result.aws_error = explain(error, self._api.region), aws_error(error)
        return self.result

    def _present(self) -> None:
        found = self._find()
        if found and found["Status"] == "Deleting":
            self._refuse_without_wait("Deleting")
            self._wait("domain_deleted", found["DomainId"])
            found = None
        if found:
            try:
                self._describe(found["DomainId"])
            except is_boto3_error_code("ResourceNotFound") as error:
                # Not a reason to create one: a domain that was created just now may be listed and not yet described.
                raise ResourceError(
                    f"SageMaker lists it ({found['DomainId']}) and does not describe it, as while it is being created "
                    "or deleted: run this again"
                ) from error
            self.result.before = self.result.after
        else:
            self._create()
            if self._check_mode or not self._wait_policy.wait:
                return
        self._update()

    def _absent(self, home_efs_file_system: str) -> None:
        found = self._find()
        if not found:
            return
        domain_id = found["DomainId"]
        if found["Status"] != "Deleting":
            try:
                self._describe(domain_id)
            except is_boto3_error_code("ResourceNotFound"):
                return
            self.result.before = self.result.after
            if not self._check_mode:
                with_retries(lambda: self._delete(domain_id, home_efs_file_system), "ResourceInUse")
            self.result.after = None
        if self._check_mode:
            return
        if not self._wait_policy.wait:
            self.result.warnings.append(f"{self._name} ({domain_id}) is still being deleted (wait is false).")
            return

        def has_same_status(domain: dict[str, t.Any] | None) -> bool:
            # As one whose deletion failed before.
            return domain is not None and _has_same_status(domain, self._domain)

        try:
            self._wait("domain_deleted", domain_id, for_a_while(has_same_status))
        except UnexpectedStatus as error:
            self.result.after = state_of(error.description, self._tags)
            raise

    def _find(self) -> dict[str, t.Any] | None:
        """Return the description of the domain with this ID, or the summary of the domain with this name.

        A domain in which nothing can be changed counts only if there is no other, and one in Deleting only as the last.
        """
        if self._desired.domain_id:
            return self._describe_by_id(self._desired.domain_id)
        named = [domain for domain in self._api.list_domains() if domain["DomainName"] == self._name]
        usable = [domain for domain in named if domain["Status"] not in UNUSABLE]
        candidates = usable or [domain for domain in named if domain["Status"] != "Deleting"]
        if len(candidates) > 1:
            listed = ", ".join(f"{domain['DomainId']} ({domain['Status']})" for domain in candidates)
            raise ResourceError(
                f"{len(candidates)} domains in {self._api.region} have this name: {listed}. This module knows a domain "
                "by its name: delete the domains nobody needs with `aws sagemaker delete-domain --domain-id ID`"
            )
        return next(iter(candidates or named), None)

    def _describe_by_id(self, domain_id: str) -> dict[str, t.Any] | None:
        try:
            return self._api.describe_domain(domain_id)
        except is_boto3_error_code("ResourceNotFound"):
            return None

    def _describe(self, domain_id: str) -> None:
        self._domain = self._api.describe_domain(domain_id)
        # A domain whose tags SageMaker does not return cannot be updated either.
        self._tags = readable_tags(self._api, self._domain["DomainArn"]) or {}
        self.result.after = state_of(self._domain, self._tags)

    def _create(self) -> None:
        desired = self._desired
        desired_domain.validate_creation(desired, self._api.region)
        request = desired_domain.create_request(desired)
        tags = desired.tags or {}
        if self._check_mode:
            self.result.after = state_of({**request, "Status": "InService"}, tags)
            return
        domain_id = self._create_once({**request, "Tags": ansible_dict_to_boto3_tag_list(tags)})
        self._domain = {**request, "DomainId": domain_id, "Status": "Pending"}
        self._tags = tags
        self.result.after = state_of(self._domain, tags)
        if self._wait_policy.wait:
            self._domain = self._created(domain_id)
        else:
            self.result.warnings.append(
                f"{self._name} ({domain_id}) is still being created (wait is false): its settings are not verified."
            )
            self._domain = self._describe_by_id(domain_id) or self._domain
        self.result.after = state_of(self._domain, tags)
        self._refuse_duplicates(domain_id)

    def _created(self, domain_id: str) -> dict[str, t.Any]:
        """Wait until the domain that was created just now is in service or failed, and return its description."""
        try:
            domain = self._wait("domain_in_service", domain_id, for_a_while(lambda domain: domain is None))
        except UnexpectedStatus as error:
            if error.description["Status"] != "Failed":
                raise
            # _update() tells the reason.
            domain = error.description
        return t.cast("dict[str, t.Any]", domain)

    def _refuse_duplicates(self, domain_id: str) -> None:
        """Another run may have created a domain of this name at the same time: CreateDomain accepts both."""
        named = [one for one in self._api.list_domains() if one["DomainName"] == self._name]
        if all(one["DomainId"] != domain_id for one in named):
            # It is not listed yet.
            named.append(self._domain)
        usable = [one for one in named if one["Status"] not in UNUSABLE or one["DomainId"] == domain_id]
        if len(usable) < 2:
            return
        created = {one["DomainId"]: iso_time(one.get("CreationTime")) or "now" for one in usable}
        listed = ", ".join(f"{one} ({time})" for one, time in sorted(created.items(), key=lambda item: item[1]))
        raise ResourceError(
            f"this run created {domain_id}, and another run created a domain of the same name at the same time: "
            f"{listed}. Keep the first, and delete the others before anybody uses them: `aws sagemaker delete-domain "
            "--domain-id ID --retention-policy HomeEfsFileSystem=Delete`"
        )

    def _create_once(self, request: dict[str, t.Any]) -> str:
        """Create the domain and return its ID.

        An attempt whose response was lost may have created it. So each further attempt first looks it up by name.
        """
        tried = False

        def attempt() -> str:
            nonlocal tried
            created = self._find() if tried else None
            tried = True
            return created["DomainId"] if created else self._api.create_domain(request)

        return t.cast("str", with_retries(attempt, "ResourceInUse"))

    def _delete(self, domain_id: str, home_efs_file_system: str) -> None:
        """Make one attempt: wait until the domain can be deleted, and delete it unless it is gone already."""
        try:
            self._delete_when_stable(domain_id, home_efs_file_system)
        except is_boto3_error_code("ResourceNotFound"):
            return

    def _delete_when_stable(self, domain_id: str, home_efs_file_system: str) -> None:
        status = self._api.describe_domain(domain_id)["Status"]
        if status == "Deleting":
            return
        if status in ("Pending", "Updating"):
            self._refuse_without_wait(status)
            # The domain can be deleted in every final status.
            with contextlib.suppress(UnexpectedStatus):
                self._wait("domain_stable", domain_id)
        try:
            self._api.delete_domain(domain_id, home_efs_file_system)
        except is_boto3_error_code("ResourceInUse") as error:
            if self._api.describe_domain(domain_id)["Status"] in ("Pending", "Updating", "Deleting"):
                raise
            raise ResourceError(
                f"it is still in use ({error}). Delete its apps, spaces and user profiles first; list them with `aws "
                f"sagemaker list-spaces --domain-id-equals {domain_id}`, list-apps and list-user-profiles"
            ) from error

    def _update(self) -> None:
        """Reconcile settings and tags, after refusing changes that are impossible."""
        desired = self._desired
        status = self._domain["Status"]
        if status in ("Failed", "Delete_Failed"):
            raise ResourceError(
                f"it is {status}: {self._domain.get('FailureReason') or 'SageMaker gives no FailureReason'} "
                "(delete it with state=absent and create it again)"
            )
        desired_domain.refuse_changes(desired, self._domain)
        to_set, to_remove = domain_tags.changes(self._tags, desired.tags, desired.purge_tags)
        tags = domain_tags.after(self._tags, to_set, to_remove)
        self._update_settings()
        if (to_set or to_remove) and not self._check_mode:
            self._send_tags(to_set, to_remove)
            tags = self._verify_tags(desired, tags)
        self.result.after = {**(self.result.after or {}), "tags": tags}

    def _update_settings(self) -> None:
        domain_id = self._domain["DomainId"]
        result = reconcile(
            DomainSettingsResource(self._api, domain_id),
            ResourceResult(domain_id, self._domain),
            self._desired.settings_from,
            self._wait_policy,
            self._check_mode,
        )
        status = "Updating" if result.updating else result.description.get("Status")
        self.result.after = {**state_of(result.description, self._tags), **result.after.as_dict(), "status": status}
        if result.error:
            self.result.aws_error = result.aws_error
            raise ResourceError(result.error)
        network = result.after.app_network_access_type
        found = docker_settings.caveats(result.after.docker_settings, network)
        if result.updating:
            found.append("it is still Updating (wait is false): its settings are not verified")
        self.result.warnings += [f"{self._name} ({domain_id}): {caveat}." for caveat in found]

    def _send_tags(self, to_set: dict[str, str], to_remove: list[str]) -> None:
        # Remove first: a domain with 50 tags has no room for new ones.
        arn = self._domain["DomainArn"]
        if to_remove:
            self._api.delete_tags(arn, to_remove)
        if to_set:
            self._api.add_tags(arn, to_set)

    def _verify_tags(self, desired: DesiredDomain, expected: dict[str, str]) -> dict[str, str]:
        def are_others(tags: dict[str, str]) -> bool:
            return any(domain_tags.changes(tags, desired.tags, desired.purge_tags))

        if not self._wait_policy.wait:
            # They may not be visible yet.
            return expected
        tags = read_after_write(lambda: self._api.list_tags(self._domain["DomainArn"]), are_others)
        if are_others(tags):
            raise ResourceError(
                f"SageMaker accepted the tags {desired.tags} but lists {tags}. Somebody else may have changed them "
                "meanwhile (CloudTrail has the AddTags calls); otherwise run this again"
            )
        return tags

    def _refuse_without_wait(self, status: str) -> None:
        if not self._wait_policy.wait:
            raise ResourceError(f"it is {status}, and wait is false: run this again later, or set wait to true")

    def _wait(
        self, waiter_name: str, domain_id: str, is_stale: IsStale = lambda answer: False
    ) -> dict[str, t.Any] | None:
        return wait_for(self._api, waiter_name, {"DomainId": domain_id}, self._wait_policy, is_stale=is_stale)


def _has_same_status(domain: dict[str, t.Any], before: dict[str, t.Any]) -> bool:
    """Whether the status is that of the description C(before), and since the same time."""
    return all(domain.get(member) == before.get(member) for member in ("Status", "LastModifiedTime"))
