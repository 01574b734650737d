# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint as tests use it."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from moto.core import DEFAULT_ACCOUNT_ID

from .calls import Call
from .control_api import PREFIX
from .credentials import access_key_of
from .front_door import ARRANGE_HEADER, AUTHOR_HEADER
from .places import EVERY

ROLE = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/sandbox-execution"
VPC = "vpc-0a1b2c3d4e5f60718"
SECURITY_GROUP = "sg-0a1b2c3d4e5f60718"
SUBNETS = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]
_HOUR = 3600
_WEEK = 7 * 24 * _HOUR


class Endpoint:
    """A running endpoint, in one account and region; `at` is the same endpoint in others.

    `domain`, `user_profile` and `app` arrange a world: they take effect at once, whatever the controls say, and are not
    logged. `boto3` returns a client like any user's.
    """

    def __init__(self, url: str, region: str = "eu-west-1", account: str = DEFAULT_ACCOUNT_ID) -> None:
        self.url = url
        self.region = region
        self.account = account
        self._arranging = _client(url, region, account, "sagemaker")
        self._arranging.meta.events.register("before-call.sagemaker", self._mark_as_arranging)
        self._time_to_arrange = 0.0
        self._author = ""

    def at(self, account: str, region: str | None = None) -> Endpoint:
        return Endpoint(self.url, region or self.region, account)

    def environment(self) -> dict[str, str]:
        """The variables that send an AWS program (boto3, amazon.aws, the AWS CLI) here, in this account and region."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": access_key_of(self.account),
            "AWS_SECRET_ACCESS_KEY": "a-secret-only-in-name",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def boto3(self, service: str = "sagemaker", **config: Any) -> Any:
        """A boto3 client; it does not retry, unless `config` (of botocore.config.Config) overrides that."""
        return _client(self.url, self.region, self.account, service, **config)

    def reset(self) -> None:
        """A healthy, empty, untouched service."""
        self._sandbox("POST", "reset")

    def controls(self, account: str = EVERY, region: str = EVERY, **changes: Any) -> dict[str, Any]:
        """Change the named controls (see controls.Controls), everywhere or there; returns all of them."""
        return self._sandbox("PUT", f"controls?account={account}&region={region}", changes)

    def organization(self, **request: Any) -> dict[str, Any]:
        """Make an organization of many accounts, regions and domains (see seed.Organization); returns its IDs."""
        return self._sandbox("POST", "organization", request)

    def region_status(self, account: str, **statuses: str) -> dict[str, str]:
        """Change the status of regions in an account (`eu_south_1="ENABLED"`); returns that of every region."""
        named = {region.replace("_", "-"): status for region, status in statuses.items()}
        return self._sandbox("PUT", f"regions?account={account}", named)

    def calls(self, operation: str | None = None) -> list[Call]:
        """The calls received since the last reset or clear_calls, of one operation or all, in order of arrival."""
        calls = [Call(**call) for call in self._sandbox("GET", "calls")]
        return [call for call in calls if operation in (None, call.operation)]

    def mutating_calls(self) -> list[Call]:
        return [call for call in self.calls() if call.mutating]

    def clear_calls(self) -> None:
        self._sandbox("DELETE", "calls")

    def domain(
        self,
        name: str = "studio",
        docker_settings: dict[str, Any] | None = None,
        *,
        vpc_only: bool = True,
        auth_mode: str = "IAM",
        tags: dict[str, str] | None = None,
        **members: Any,
    ) -> str:
        """A domain that has been InService for a week. `docker_settings` and `members` as CreateDomain takes them.

        Returns the domain ID.
        """
        request = {
            "DomainName": name,
            "AuthMode": auth_mode,
            "DefaultUserSettings": {"ExecutionRole": f"arn:aws:iam::{self.account}:role/sandbox-execution"},
            "VpcId": VPC,
            "SubnetIds": SUBNETS,
            "AppNetworkAccessType": "VpcOnly" if vpc_only else "PublicInternetOnly",
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
            **members,
        }
        if docker_settings is not None:
            request["DomainSettings"] = {**request.get("DomainSettings", {}), "DockerSettings": docker_settings}
        return self._arrange("create_domain", _WEEK, **request)["DomainId"]

    def lifecycle_config(
        self, name: str, content: str = "Og==", *, app_type: str = "JupyterLab", age: float = 0
    ) -> str:
        """A lifecycle configuration that is so many seconds old. Returns its ARN."""
        return self._arrange(
            "create_studio_lifecycle_config",
            age,
            StudioLifecycleConfigName=name,
            StudioLifecycleConfigContent=content,
            StudioLifecycleConfigAppType=app_type,
        )["StudioLifecycleConfigArn"]

    def update(self, operation: str, *, age: float = 0, by: str = "", **request: Any) -> None:
        """Any change of the world, at once: `update("update_domain", DomainId=...)`.

        CloudTrail has it as made so many seconds ago, by this principal (ARN).
        """
        self._author = by
        self._arrange(operation, age, **request)
        self._author = ""

    def user_profile(self, domain_id: str, name: str = "ada", role: str | None = None, **user_settings: Any) -> str:
        """A user profile, with its own role if `role` names one; an existing profile of that name stays.

        Returns its name.
        """
        user_settings |= {"ExecutionRole": role} if role else {}
        settings = {"UserSettings": user_settings} if user_settings else {}
        with contextlib.suppress(self._arranging.exceptions.ResourceInUse):
            self._arrange("create_user_profile", _WEEK, DomainId=domain_id, UserProfileName=name, **settings)
        return name

    def space(self, domain_id: str, space: str, profile: str = "ada", *, shared: bool = False, **members: Any) -> str:
        """A space that exists for a week, with its user profile; an existing space of that name stays.

        `members` as CreateSpace takes them. Returns its name.
        """
        self.user_profile(domain_id, profile)
        with contextlib.suppress(self._arranging.exceptions.ResourceInUse):
            self._arrange(
                "create_space",
                _WEEK,
                DomainId=domain_id,
                SpaceName=space,
                OwnershipSettings={"OwnerUserProfileName": profile},
                SpaceSharingSettings={"SharingType": "Shared" if shared else "Private"},
                **members,
            )
        return space

    def app(
        self,
        domain_id: str,
        name: str = "default",
        *,
        app_type: str = "JupyterLab",
        profile: str = "ada",
        space: str | None = None,
        created_before_update: bool = True,
        shared: bool = False,
        remote_access: bool = False,
        **members: Any,
    ) -> str:
        """A running app, with its user profile and, if its type needs one or `space` names one, its private space.

        `shared` makes it a shared space, `remote_access` one with remote access, which the app started with.
        `members` as CreateApp takes them. With `created_before_update` the app is an
        hour old and the domain was updated (with no change) just now; else the app was created just now. Returns the
        app's ARN.
        """
        self.user_profile(domain_id, profile)
        if space is None and app_type in ("JupyterLab", "CodeEditor"):
            space = f"{profile}-{app_type.lower()}"
        owner = {"SpaceName": space} if space else {"UserProfileName": profile}
        if space:
            settings = {"AppType": app_type, **({"RemoteAccess": "ENABLED"} if remote_access else {})}
            self.space(domain_id, space, profile, shared=shared, SpaceSettings=settings)
        age = _HOUR if created_before_update else 0
        if app_type == "KernelGateway":
            members.setdefault("ResourceSpec", {"InstanceType": "ml.t3.medium"})
        app = self._arrange("create_app", age, DomainId=domain_id, AppType=app_type, AppName=name, **owner, **members)
        if created_before_update:
            self._arrange("update_domain", 0, DomainId=domain_id)
        return app["AppArn"]

    def _arrange(self, operation: str, seconds_ago: float, **request: Any) -> dict[str, Any]:
        self._time_to_arrange = time.time() - seconds_ago
        return getattr(self._arranging, operation)(**request)

    def _mark_as_arranging(self, params: dict[str, Any], **_event: Any) -> None:
        params["headers"][ARRANGE_HEADER] = str(self._time_to_arrange)
        if self._author:
            params["headers"][AUTHOR_HEADER] = self._author

    def _sandbox(self, method: str, path: str, body: Any = None) -> Any:
        """One call of control_api. ValueError with its explanation if it refuses."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + PREFIX + path, data, headers, method=method)  # noqa: S310 - own URL
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - own URL
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]) from None


@cache
def _session() -> boto3.Session:
    return boto3.Session()


def _client(url: str, region: str, account: str, service: str, **config: Any) -> Any:
    settings = {"retries": {"total_max_attempts": 1}, "max_pool_connections": 100, **config}
    return _session().client(
        service,
        region_name=region,
        endpoint_url=url,
        config=Config(**settings),
        aws_access_key_id=access_key_of(account),
        aws_secret_access_key="sandbox",  # noqa: S106 - a fake
    )
