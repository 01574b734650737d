# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The calls to SageMaker: retried, with a bound on how many are in flight, and nothing decided here."""

from __future__ import annotations

import functools
import threading
import typing as t

try:
    from botocore.config import Config
    from botocore.exceptions import ClientError, ConnectTimeoutError, HTTPClientError

    _TRANSPORT = (HTTPClientError, ConnectTimeoutError)
    _RETRIED: t.Any = (ClientError, *_TRANSPORT)
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    _RETRIED = type(None)

from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import DomainError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiters import DomainWaiterFactory

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

# The size SageMaker allows a page of ListDomains and ListApps to have (botocore model: MaxResults, max 100).
_PAGE_SIZE = 100
_READS = ("describe_", "get_", "list_", "simulate_")


class SageMakerRetry(AWSRetry):
    """amazon.aws's retries, which know neither dropped connections nor 5xx without a known code."""

    base_class = _RETRIED

    @staticmethod
    def status_code_from_exception(error: Exception) -> str:
        if isinstance(error, _TRANSPORT):
            return "Unavailable"
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
            return "InternalError"
        return error.response["Error"]["Code"]


def retrying(call: t.Callable[[], t.Any], *extra_codes: str, attempts: int = 10) -> t.Any:
    """Call until it succeeds, fails for good, or C(attempts) are used up; waits grow to 20 s, with full jitter.

    The decorator is made anew per call because amazon.aws's keeps its delay in an object that threads would share.
    """
    decorate = SageMakerRetry.jittered_backoff(
        retries=attempts, delay=0.5, max_delay=20, catch_extra_error_codes=["ThrottlingException", *extra_codes]
    )
    return decorate(call)()


class PatientClient:
    """A boto3 client with at most C(limit) calls in flight; reads are retried.

    The place is held for the call alone: who sleeps between two polls or two retries keeps no one else waiting.
    Writes are not retried here: what they send was computed from a description that would be stale by then.
    """

    def __init__(self, client: t.Any, limit: int) -> None:
        self._client = client
        self._places = threading.BoundedSemaphore(limit)

    def __getattr__(self, name: str) -> t.Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute

        @functools.wraps(attribute)
        def in_turn(*args: t.Any, **kwargs: t.Any) -> t.Any:
            with self._places:
                return attribute(*args, **kwargs)

        if not name.startswith(_READS):
            return in_turn
        return lambda *args, **kwargs: retrying(functools.partial(in_turn, *args, **kwargs))


