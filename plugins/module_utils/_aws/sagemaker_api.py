# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The SageMaker operations that the modules call. No decisions here."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.client import RateLimitedClient
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.connection import connect, region_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.resource_polls import PollsByList
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import SageMakerWaiterFactory

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.resource_polls import (
        IsStale,
        ResourcePolls,
    )

# The size SageMaker allows a page of ListDomains and ListApps to have (botocore model: MaxResults, max 100).
_PAGE_SIZE = 100


class SageMakerApi:
    """Domains, user profiles, spaces, apps and lifecycle configurations. Every method raises botocore's exceptions."""

    def __init__(self, client: t.Any, region: str, concurrency: int) -> None:
        self.region = region
        # How many calls may be in flight at the same time.
        self.concurrency = concurrency
        self._client = client
        self._waiters = SageMakerWaiterFactory()
        self._polls = PollsByList(self, _PAGE_SIZE)

    @classmethod
    def of(cls, module: AnsibleAWSModule, concurrency: int) -> SageMakerApi:
        """Connect with the module's own connection options; raise ResourceError when they do not suffice.

        From now on the module stops when it is told to: see stop.py.
        """
        stop.watch()
        region = region_of(module)
        return cls(RateLimitedClient(connect(module, "sagemaker", concurrency), concurrency), region, concurrency)

    def describe_domain(self, domain_id: str) -> dict[str, t.Any]:
        """Return DescribeDomain's response; AWS requires no name, and its ID serves as well."""
        return {"DomainName": domain_id, **self._client.describe_domain(DomainId=domain_id)}

    def list_domains(self) -> list[dict[str, t.Any]]:
        """Return the summary (DomainId, DomainName, DomainArn, Status, ...) of every domain in the region."""
        summaries = self._all_pages(self._client.list_domains, "Domains")
        return [{"DomainName": summary["DomainId"], **summary} for summary in summaries]

    def list_apps(self, domain_id: str | None = None) -> list[dict[str, t.Any]]:
        """Return the AppDetails of every app of the domain or region, those deleted in the last day among them."""
        return self._all_pages(self._client.list_apps, "Apps", **_in_domain(domain_id))

    def list_user_profiles(self, domain_id: str) -> list[dict[str, t.Any]]:
        """Return the summary (UserProfileName, ...) of every user profile of the domain."""
        return self._all_pages(self._client.list_user_profiles, "UserProfiles", DomainIdEquals=domain_id)

    def describe_user_profile(self, domain_id: str, name: str) -> dict[str, t.Any]:
        """Return DescribeUserProfile's response."""
        return self._client.describe_user_profile(DomainId=domain_id, UserProfileName=name)

    def update_domain(self, domain_id: str, changes: dict[str, t.Any]) -> None:
        """Send UpdateDomain with these members; see update_docker_settings for those that must be changes."""
        self._client.update_domain(DomainId=domain_id, **changes)

    def update_docker_settings(self, domain_id: str, docker_settings: dict[str, t.Any]) -> None:
        """Send the DockerSettings alone.

        UpdateDomain refuses requests that repeat other settings: C(AppNetworkAccessType) without VPC and subnets
        (terraform-provider-aws#45528), settings of RStudio on domains without it (#39923).
        """
        self._client.update_domain(DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": docker_settings})

    def create_domain(self, request: dict[str, t.Any]) -> str:
        """Send CreateDomain and return the new domain's ID.

        The operation has no ClientRequestToken: two requests create two domains.
        """
        # Older versions of the service's model have no DomainId in the response.
        return self._client.create_domain(**request)["DomainArn"].rpartition("/")[2]

    def delete_domain(self, domain_id: str, home_efs_file_system: str) -> None:
        """Send DeleteDomain; C(home_efs_file_system) is Retain or Delete (botocore model: RetentionType)."""
        self._client.delete_domain(DomainId=domain_id, RetentionPolicy={"HomeEfsFileSystem": home_efs_file_system})

    def list_tags(self, arn: str) -> dict[str, str]:
        """Return the tags of the resource with this ARN."""
        return boto3_tag_list_to_ansible_dict(self._all_pages(self._client.list_tags, "Tags", ResourceArn=arn))

    def add_tags(self, arn: str, tags: dict[str, str]) -> None:
        """Set these tags. The call is idempotent."""
        request = {"ResourceArn": arn, "Tags": ansible_dict_to_boto3_tag_list(tags)}
        with_retries(lambda: self._client.add_tags(**request))

    def delete_tags(self, arn: str, keys: list[str]) -> None:
        """Remove the tags with these keys. The call is idempotent."""
        with_retries(lambda: self._client.delete_tags(ResourceArn=arn, TagKeys=keys))

    def describe_app(self, app: dict[str, str]) -> dict[str, t.Any]:
        """Return DescribeApp's response; C(app) identifies it. A deleted app is described for a day."""
        return self._client.describe_app(**app)

    def create_app(self, request: dict[str, t.Any]) -> None:
        """Send CreateApp; SageMaker refuses a second app of the same name (ResourceInUse)."""
        self._client.create_app(**request)

    def delete_app(self, app: dict[str, str]) -> None:
        """Send DeleteApp."""
        self._client.delete_app(**app)

    def list_spaces(self, domain_id: str | None = None) -> list[dict[str, t.Any]]:
        """Return the summary of every space of the domain or region."""
        return self._all_pages(self._client.list_spaces, "Spaces", **_in_domain(domain_id))

    def describe_space(self, space: dict[str, str]) -> dict[str, t.Any]:
        """Return DescribeSpace's response; C(space) has the members that identify it."""
        return self._client.describe_space(**space)

    def update_space_settings(self, space: dict[str, str], settings: dict[str, t.Any]) -> None:
        """Send these members of the space's SpaceSettings alone."""
        self._client.update_space(**space, SpaceSettings=settings)

    def update_default_settings(self, domain_id: str, settings: dict[str, t.Any]) -> None:
        """Send these parts of DefaultUserSettings and DefaultSpaceSettings, and nothing else.

        update_docker_settings() gives the reason.
        """
        self._client.update_domain(DomainId=domain_id, **settings)

    def update_user_settings(self, profile: dict[str, str], settings: dict[str, t.Any]) -> None:
        """Send these members of the profile's UserSettings alone."""
        self._client.update_user_profile(**profile, UserSettings=settings)

    def list_lifecycle_configs(self, part_of_name: str | None = None) -> list[dict[str, t.Any]]:
        """Return the details, without content, of all lifecycle configurations, or those with this text in the name."""
        filters = {"NameContains": part_of_name} if part_of_name else {}
        return self._all_pages(self._client.list_studio_lifecycle_configs, "StudioLifecycleConfigs", **filters)

    def describe_lifecycle_config(self, name: str) -> dict[str, t.Any]:
        """Return DescribeStudioLifecycleConfig's response."""
        return self._client.describe_studio_lifecycle_config(StudioLifecycleConfigName=name)

    def create_lifecycle_config(self, name: str, app_type: str, content: str, tags: dict[str, str]) -> None:
        """Send CreateStudioLifecycleConfig, content in base64; SageMaker refuses a name that exists (ResourceInUse)."""
        self._client.create_studio_lifecycle_config(
            StudioLifecycleConfigName=name,
            StudioLifecycleConfigAppType=app_type,
            StudioLifecycleConfigContent=content,
            Tags=ansible_dict_to_boto3_tag_list(tags),
        )

    def delete_lifecycle_config(self, name: str) -> None:
        """Send DeleteStudioLifecycleConfig."""
        self._client.delete_studio_lifecycle_config(StudioLifecycleConfigName=name)

    @property
    def calls_per_second(self) -> float:
        """The present rate of the calls; infinite as long as AWS has not throttled."""
        return t.cast("float", self._client.queue.calls_per_second)

    def polls(self, resource: dict[str, str], pause: float, is_stale: IsStale) -> t.ContextManager[ResourcePolls]:
        """Return the polls for a resource, which the threads that wait in the same list share."""
        return self._polls.of(resource, pause, is_stale, self._client.meta)

    def waiter(self, waiter_name: str, polls: ResourcePolls) -> t.Any:
        """Return a waiter of SageMakerWaiterFactory that polls with C(polls)."""
        return self._waiters.get_waiter(polls, waiter_name)

    @staticmethod
    def _all_pages(
        operation: t.Callable[..., dict[str, t.Any]], key: str, **parameters: t.Any
    ) -> list[dict[str, t.Any]]:
        # Not botocore's paginator: it calls the client without retries, and one refused page would restart the list.
        found: list[dict[str, t.Any]] = []
        token: dict[str, str] = {}
        while True:
            page = operation(MaxResults=_PAGE_SIZE, **parameters, **token)
            found.extend(page.get(key, []))
            if not page.get("NextToken"):
                return found
            token = {"NextToken": page["NextToken"]}


def _in_domain(domain_id: str | None) -> dict[str, str]:
    return {"DomainIdEquals": domain_id} if domain_id else {}
