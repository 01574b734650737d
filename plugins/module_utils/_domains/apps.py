# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""List the apps of a domain, and decide which of them must be restarted to get its settings."""

from __future__ import annotations

import typing as t
from datetime import timezone

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import explain, is_denied

if t.TYPE_CHECKING:
    from datetime import datetime

    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

    App = t.Dict[str, t.Any]

# The app types that support local mode (SageMaker Python SDK: check_for_studio) and that AWS still creates.
RESTARTABLE_APPS = ("JupyterLab", "CodeEditor")
# Studio Classic: AWS stops and deletes its apps, but no longer creates them (AWS guide, studio.md).
CLASSIC_APPS = ("KernelGateway", "JupyterServer")
RUNNING = ("InService", "Pending")


class AppLister:
    """Lists the apps of domains. A denied ListApps call is a warning only."""

    def __init__(self, api: SageMakerApi) -> None:
        self._api = api
        self._denials: list[str] = []

    def apps_of(self, result: ResourceResult) -> list[App] | None:
        """Return the apps of a described domain in the modules' form; None if ListApps is denied or fails.

        A failure other than a denial is the domain's error.
        """
        if result.error:
            return None
        try:
            return apps_as_list(self._api.list_apps(result.domain_id), result.description.get("LastModifiedTime"))
        except (ClientError, BotoCoreError) as error:
            if is_denied(error):
                self._denials.append(explain(error, self._api.region))
            else:
                result.fail(error, self._api.region)
            return None

    def warning(self) -> str | None:
        """Return one warning about all domains whose apps could not be listed."""
        if not self._denials:
            return None
        return f"The apps of {len(self._denials)} domain(s) are not listed. {self._denials[0]}"


def apps_as_list(apps: t.Iterable[dict[str, t.Any]], domain_modified: datetime | None) -> list[App]:
    """Convert AppDetails of ListApps to the modules' form, sorted by owner, type and name."""
    return sorted(
        (app_as_dict(app, domain_modified) for app in apps),
        key=lambda app: (app["owner"] or "", app["type"] or "", app["name"] or ""),
    )


def apps_to_restart(
    apps: t.Iterable[App], changed: bool, before: DockerSettings | None, after: DockerSettings | None
) -> list[App]:
    """Return the running apps that do not have the domain's DockerSettings yet, since they reach new apps only.

    If the domain was changed, these are all its running apps; if it was not, the apps that predate its last update.
    The settings of a domain without Docker access reach no app.
    """
    has_access = [settings is not None and settings.enable_docker_access for settings in (before, after)]
    if not (any(has_access) if changed else has_access[-1]):
        return []
    running = [app for app in apps if app["type"] in RESTARTABLE_APPS and app["status"] in RUNNING]
    return running if changed else [app for app in running if app["predates_domain_update"]]


def iso_time(time: datetime | None) -> str | None:
    """ISO 8601, UTC."""
    return time.astimezone(timezone.utc).isoformat() if time else None


def app_as_dict(app: dict[str, t.Any], domain_modified: datetime | None) -> App:
    """Convert the description of an app to the modules' form."""
    created = app.get("CreationTime")
    return {
        "type": app.get("AppType"),
        "name": app.get("AppName"),
        "owner": app.get("SpaceName") or app.get("UserProfileName"),
        "owner_type": "space" if app.get("SpaceName") else "user_profile",
        "status": app.get("Status"),
        "creation_time": iso_time(created),
        "predates_domain_update": bool(created and domain_modified and created < domain_modified),
    }
