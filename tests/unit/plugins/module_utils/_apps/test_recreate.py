# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import recreate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.recreate import AppSelection

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOMAIN = {"LastModifiedTime": NOON}
LAB = {
    "AppArn": "arn:aws:sagemaker:eu-west-1:123456789012:app/d-1/ada-space/JupyterLab/default",
    "DomainId": "d-1",
    "SpaceName": "ada-space",
    "AppType": "JupyterLab",
    "AppName": "default",
    "Status": "InService",
    "CreationTime": NOON - HOUR,
}
KERNEL = {
    **{key: value for key, value in LAB.items() if key != "SpaceName"},
    "AppArn": "arn:aws:sagemaker:eu-west-1:123456789012:app/d-1/ada/KernelGateway/kernel",
    "UserProfileName": "ada",
    "AppType": "KernelGateway",
    "AppName": "kernel",
}
MARK = {"studio_local_mode:restarting:JupyterLab:default": "2026-01-31T11:00:00+00:00"}


def selection(types=recreate.LOCAL_MODE_APPS, owners=None, predating_only=True):
    return AppSelection(types, owners, predating_only)


@pytest.mark.parametrize(
    ("app", "options", "selected"),
    [
        (LAB, {}, True),
        (KERNEL, {}, True),
        ({**LAB, "AppType": "JupyterServer"}, {}, False),
        (LAB, {"types": ("CodeEditor",)}, False),
        (LAB, {"owners": ("ada-space",)}, True),
        (LAB, {"owners": ("ada",)}, False),
        (KERNEL, {"owners": ("ada",)}, True),
        (LAB, {"owners": ()}, False),
    ],
)
def test_apps_are_selected_by_type_and_owner(app, options, selected):
    assert selection(**options).has(app) is selected


@pytest.mark.parametrize(
    ("created", "tags", "old_enough"),
    [
        (NOON - HOUR, {}, True),
        (NOON, {}, False),
        (NOON + HOUR, {}, False),
        (NOON - HOUR, {"studio_local_mode:restarted_for": "2026-01-31T12:00:00+00:00"}, False),
        (NOON - HOUR, {"studio_local_mode:restarted_for": "2026-01-30T12:00:00+00:00"}, True),
    ],
    ids=["older", "same-time", "younger", "restarted-for-this-update", "restarted-for-an-earlier-one"],
)
def test_age_is_judged_by_creation_or_by_our_own_tag(created, tags, old_enough):
    app = {**LAB, "CreationTime": created}
    assert selection().is_old_enough(app, DOMAIN, tags) is old_enough
    assert selection(predating_only=False).is_old_enough(app, DOMAIN, tags)


@pytest.mark.parametrize(
    ("app", "arn"), [(LAB, "space/d-1/ada-space"), (KERNEL, "user-profile/d-1/ada")], ids=["space", "profile"]
)
def test_the_owner_s_arn_comes_from_the_app_s(app, arn):
    assert recreate.owner_arn(app) == f"arn:aws:sagemaker:eu-west-1:123456789012:{arn}"


@pytest.mark.parametrize(
    ("status", "own_tags", "owner_tags", "half"),
    [
        ("Deleted", {}, MARK, True),
        ("Deleting", {}, MARK, True),
        ("Deleted", {}, {}, False),
        ("Deleted", {}, dict.fromkeys(MARK, "2026-01-30T11:00:00+00:00"), False),
        ("Failed", {"studio_local_mode:restarted_for": "x"}, {}, True),
        ("Failed", {}, MARK, False),
        ("InService", {}, MARK, False),
    ],
    ids=["deleted", "deleting", "by-its-user", "a-later-app", "came-back-failed", "failed-by-itself", "running"],
)
def test_only_what_we_deleted_ourselves_is_brought_back(status, own_tags, owner_tags, half):
    assert recreate.is_half_restarted({**LAB, "Status": status}, own_tags, owner_tags) is half


def test_the_request_makes_the_same_app_again():
    spec = {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": "arn:config"}
    tags = {"cost": "7", "aws:x": "1", "sagemaker:domain-arn": "2", "studio_local_mode:restarted_for": "old", **MARK}
    app = {**LAB, "ResourceSpec": spec, "RecoveryMode": False, "LastHealthCheckTimestamp": NOON}
    assert recreate.create_request(app, tags, DOMAIN) == {
        "DomainId": "d-1",
        "SpaceName": "ada-space",
        "AppType": "JupyterLab",
        "AppName": "default",
        "ResourceSpec": spec,
        "Tags": [
            {"Key": "cost", "Value": "7"},
            {"Key": "studio_local_mode:restarted_for", "Value": "2026-01-31T12:00:00+00:00"},
        ],
    }
    assert recreate.create_request({**app, "RecoveryMode": True}, {}, DOMAIN)["RecoveryMode"]
    assert "ResourceSpec" not in recreate.create_request(KERNEL, {}, DOMAIN)


def test_tag_keys_and_values_are_what_sagemaker_allows():
    longest = {**LAB, "AppType": "KernelGateway", "AppName": "a" * 63}
    [(key, value)] = recreate.restarting_tag(longest).items()
    assert len(key) <= 128
    assert len(value) <= 256
