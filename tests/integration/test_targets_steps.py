# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of enable_local_mode after the domains, over targets: lifecycle configuration, remote access, restarts."""

from __future__ import annotations

import pytest

from tests import iam_policies
from tests.integration.test_targets_playbooks import EU, Fleet
from tests.sandbox import inventory, world

ONE, TWO, THREE = "111100000001", "111100000002", "111100000003"
LARGE = {"InstanceType": "ml.m5.large"}


@pytest.fixture
def fleet(endpoint, tmp_path):
    """Each account has a domain with a space of ada, whose app predates the update of its domain, and one without."""
    fleet = Fleet(endpoint, tmp_path)
    for account in fleet.accounts:
        there = endpoint.at(account["id"], EU)
        there.app(account["domains"][EU][0], space="notebooks", ResourceSpec=LARGE)
    endpoint.controls(transition_seconds=0.0)
    endpoint.clear_calls()
    return fleet


@pytest.fixture
def script(tmp_path):
    """The variables of the lifecycle configuration, with the sandbox's package mirror."""
    world.up(["mirror"])
    environment = inventory.environment(None)
    return {
        "lifecycle_config_script_path": str(tmp_path / "script.sh"),
        "lifecycle_config_targets": [{"distribution": "ubuntu", "codename": "jammy"}],
        "lifecycle_config_repository_url": f"{environment['SANDBOX_MIRROR_URL']}/linux",
        "lifecycle_config_key_fingerprint": environment["SANDBOX_KEY_FINGERPRINT"],
        "lifecycle_config_lookup_ca_path": environment["SANDBOX_CA"],
    }


def called(fleet, operation):
    return sorted({call.account for call in fleet.endpoint.calls(operation)})


def changes(fleet):
    return [call for call in fleet.endpoint.mutating_calls() if call.operation != "AssumeRole"]


def scripts(fleet):
    """The accounts whose domains have a built-in script."""
    found = []
    for account in fleet.accounts:
        client = fleet.endpoint.at(account["id"], EU).boto3()
        settings = client.describe_domain(DomainId=account["domains"][EU][0])["DefaultUserSettings"]
        if "BuiltInLifecycleConfigArn" in settings.get("JupyterLabAppSettings", {}):
            found.append(account["id"])
    return found


def test_all_steps_in_every_target_and_again_without_a_change(fleet, script):
    steps = {"attach_lifecycle_config": True, "enable_remote_access": True, "restart_apps": True, **script}
    predicted = fleet.run("enable_local_mode", "--check", **steps)
    assert predicted.code == 0, predicted.output
    assert changes(fleet) == []
    run = fleet.run("enable_local_mode", **steps)
    assert run.code == 0, run.output
    calls = fleet.endpoint.calls()
    policies = ("enable_local_mode", "enable_local_mode_attach_lifecycle_config", "enable_local_mode_restart_apps")
    assert iam_policies.not_allowed(calls, "assume_target_roles", "remote_access", *policies) == set()
    assert scripts(fleet) == called(fleet, "UpdateSpace") == called(fleet, "CreateApp") == [ONE, TWO, THREE]
    fleet.endpoint.clear_calls()
    again = fleet.run("enable_local_mode", **steps)
    assert again.code == 0, again.output
    assert changes(fleet) == []
    audit = fleet.run("audit_drift", attach_lifecycle_config=True, **script)
    assert audit.code == 0, audit.output


@pytest.mark.slow
def test_the_variables_of_a_group_request_steps_for_its_targets_only(fleet, script):
    fleet.groups["production"]["vars"] |= {"enable_remote_access": True, "domain_docker_access_space_owners": ["ad*"]}
    fleet.groups["production"]["hosts"]["team-02"]["restart_apps"] = True
    fleet.groups["development"]["vars"]["attach_lifecycle_config"] = True
    run = fleet.run("enable_local_mode", **script)
    assert run.code == 0, run.output
    assert called(fleet, "UpdateSpace") == [ONE, TWO]
    assert called(fleet, "CreateApp") == [TWO]
    assert scripts(fleet) == [THREE]
    fleet.groups["production"]["vars"]["attach_lifecycle_config"] = True
    audit = fleet.run("audit_drift", **script)
    assert audit.code == 2
    assert "Drift: the lifecycle configuration is not attached as requested." in audit.output


@pytest.mark.slow
def test_a_step_that_fails_in_one_target_is_done_in_the_others(fleet, script):
    """Its apps are not restarted for a script that they do not get."""
    denied = {"sagemaker:CreateStudioLifecycleConfig": "*"}
    fleet.endpoint.controls(account=TWO, denied_actions=denied)
    fleet.endpoint.controls(account=THREE, denied_actions={"sagemaker:UpdateSpace": "*"})
    steps = {"attach_lifecycle_config": True, "enable_remote_access": True, "restart_apps": True, **script}
    run = fleet.run("enable_local_mode", **steps)
    assert run.code == 2
    end = " ".join(run.output[run.output.index("TASK [Summary]") :].split())
    assert "1 of 3 target(s) failed. team-02 (111100000002, eu-west-1): " in end
    assert "sagemaker:CreateStudioLifecycleConfig" in end
    assert "sagemaker:UpdateSpace" in end
    assert scripts(fleet) == [ONE, THREE]
    assert called(fleet, "CreateApp") == [ONE, THREE]


@pytest.mark.slow
def test_the_credentials_of_the_run_upload_the_packages_once_for_all_targets(fleet, script):
    """Packages that no script requests any more stay: those of a target that this run left out may."""
    fleet.endpoint.boto3("s3").create_bucket(
        Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    fleet.endpoint.clear_calls()
    from_s3 = {"lifecycle_config_source": "s3", "lifecycle_config_s3_uri": "s3://my-bucket/docker-debs"}
    run = fleet.run("enable_local_mode", attach_lifecycle_config=True, **from_s3, **script)
    assert run.code == 0, run.output
    assert scripts(fleet) == [ONE, TWO, THREE]
    own_key = fleet.endpoint.environment()["AWS_ACCESS_KEY_ID"]
    own = [call for call in fleet.endpoint.calls() if call.principal == own_key]
    assert {call.service for call in own} == {"sts", "s3"}
    assert {call.principal for call in fleet.endpoint.calls() if call.service == "s3"} == {own_key}
    assert iam_policies.not_allowed(own, "assume_target_roles", "stage_docker_debs_to_s3") == set()


@pytest.mark.slow
def test_a_selection_that_one_target_does_not_have_is_its_failure(fleet):
    fleet.groups["development"]["vars"]["domain_docker_access_spaces"] = ["nowhere"]
    fleet.groups["production"]["vars"]["domain_docker_access_spaces"] = ["notebooks"]
    run = fleet.run("enable_local_mode", enable_remote_access=True)
    assert run.code == 2
    assert "nowhere" in run.output[run.output.index("TASK [Summary]") :]
    assert called(fleet, "UpdateSpace") == [ONE, TWO]
