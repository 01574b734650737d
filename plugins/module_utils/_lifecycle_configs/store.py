# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations of one family in the region: create what is missing, remove what is unused."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import arns_in

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import Family

# Younger than the run's own, a configuration may be that of another run which is about to attach it.
_LONGEST_RUN = timedelta(hours=1)


@dataclass(frozen=True)
class Config:
    """One lifecycle configuration."""

    name: str
    arn: str
    app_type: str
    created: datetime


@dataclass
class Removal:
    """What became of the older ones: the names of those deleted, and who uses each of the others."""

    deleted: list[str] = field(default_factory=list)
    used: dict[str, list[str]] = field(default_factory=dict)


class LifecycleConfigStore:
    """One run's view of the family; C(created) has the names of what it made, or would make in check mode."""

    def __init__(self, api: SageMakerApi, family: Family, app_types: t.Sequence[str], check_mode: bool) -> None:
        self.created: list[str] = []
        self._api = api
        self._check_mode = check_mode
        self._family = family
        self._configs = self._listed(app_types)

    def _listed(self, app_types: t.Sequence[str]) -> dict[str, Config]:
        """The family's configurations for these app types, by name."""
        details = self._api.list_lifecycle_configs(self._family.name)
        configs = [
            Config(
                item["StudioLifecycleConfigName"],
                item["StudioLifecycleConfigArn"],
                item["StudioLifecycleConfigAppType"],
                item["CreationTime"],
            )
            for item in details
        ]
        return {
            config.name: config
            for config in configs
            if config.app_type in app_types and self._family.has(config.name, config.app_type)
        }

    @property
    def names(self) -> list[str]:
        return sorted(self._configs)

    def ensure(self, name: str, app_type: str, content: str, arn_of_domain: str) -> str:
        """Return the ARN of the configuration with this name, which is made if there is none.

        In check mode the ARN is what it would be, in the region and account of C(arn_of_domain).
        """
        if name in self._configs:
            return self._configs[name].arn
        if self._check_mode:
            self.created.append(name)
            arn = f"{arn_of_domain.partition(':domain/')[0]}:studio-lifecycle-config/{name}"
            self._configs[name] = Config(name, arn, app_type, datetime.now(timezone.utc))
            return arn

        def attempt() -> None:
            try:
                self._api.create_lifecycle_config(name, app_type, content)
            except is_boto3_error_code("ResourceInUse"):
                # Made by an attempt whose answer was lost, or by another run: the name says that the content is this.
                return

        with_retries(attempt)
        self.created.append(name)
        described = self._api.describe_lifecycle_config(name)
        if described["StudioLifecycleConfigContent"] != content:
            raise ResourceError(
                f"The lifecycle configuration {name} has another content than its name says: somebody else made it. "
                "Choose another name, or delete it: `aws sagemaker delete-studio-lifecycle-config "
                f"--studio-lifecycle-config-name {name}`"
            )
        self._configs[name] = Config(name, described["StudioLifecycleConfigArn"], app_type, described["CreationTime"])
        return self._configs[name].arn

    def purge(self, removal: Removal, kept: t.Collection[str], freed: t.Collection[str]) -> None:
        """Delete the family's configurations but those C(kept), as far as nothing uses them, and note it in C(removal).

        C(freed) are the ARNs of the domains and profiles that no longer use any of them, or will not after a check.
        """
        doomed = [config for config in self._configs.values() if self._may_go(config, kept)]
        if not doomed:
            return
        users = _users(self._api)
        for config in sorted(doomed, key=lambda config: config.name):
            using = sorted(users.get(config.arn, set()) - set(freed))
            if using:
                removal.used[config.name] = using
            elif self._check_mode or self._delete(config.name):
                removal.deleted.append(config.name)
                del self._configs[config.name]
            else:
                removal.used[config.name] = ["an app or a setting that SageMaker does not name"]

    def _may_go(self, config: Config, kept: t.Collection[str]) -> bool:
        if config.name in kept:
            return False
        own = [self._configs[name].created for name in kept if name in self._configs]
        if not own or config.created <= min(own):
            return True
        return config.created < datetime.now(timezone.utc) - _LONGEST_RUN

    def _delete(self, name: str) -> bool:
        """Delete it; False if SageMaker says that it is in use."""
        try:
            with_retries(lambda: self._api.delete_lifecycle_config(name))
        except is_boto3_error_code("ResourceInUse"):
            return False
        except is_boto3_error_code("ResourceNotFound"):
            return True
        return True


def _users(api: SageMakerApi) -> dict[str, set[str]]:
    """The ARNs of what uses each lifecycle configuration, by the configuration's ARN.

    An app that starts with a configuration which is gone fails, and SageMaker itself is documented to look at domains,
    profiles and running apps only: so spaces are looked at, too, and everything in every domain of the region.
    """
    domains = [domain["DomainId"] for domain in api.list_domains()]
    looks: list[t.Callable[[], t.Iterable[tuple[str, t.Any]]]] = []
    for found in run_concurrently(lambda domain_id: _looks_at(api, domain_id), domains, api.concurrency):
        looks += found
    users: dict[str, set[str]] = {}
    for seen in run_concurrently(_unless_gone, looks, api.concurrency):
        for user, settings in seen:
            for arn in arns_in(settings):
                users.setdefault(arn, set()).add(user)
    return users


def _looks_at(api: SageMakerApi, domain_id: str) -> list[t.Callable[[], t.Iterable[tuple[str, t.Any]]]]:
    """What has to be asked to know all uses in the domain."""

    def domain() -> t.Iterable[tuple[str, t.Any]]:
        described = api.describe_domain(domain_id)
        return [(described["DomainArn"], [described.get("DefaultUserSettings"), described.get("DefaultSpaceSettings")])]

    def apps() -> t.Iterable[tuple[str, t.Any]]:
        running = [app for app in api.list_apps(domain_id) if app["Status"] not in ("Deleted", "Failed")]
        return [
            (
                f"app {app['AppType']} {app['AppName']} of {app.get('SpaceName') or app.get('UserProfileName')}",
                app.get("ResourceSpec"),
            )
            for app in running
        ]

    def profile(name: str) -> t.Callable[[], t.Iterable[tuple[str, t.Any]]]:
        def look() -> t.Iterable[tuple[str, t.Any]]:
            described = api.describe_user_profile(domain_id, name)
            return [(described["UserProfileArn"], described.get("UserSettings"))]

        return look

    def space(name: str) -> t.Callable[[], t.Iterable[tuple[str, t.Any]]]:
        def look() -> t.Iterable[tuple[str, t.Any]]:
            described = api.describe_space({"DomainId": domain_id, "SpaceName": name})
            return [(described["SpaceArn"], described.get("SpaceSettings"))]

        return look

    profiles = [profile(item["UserProfileName"]) for item in api.list_user_profiles(domain_id)]
    spaces = [space(item["SpaceName"]) for item in api.list_spaces(domain_id)]
    return [domain, apps, *profiles, *spaces]


def _unless_gone(look: t.Callable[[], t.Iterable[tuple[str, t.Any]]]) -> list[tuple[str, t.Any]]:
    """Look; what is gone since it was listed uses nothing."""
    try:
        return list(look())
    except is_boto3_error_code("ResourceNotFound"):
        return []
