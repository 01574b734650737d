# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.reachability import current_app, obstacles

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPACE = {
    "Status": "InService",
    "LastModifiedTime": NOON,
    "SpaceSettingsSummary": {"AppType": "JupyterLab", "RemoteAccess": "ENABLED"},
}
APP = {
    "AppType": "JupyterLab",
    "AppName": "default",
    "Status": "InService",
    "CreationTime": NOON + HOUR,
    "ResourceSpec": {"InstanceType": "ml.m5.large"},
}


def settings(**changes):
    return {"SpaceSettingsSummary": {**SPACE["SpaceSettingsSummary"], **changes}}


SMALL = {"ResourceSpec": {"InstanceType": "ml.t3.medium"}}


def starting_on(instance_type, app_type="JupyterLab"):
    """What DescribeSpace says of the instance on which the owner starts the app."""
    default = {"DefaultResourceSpec": {"InstanceType": instance_type} if instance_type else {}}
    return {
        "SpaceSettings": {**SPACE["SpaceSettingsSummary"], f"{app_type}AppSettings": default},
        "SpaceSettingsSummary": None,
    }


@pytest.mark.parametrize(
    ("space", "app", "reasons"),
    [
        ({}, {}, []),
        ({"Status": "Update_Failed"}, {}, []),
        ({"LastModifiedTime": NOON + HOUR}, {}, []),
        ({}, {"CreationTime": None}, []),
        ({}, {"ResourceSpec": {}}, []),
        (settings(RemoteAccess="DISABLED"), {}, ["remote access is off"]),
        (settings(AppType="JupyterServer", RemoteAccess="DISABLED"), {}, ["its app type is JupyterServer"]),
        (settings(AppType=None), {"AppType": None}, ["its app type is unknown"]),
        ({"Status": "Updating"}, {}, ["the space is Updating"]),
        ({}, None, ["it has no running app"]),
        ({}, {"Status": "Deleted"}, ["it has no running app"]),
        ({}, {"Status": "Deleted", **SMALL}, ["it has no running app", "ml.t3.medium has less than the 8 GiB"]),
        (starting_on("ml.t3.medium"), None, ["it has no running app", "ml.t3.medium has less than the 8 GiB"]),
        (starting_on("ml.m5.large"), {"Status": "Deleted", **SMALL}, ["it has no running app"]),
        (starting_on("ml.t3.medium"), {"Status": "Deleted"}, ["it has no running app", "ml.t3.medium has less"]),
        (starting_on("ml.t3.medium"), {}, []),
        (starting_on(None), {"Status": "Deleted", **SMALL}, ["it has no running app", "ml.t3.medium has less"]),
        (starting_on("ml.t3.medium", "CodeEditor"), None, ["it has no running app"]),
        ({"Status": None}, {}, ["the status of the space is unknown"]),
        ({}, {"Status": None}, ["the status of its app is unknown"]),
        ({}, {"Status": "Pending"}, ["its app is Pending"]),
        ({}, {"ResourceSpec": {"InstanceType": "ml.c7i.large"}}, ["ml.c7i.large has less than the 8 GiB"]),
        ({}, {"CreationTime": NOON - HOUR}, ["its app started before the last change"]),
        (settings(RemoteAccess=None), None, ["remote access is off", "it has no running app"]),
        (settings(RemoteAccess=None), {"CreationTime": NOON - HOUR}, ["remote access is off"]),
    ],
)
def test_obstacles(space, app, reasons):
    found = obstacles({**SPACE, **space}, None if app is None else {**APP, **app})
    assert [text.startswith(reason) for text, reason in zip(found, reasons, strict=True)] == [True] * len(reasons)


def test_a_description_of_the_space_serves_as_well():
    described = {"Status": "InService", "SpaceSettings": {"AppType": "CodeEditor", "RemoteAccess": "ENABLED"}}
    assert obstacles(described, APP) == []


@pytest.mark.parametrize(
    ("apps", "name"),
    [
        ([], None),
        ([("old", "Deleted", 2), ("new", "Deleted", 3)], "new"),
        ([("new", "Deleted", 3), ("running", "InService", 1)], "running"),
        ([("failed", "Failed", 3), ("pending", "Pending", 1)], "pending"),
    ],
)
def test_the_app_of_a_space_is_the_running_or_the_newest_one(apps, name):
    listed = [
        {**APP, "AppName": app, "Status": status, "CreationTime": NOON + hours * HOUR} for app, status, hours in apps
    ]
    assert (current_app(listed) or {}).get("AppName") == name
