# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.lifecycle_config import (
    newer_of,
    update_lifecycle_config,
)

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/"
OLD, NEW = f"{ARN}docker-jupyterlab-000000000000", f"{ARN}docker-jupyterlab-111111111111"
THEIRS, OTHER_PREFIX = f"{ARN}theirs", f"{ARN}dockers-jupyterlab-111111111111"


class Api:
    """A space whose owner has these user settings."""

    def __init__(self, user_settings):
        self.user_settings = user_settings

    def describe_space(self, _space):
        return {"OwnershipSettings": {"OwnerUserProfileName": "ada"}}

    def describe_user_profile(self, _domain_id, _name):
        return {"UserSettings": self.user_settings}


def settings(default=None, available=()):
    block = {"LifecycleConfigArns": list(available)}
    if default:
        block["DefaultResourceSpec"] = {"LifecycleConfigArn": default}
    return {"JupyterLabAppSettings": block}


def updated(arn, domain, profile=None):
    spec = {"InstanceType": "ml.t3.medium", **({"LifecycleConfigArn": arn} if arn else {})}
    request = {"DomainId": "d-1", "SpaceName": "lab", "AppType": "JupyterLab", "ResourceSpec": spec}
    update_lifecycle_config(Api(profile or {}), request, domain)
    assert request["ResourceSpec"]["InstanceType"] == "ml.t3.medium"
    return request["ResourceSpec"].get("LifecycleConfigArn")


@pytest.mark.parametrize(
    ("arn", "domain", "profile", "expected"),
    [
        (OLD, {"DefaultUserSettings": settings(NEW, [NEW])}, None, NEW),
        (OLD, {"DefaultUserSettings": settings(None, [THEIRS, NEW])}, None, NEW),
        (OLD, {"DefaultSpaceSettings": settings(NEW)}, None, NEW),
        (OLD, {}, settings(NEW), NEW),
        (OLD, {"DefaultUserSettings": settings(NEW, [OLD])}, None, OLD),
        (OLD, {"DefaultUserSettings": settings(THEIRS, [OTHER_PREFIX])}, None, OLD),
        (THEIRS, {"DefaultUserSettings": settings(NEW)}, None, THEIRS),
        (None, {"DefaultUserSettings": settings(NEW)}, None, None),
    ],
    ids=["default", "available", "shared", "profile", "still-attached", "not-replaced", "of-others", "none"],
)
def test_an_app_starts_the_configuration_that_replaced_its_own(arn, domain, profile, expected):
    assert updated(arn, domain, profile) == expected


def test_only_the_hash_of_a_newer_configuration_differs():
    assert newer_of(OLD, [THEIRS, OTHER_PREFIX, OLD, NEW]) == NEW
    assert newer_of(OLD, [THEIRS, OTHER_PREFIX, OLD]) is None
