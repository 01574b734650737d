# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of a region: each lifecycle configuration's content against its name, and what uses it."""

from __future__ import annotations

import base64

import pytest

MODULE = "sagemaker_studio_lifecycle_config_info"
SCRIPT = "#!/bin/sh\necho one\n"


@pytest.fixture(autouse=True)
def _at_once(endpoint):
    endpoint.controls(transition_seconds=0.0)


def audit(direct, **options):
    return {config["name"]: config for config in direct.ok(MODULE, **options)["lifecycle_configs"]}


def test_every_configuration_of_the_region_is_compared_with_its_name(endpoint, direct):
    research, other = endpoint.domain("research"), endpoint.domain("other")
    desired = {"name": "docker", "content": SCRIPT, "domains": [research], "app_types": ["JupyterLab"]}
    own = direct.ok("sagemaker_studio_lifecycle_config", **desired)["lifecycle_configs"][0]["name"]
    forged = "docker-jupyterlab-0123456789ab"
    arn = endpoint.lifecycle_config(forged, base64.b64encode(b"#!/bin/sh\necho forged\n").decode())
    endpoint.lifecycle_config("shell")
    use = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": arn}}}
    endpoint.app(other, ResourceSpec={"LifecycleConfigArn": arn})
    endpoint.update("update_user_profile", DomainId=other, UserProfileName="ada", UserSettings=use)
    found = audit(direct)
    assert {name: config["name_matches_content"] for name, config in found.items()} == {
        own: True,
        forged: False,
        "shell": None,
    }
    assert found[own]["used_by"] == [f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{research}"]
    assert found[forged]["used_by"] == [
        "app JupyterLab default of ada-jupyterlab",
        f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{other}/ada",
    ]
    assert "studio_local_mode:created_by" in found[own]["tags"]
    assert found[forged]["tags"] == {}
    assert found["shell"]["used_by"] == []
    assert set(audit(direct, name="docker")) == {own, forged}


def test_an_attached_configuration_that_does_not_exist_is_found(endpoint, direct):
    domain_id = endpoint.domain()
    arn = endpoint.lifecycle_config("gone")
    use = {"JupyterLabAppSettings": {"LifecycleConfigArns": [arn]}}
    endpoint.update("update_domain", DomainId=domain_id, DefaultUserSettings=use)
    endpoint.controls(guard_lifecycle_configs=False)
    endpoint.boto3().delete_studio_lifecycle_config(StudioLifecycleConfigName="gone")
    config = audit(direct)["gone"]
    assert (config["exists"], config["sha256"], config["name_matches_content"]) == (False, None, None)
    assert config["used_by"] == [f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{domain_id}"]


def test_a_denied_call_is_an_error_with_its_code(endpoint, direct):
    endpoint.domain()
    endpoint.controls(denied_actions={"sagemaker:ListUserProfiles": "*"})
    run = direct.run(MODULE)
    assert "lack the IAM action sagemaker:ListUserProfiles" in run["msg"]
    assert run["error"]["code"] == "AccessDeniedException"
