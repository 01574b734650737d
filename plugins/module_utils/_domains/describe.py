# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the modules tell of a domain and its apps."""

from __future__ import annotations

import typing as t
from datetime import timezone

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.select import describe_selected

if t.TYPE_CHECKING:
    from datetime import datetime

    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi


def look(api: SageMakerApi, wanted: t.Sequence[str] | None, include_apps: bool) -> list[dict[str, t.Any]]:
    """Return the domains wanted (IDs, names; None for all) as sagemaker_domain_info documents them.

    Raises ResourceError for what concerns the task as a whole; a domain's own failure is its key C(error).
    """
    return run_concurrently(lambda result: _look_at(api, result, include_apps), describe_selected(api, wanted))


def _look_at(api: SageMakerApi, result: ResourceResult, include_apps: bool) -> dict[str, t.Any]:
    apps = {"apps": apps_of(api, result)} if include_apps else {}
    error = {"error": result.error} if result.error else {}
    return {**domain_as_dict(result.domain_id, result.description), **apps, **error}


def apps_of(api: SageMakerApi, result: ResourceResult) -> list[dict[str, t.Any]]:
    """Return the apps of a domain that was described, in the module's form; that they cannot be listed is its error."""
    if result.error:
        return []
    try:
        return apps_as_list(api.list_apps(result.domain_id), result.description.get("LastModifiedTime"))
    except (ClientError, BotoCoreError) as error:
        result.error = explain(error, api.region)
        return []


def domain_as_dict(domain_id: str | None, domain: dict[str, t.Any]) -> dict[str, t.Any]:
    """Turn a DescribeDomain response, empty if there is none, into the module's form."""
    return {
        "domain_id": domain_id,
        "domain_name": domain.get("DomainName"),
        "domain_arn": domain.get("DomainArn"),
        "status": domain.get("Status"),
        "docker_settings": docker_settings.from_api(domain).as_dict() if domain else None,
        "app_network_access_type": domain.get("AppNetworkAccessType"),
        "auth_mode": domain.get("AuthMode"),
        "vpc_id": domain.get("VpcId"),
        "subnet_ids": domain.get("SubnetIds", []),
        "execution_role": domain.get("DefaultUserSettings", {}).get("ExecutionRole"),
        "last_modified_time": _iso(domain.get("LastModifiedTime")),
    }


def apps_as_list(apps: t.Iterable[dict[str, t.Any]], domain_modified: datetime | None) -> list[dict[str, t.Any]]:
    """Turn AppDetails of ListApps into the module's form, sorted by owner, type and name."""
    return sorted(
        (_app_as_dict(app, domain_modified) for app in apps),
        key=lambda app: (app["owner"] or "", app["type"] or "", app["name"] or ""),
    )


def _app_as_dict(app: dict[str, t.Any], domain_modified: datetime | None) -> dict[str, t.Any]:
    created = app.get("CreationTime")
    return {
        "type": app.get("AppType"),
        "name": app.get("AppName"),
        "owner": app.get("SpaceName") or app.get("UserProfileName"),
        "owner_type": "space" if app.get("SpaceName") else "user_profile",
        "status": app.get("Status"),
        "creation_time": _iso(created),
        "predates_domain_update": bool(created and domain_modified and created < domain_modified),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(timezone.utc).isoformat() if moment else None
