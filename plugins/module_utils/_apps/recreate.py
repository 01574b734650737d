# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which apps are restarted or deleted, and with what they are created again. Pure.

Two tags carry what the service does not tell:

- On the space or user profile, while one of its apps is deleted and not yet created again: that we did it, and to which
  app. An app that its user stopped has no such tag, so that it is not started.
- On an app that was created again: the update of its domain that this was for. An app created again within a day may
  keep its creation time (botocore's documentation of CreationTime), and would be restarted in every run.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

# The app types local mode supports (SageMaker Python SDK: check_for_studio).
LOCAL_MODE_APPS = ("JupyterLab", "CodeEditor", "KernelGateway")
RUNNING = ("InService", "Pending")

_TAG = "studio_local_mode:"
_RESTARTING = _TAG + "restarting"
RESTARTED_FOR = _TAG + "restarted_for"
# AWS and Studio set these by themselves, and take them from no one else.
_AUTOMATIC_TAGS = ("aws:", "sagemaker:", _TAG)


@dataclass(frozen=True)
class AppSelection:
    """Which apps the task is about; C(owners) None are all of them."""

    types: tuple[str, ...]
    owners: tuple[str, ...] | None
    predating_only: bool

    def has(self, app: dict[str, t.Any]) -> bool:
        """Whether the app, as ListApps tells of it, is of a type and owner selected."""
        return app["AppType"] in self.types and (self.owners is None or owner_of(app) in self.owners)

    def is_old_enough(self, app: dict[str, t.Any], domain: dict[str, t.Any], tags: dict[str, str]) -> bool:
        """Whether the running app is selected by its age; C(tags) are its own, as far as they are known."""
        if not self.predating_only:
            return True
        created, modified = app.get("CreationTime"), domain.get("LastModifiedTime")
        if not created or not modified or created >= modified:
            return False
        return tags.get(RESTARTED_FOR) != moment(modified)


def identity(app: dict[str, t.Any]) -> dict[str, str]:
    """The members by which DescribeApp, CreateApp and DeleteApp know the app."""
    owner = "SpaceName" if app.get("SpaceName") else "UserProfileName"
    return {member: app[member] for member in ("DomainId", owner, "AppType", "AppName")}


def owner_of(app: dict[str, t.Any]) -> str:
    """The name of the app's space or user profile."""
    return app.get("SpaceName") or app["UserProfileName"]


def owner_arn(app: dict[str, t.Any]) -> str:
    """The ARN of the app's space or user profile, out of the app's own: C(...:app/DOMAIN/OWNER/TYPE/NAME)."""
    prefix, _colon, path = app["AppArn"].partition(":app/")
    kind = "space" if app.get("SpaceName") else "user-profile"
    return f"{prefix}:{kind}/{'/'.join(path.split('/')[:2])}"


def restarting_tag(app: dict[str, t.Any]) -> dict[str, str]:
    """The tag of the owner that says: this app, and no later one of its name, is being restarted."""
    return {f"{_RESTARTING}:{app['AppType']}:{app['AppName']}": moment(app["CreationTime"])}


def is_half_restarted(app: dict[str, t.Any], own_tags: dict[str, str], owner_tags: dict[str, str]) -> bool:
    """Whether an earlier run deleted the app and did not get it into service again."""
    if app["Status"] == "Failed":
        return RESTARTED_FOR in own_tags
    return app["Status"] in ("Deleted", "Deleting") and restarting_tag(app).items() <= owner_tags.items()


def create_request(app: dict[str, t.Any], own_tags: dict[str, str], domain: dict[str, t.Any]) -> dict[str, t.Any]:
    """The CreateApp request that makes the described app again: same ResourceSpec, which has the image, the instance
    type and the lifecycle configuration, and the same tags."""
    kept = {key: value for key, value in own_tags.items() if not key.startswith(_AUTOMATIC_TAGS)}
    tags = {**kept, RESTARTED_FOR: moment(domain["LastModifiedTime"])}
    request: dict[str, t.Any] = identity(app)
    if app.get("ResourceSpec"):
        request["ResourceSpec"] = app["ResourceSpec"]
    if app.get("RecoveryMode"):
        request["RecoveryMode"] = True
    return {**request, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def moment(time: datetime) -> str:
    """ISO 8601, UTC; a tag's value may have all its characters."""
    return time.astimezone(timezone.utc).isoformat()
