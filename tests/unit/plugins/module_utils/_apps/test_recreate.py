# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import recreate

from tests.unit.studio_apps import DOMAIN, HOUR, KERNEL, LAB, NOON

OWNER_TAGS = {"studio_local_mode:restarting:JupyterLab:default": "2026-01-31T11:00:00+00:00"}


RECREATED = dict.fromkeys(OWNER_TAGS, "recreated 2026-01-31T11:00:02+00:00")


@pytest.mark.parametrize(
    ("status", "owner_tags", "half"),
    [
        ("Deleted", OWNER_TAGS, True),
        ("Deleting", OWNER_TAGS, True),
        ("Deleted", {}, False),
        ("Deleted", dict.fromkeys(OWNER_TAGS, "2026-01-30T11:00:00+00:00"), False),
        ("Deleted", RECREATED, False),
        ("Failed", RECREATED, True),
        ("Failed", OWNER_TAGS, True),
        ("Failed", {}, False),
        ("InService", OWNER_TAGS, False),
    ],
    ids=[
        "deleted",
        "deleting",
        "by-its-user",
        "a-later-app",
        "by-its-user-after-a-restart",
        "failed-after-restart",
        "failed-before-its-creation-was-recorded",
        "failed-before",
        "running",
    ],
)
def test_only_an_app_that_an_earlier_run_deleted_is_created_again(status, owner_tags, half):
    assert recreate.is_half_restarted({**LAB, "Status": status}, owner_tags) is half


@pytest.mark.parametrize(
    ("value", "created", "half"),
    [
        ("recreated 2026-01-31T11:00:00+00:00", NOON - HOUR, True),
        ("recreated 2026-01-31T11:00:00+00:00", NOON - HOUR + timedelta(minutes=4), True),
        ("recreated 2026-01-31T11:00:00+00:00", NOON - HOUR + timedelta(minutes=6), False),
        ("recreated 2026-01-31T11:00:00+00:00", NOON + timedelta(days=21), False),
        ("recreated 2026-01-31T11:00:00+00:00", None, True),
        ("2026-01-31T11:00:00+00:00", NOON + timedelta(days=21), False),
        ("unknown", NOON, False),
        ("unknown", None, True),
    ],
)
def test_a_failed_app_that_is_younger_than_the_restart_is_its_users(value, created, half):
    """An interrupted run leaves the tag, and the app that it created may be in service for weeks."""
    app = {**LAB, "Status": "Failed", "CreationTime": created}
    assert recreate.is_half_restarted(app, dict.fromkeys(OWNER_TAGS, value)) is half


def test_the_tag_of_a_recreated_app_has_the_time():
    [value] = recreate.recreated_tag(LAB).values()
    assert re.fullmatch(r"recreated [0-9-]+T[0-9:.]+\+00:00", value)
    assert recreate.is_half_restarted({**LAB, "Status": "Failed"}, recreate.recreated_tag(LAB))


def test_a_domain_without_a_modification_time_gives_the_app_no_tag():
    domain = {key: DOMAIN[key] for key in DOMAIN if key != "LastModifiedTime"}
    assert recreate.create_request(LAB, {}, domain)["Tags"] == []


def test_the_request_creates_the_same_app_again():
    spec = {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": "arn:config"}
    tags = {
        "cost": "7",
        "aws:x": "1",
        "sagemaker:domain-arn": "2",
        "studio_local_mode:restarted_for": "old",
        **OWNER_TAGS,
    }
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


def test_an_app_without_a_creation_time_can_be_restarted():
    app = {key: LAB[key] for key in LAB if key != "CreationTime"}
    [value] = recreate.restarting_tag(app).values()
    assert value == "unknown"
    assert recreate.is_half_restarted({**app, "Status": "Deleted"}, recreate.restarting_tag(app))


def test_sagemaker_allows_the_tag_keys_and_values():
    longest = {**LAB, "AppType": "KernelGateway", "AppName": "a" * 63}
    [(key, value)] = recreate.restarting_tag(longest).items()
    assert len(key) <= 128
    assert len(value) <= 256
