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


def is_too_small(app: Summary | None) -> bool:
    """Whether the app's instance has too little memory for remote access."""
    return instance_type(app) in TOO_SMALL


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
    if space.get("Status") not in ("InService", "Update_Failed"):
        found.append(f"the space is {space.get('Status')}")
    if not is_enabled(space):
        found.append(f"remote access is off: run {_SWITCH}")
    found += _obstacles_of_app(space, app)
    return found


def _obstacles_of_app(space: Summary, app: Summary | None) -> list[str]:
    if not app or app.get("Status") == "Deleted":
        return ["it has no running app: its owner starts it in Studio"]
    found = []
    if app.get("Status") != "InService":
        found.append(f"its app is {app.get('Status')}")
    if is_too_small(app):
        found.append(
            f"{instance_type(app)} has less than the 8 GiB of memory that remote access requires: its owner selects a "
            "larger instance type"
        )
    if app.get("Status") == "InService" and is_enabled(space) and predates_space_update(space, app):
        found.append(f"its app started before the last change of the space: run {_SWITCH}")
    return found