class DomainApi:
    """Domains and what is in them, as the modules need it. Every method raises botocore's exceptions."""

    def __init__(self, client: t.Any, region: str, places: int) -> None:
        self.region = region
        # How many calls may be in flight at the same time.
        self.places = places
        self._client = client
        self._waiters = DomainWaiterFactory()

    @classmethod
    def of(cls, module: AnsibleAWSModule, concurrency: int) -> DomainApi:
        """Connect with the module's own connection options; raise DomainError when no region is known."""
        region = module.region
        if not region:
            raise DomainError(
                "No AWS region: set the option region, the variable AWS_REGION or AWS_DEFAULT_REGION, "
                "or `aws configure set region eu-west-1` for the profile in use."
            )
        # botocore's own retries would send an update again, long after the description it was made from; aws_config
        # still wins over this.
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=concurrency)
        return cls(PatientClient(module.client("sagemaker", config=config), concurrency), region, concurrency)

    def describe_domain(self, domain_id: str) -> dict[str, t.Any]:
        """Return DescribeDomain's response."""
        return self._client.describe_domain(DomainId=domain_id)

    def list_domains(self) -> list[dict[str, t.Any]]:
        """Return the summary (DomainId, DomainName, DomainArn, Status, ...) of every domain in the region."""
        return self._all_pages(self._client.list_domains, "Domains")

    def list_apps(self, domain_id: str) -> list[dict[str, t.Any]]:
        """Return the AppDetails of every app of the domain, those deleted in the last day among them."""
        return self._all_pages(self._client.list_apps, "Apps", DomainIdEquals=domain_id)

    def list_user_profiles(self, domain_id: str) -> list[dict[str, t.Any]]:
        """Return the summary (UserProfileName, ...) of every user profile of the domain."""
        return self._all_pages(self._client.list_user_profiles, "UserProfiles", DomainIdEquals=domain_id)

    def describe_user_profile(self, domain_id: str, name: str) -> dict[str, t.Any]:
        """Return DescribeUserProfile's response."""
        return self._client.describe_user_profile(DomainId=domain_id, UserProfileName=name)

    def update_docker_settings(self, domain_id: str, docker_settings: dict[str, t.Any]) -> None:
        """Send the DockerSettings and nothing else.

        UpdateDomain refuses requests that echo other settings back: C(AppNetworkAccessType) without VPC and subnets
        (terraform-provider-aws#45528), settings of RStudio on domains without it (#39923).
        """
        self._client.update_domain(DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": docker_settings})

    def create_domain(self, request: dict[str, t.Any]) -> str:
        """Send CreateDomain and return the new domain's ID.

        There is no ClientRequestToken: sent twice, it makes two domains.
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
        """Set these tags; one of the same key is replaced, so the call may be repeated."""
        request = {"ResourceArn": arn, "Tags": ansible_dict_to_boto3_tag_list(tags)}
        retrying(lambda: self._client.add_tags(**request))

    def delete_tags(self, arn: str, keys: list[str]) -> None:
        """Remove the tags of these keys; the call may be repeated."""
        retrying(lambda: self._client.delete_tags(ResourceArn=arn, TagKeys=keys))

    def describe_app(self, app: dict[str, str]) -> dict[str, t.Any]:
        """Return DescribeApp's response; C(app) names it by its members. A deleted app is found for a day."""
        return self._client.describe_app(**app)

    def create_app(self, request: dict[str, t.Any]) -> None:
        """Send CreateApp; there is one app of a name, so that a second one is refused (ResourceInUse)."""
        self._client.create_app(**request)

    def delete_app(self, app: dict[str, str]) -> None:
        """Send DeleteApp."""
        self._client.delete_app(**app)

    def list_spaces(self, domain_id: str) -> list[dict[str, t.Any]]:
        """Return the summary of every space of the domain."""
        return self._all_pages(self._client.list_spaces, "Spaces", DomainIdEquals=domain_id)

    def describe_space(self, space: dict[str, str]) -> dict[str, t.Any]:
        """Return DescribeSpace's response; C(space) names it by its members."""
        return self._client.describe_space(**space)

    def update_default_user_settings(self, domain_id: str, settings: dict[str, t.Any]) -> None:
        """Send these members of DefaultUserSettings and nothing else; see update_docker_settings for the reason."""
        self._client.update_domain(DomainId=domain_id, DefaultUserSettings=settings)

    def update_user_settings(self, profile: dict[str, str], settings: dict[str, t.Any]) -> None:
        """Send these members of the profile's UserSettings and nothing else."""
        self._client.update_user_profile(**profile, UserSettings=settings)

    def list_lifecycle_configs(self, part_of_name: str) -> list[dict[str, t.Any]]:
        """Return the details, without content, of the lifecycle configurations with this in their name."""
        return self._all_pages(
            self._client.list_studio_lifecycle_configs, "StudioLifecycleConfigs", NameContains=part_of_name
        )

    def describe_lifecycle_config(self, name: str) -> dict[str, t.Any]:
        """Return DescribeStudioLifecycleConfig's response."""
        return self._client.describe_studio_lifecycle_config(StudioLifecycleConfigName=name)

    def create_lifecycle_config(self, name: str, app_type: str, content: str) -> None:
        """Send CreateStudioLifecycleConfig, content in base64; a name that is taken is refused (ResourceInUse)."""
        self._client.create_studio_lifecycle_config(
            StudioLifecycleConfigName=name, StudioLifecycleConfigAppType=app_type, StudioLifecycleConfigContent=content
        )

    def delete_lifecycle_config(self, name: str) -> None:
        """Send DeleteStudioLifecycleConfig."""
        self._client.delete_studio_lifecycle_config(StudioLifecycleConfigName=name)

    def wait(self, waiter_name: str, resource: dict[str, str], waiter_config: dict[str, int]) -> None:
        """Wait with a waiter of DomainWaiterFactory; raises botocore's WaiterError, which has the last response."""
        waiter = self._waiters.get_waiter(self._client, waiter_name)
        waiter.wait(**resource, WaiterConfig=waiter_config)

    @staticmethod
    def _all_pages(
        operation: t.Callable[..., dict[str, t.Any]], key: str, **parameters: t.Any
    ) -> list[dict[str, t.Any]]:
        # Not botocore's paginator: it calls the bare client, and a page refused would start the whole list again.
        found: list[dict[str, t.Any]] = []
        token: dict[str, str] = {}
        while True:
            page = operation(MaxResults=_PAGE_SIZE, **parameters, **token)
            found.extend(page.get(key, []))
            if not page.get("NextToken"):
                return found
            token = {"NextToken": page["NextToken"]}
