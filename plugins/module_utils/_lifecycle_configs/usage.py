# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What uses each lifecycle configuration of the region: domains, user profiles, spaces and running apps.

SageMaker is documented to check domains, profiles and running apps before it deletes a configuration, but an app of a
space that uses a deleted one fails to start. So spaces are searched, too, in every domain of the region.
"""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.attach import arns_in

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

    # What may use a configuration: its name for messages, and its settings.
    Found = t.TypeVar("Found")
    User = t.Tuple[str, t.Any]
    Describe = t.Callable[[], t.Iterable[User]]


def used_by(api: SageMakerApi) -> dict[str, set[str]]:
    """Return the names of what uses each lifecycle configuration, by the configuration's ARN."""
    domains = [domain["DomainId"] for domain in api.list_domains()]
    calls: list[Describe] = []
    for found in run_concurrently(
        lambda domain_id: _unless_deleted(lambda: _calls(api, domain_id)), domains, api.concurrency
    ):
        calls += found
    users: dict[str, set[str]] = {}
    for described in run_concurrently(_unless_deleted, calls, api.concurrency):
        for user, settings in described:
            for arn in arns_in(settings):
                users.setdefault(arn, set()).add(user)
    return users


def _calls(api: SageMakerApi, domain_id: str) -> list[Describe]:
    """Return the calls that describe everything in the domain that may use a configuration."""

    def domain() -> t.Iterable[User]:
        described = api.describe_domain(domain_id)
        return [(described["DomainArn"], [described.get("DefaultUserSettings"), described.get("DefaultSpaceSettings")])]

    def apps() -> t.Iterable[User]:
        running = [app for app in api.list_apps(domain_id) if app["Status"] not in ("Deleted", "Failed")]
        return [
            (
                f"app {app['AppType']} {app['AppName']} of {app.get('SpaceName') or app.get('UserProfileName')}",
                app.get("ResourceSpec"),
            )
            for app in running
        ]

    def profile(name: str) -> Describe:
        def describe() -> t.Iterable[User]:
            described = api.describe_user_profile(domain_id, name)
            return [(described["UserProfileArn"], described.get("UserSettings"))]

        return describe

    def space(name: str) -> Describe:
        def describe() -> t.Iterable[User]:
            described = api.describe_space({"DomainId": domain_id, "SpaceName": name})
            return [(described["SpaceArn"], described.get("SpaceSettings"))]

        return describe

    profiles = [profile(item["UserProfileName"]) for item in api.list_user_profiles(domain_id)]
    spaces = [space(item["SpaceName"]) for item in api.list_spaces(domain_id)]
    return [domain, apps, *profiles, *spaces]


def _unless_deleted(describe: t.Callable[[], t.Iterable[Found]]) -> list[Found]:
    """Call C(describe); what was deleted since it was listed uses nothing."""
    try:
        return list(describe())
    except is_boto3_error_code("ResourceNotFound"):
        return []
