# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Whether Ansible can reach a space through SageMaker's StartSession, and what prevents it. Pure.

Source: AWS's guide to remote access (remote-access-remote-setup.md): app types, the setting RemoteAccess of the space,
the start of the app after it, and at least 8 GiB of memory.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    Summary = t.Mapping[str, t.Any]

REMOTE_APPS = ("JupyterLab", "CodeEditor")
# The guide lists those from ml.t3.medium on; the first two have even less memory.
TOO_SMALL = frozenset(
    {
        "ml.t3.micro",
        "ml.t3.small",
        "ml.t3.medium",
        "ml.c5.large",
        "ml.c6i.large",
        "ml.c6id.large",
        "ml.c7i.large",
    }
)
_SWITCH = "mlops.studio_local_mode.sagemaker_studio_space with remote_access=true and restart=true"
# Of several apps of a space, that with the first of these statuses counts.
_STATUSES = ("InService", "Pending", "Deleting", "Failed", "Deleted")


def is_enabled(space: Summary) -> bool:
    """Whether the space, as listed or described, has remote access; it reaches only apps that start afterwards."""
    settings = space.get("SpaceSettingsSummary") or space.get("SpaceSettings") or {}
    return bool(settings.get("RemoteAccess") == "ENABLED")


def app_type(space: Summary, app: Summary | None) -> str | None:
    """Return the app type of the space; spaces of Studio Classic have none of their own."""
    settings = space.get("SpaceSettingsSummary") or space.get("SpaceSettings") or {}
    return settings.get("AppType") or (app or {}).get("AppType")


def current_app(apps: t.Iterable[Summary]) -> Summary | None:
    """Return the app of a space out of all that ListApps has of it, those of the last day included."""

    def rank(app: Summary) -> tuple[bool, int]:
        status = app.get("Status", "")
        return app.get("AppType") not in REMOTE_APPS, _STATUSES.index(status) if status in _STATUSES else len(_STATUSES)

    newest_first = sorted(apps, key=lambda app: str(app.get("CreationTime") or ""), reverse=True)
    return min(newest_first, key=rank, default=None)


def instance_type(app: Summary | None) -> str | None:
    """Return the app's instance type, if ListApps has it."""
    return ((app or {}).get("ResourceSpec") or {}).get("InstanceType")


def too_small(space: Summary, app: Summary | None) -> str | None:
    """Return the instance type of the app, or of the next one if it has been deleted, if it has too little memory.

    The next one starts on the space's instance type, which only DescribeSpace has, or else on that of the last one.
    """
    found = instance_type(app)
    if not _exists(app):
        settings = (space.get("SpaceSettings") or {}).get(f"{app_type(space, app)}AppSettings") or {}
        found = (settings.get("DefaultResourceSpec") or {}).get("InstanceType") or found
    return found if found in TOO_SMALL else None


def too_small_because(name: str) -> str:
    """Return the reason and the remediation for an instance type with too little memory."""
    return (
        f"{name} has less than the 8 GiB of memory that remote access requires: its owner selects a larger instance "
        "type"
    )


def _exists(app: Summary | None) -> bool:
    """Whether there is an app; ListApps has those that were deleted in the last day."""
    return app is not None and app.get("Status") != "Deleted"


def predates_space_update(space: Summary, app: Summary | None) -> bool:
    """Whether the app started before the last update of its space, whatever was updated."""
    created, modified = (app or {}).get("CreationTime"), space.get("LastModifiedTime")
    return bool(created and modified and created < modified)


def obstacles(space: Summary, app: Summary | None) -> list[str]:
    """Return everything that prevents a session, each with the remediation; empty if nothing is known to.

    C(space) and C(app) are items of ListSpaces and ListApps, or descriptions.
    """
    kind = app_type(space, app)
    if kind not in REMOTE_APPS:
        return [f"its app type is {kind or 'unknown'}: remote access exists for {' and '.join(REMOTE_APPS)} only"]
    found = []
    status = space.get("Status")
    if status not in ("InService", "Update_Failed"):
        found.append(f"the space is {status}" if status else "the status of the space is unknown")
    if not is_enabled(space):
        found.append(f"remote access is off: run {_SWITCH}")
    found += _obstacles_of_app(space, app)
    return found


def _obstacles_of_app(space: Summary, app: Summary | None) -> list[str]:
    found = []
    status = (app or {}).get("Status")
    if not _exists(app):
        found.append("it has no running app: its owner starts it in Studio")
    elif status != "InService":
        found.append(f"its app is {status}" if status else "the status of its app is unknown")
    if name := too_small(space, app):
        found.append(too_small_because(name))
    if status == "InService" and is_enabled(space) and predates_space_update(space, app):
        found.append(f"its app started before the last change of the space: run {_SWITCH}")
    return found
