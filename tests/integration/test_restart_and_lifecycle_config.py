# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""enable_local_mode.yml with attach_lifecycle_config and restart_apps, its summary with and without them; the audit."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import iam_policies
from tests.sandbox import inventory, layout, world

APP = {"SpaceName": "ada-jupyterlab", "AppType": "JupyterLab", "AppName": "default"}
POLICIES = ("enable_local_mode", "enable_local_mode_restart_apps", "enable_local_mode_attach_lifecycle_config")
POLICIES += ("stage_docker_debs_to_s3", "purge_docker_debs_from_s3")
BOTH = {"attach_lifecycle_config": "true", "restart_apps": "true"}
OLDER = "studio-local-mode-jupyterlab-000000000000"


@pytest.fixture
def run(endpoint, tmp_path):
    """Run a playbook for the domain research, with these variables and a script that needs S3; return its output."""
    world.up(["mirror", "apps"])
    environment = {**inventory.environment(None), **endpoint.environment(), "HOME": str(tmp_path)}
    common = {
        "domain_docker_access_domains": ["research"],
        "lifecycle_config_script_path": str(tmp_path / "script.sh"),
        "lifecycle_config_source": "s3",
        "lifecycle_config_s3_uri": "s3://my-bucket/docker-debs",
        "lifecycle_config_targets": [{"distribution": "ubuntu", "codename": "jammy"}],
        "lifecycle_config_repository_url": f"{environment['SANDBOX_MIRROR_URL']}/linux",
        "lifecycle_config_key_fingerprint": environment["SANDBOX_KEY_FINGERPRINT"],
        "lifecycle_config_lookup_ca_path": environment["SANDBOX_CA"],
    }

    def run(name, *arguments, **variables):
        program = Path(sys.executable).with_name("ansible-playbook")
        extra = json.dumps({**common, **variables})
        done = subprocess.run(
            [program, f"playbooks/{name}.yml", f"--extra-vars={extra}", *arguments],
            cwd=layout.ROOT,
            env={**os.environ, **environment, "ANSIBLE_LOCALHOST_WARNING": "false"},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def s3(endpoint):
    """A client of the sandbox's S3, with the bucket."""
    client = endpoint.boto3("s3")
    client.create_bucket(Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return client


def changes(endpoint):
    """Return the calls that change something; those of S3 have their HTTP method as operation."""
    return [call.operation for call in endpoint.mutating_calls() if not call.operation.startswith(("GET ", "HEAD "))]


def test_check_mode_predicts_the_default_changes_no_app_and_both_options_apply_once(endpoint, run, s3, tmp_path):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    endpoint.controls(transition_seconds=0.0)
    sagemaker = endpoint.boto3()
    created = sagemaker.describe_app(DomainId=domain_id, **APP)["CreationTime"]

    endpoint.clear_calls()
    predicted = run("enable_local_mode", "--check", "--diff", **BOTH)
    assert changes(endpoint) == []
    assert "Would restart: JupyterLab default of space ada-jupyterlab" in predicted
    assert "CLI would run at the next start" in predicted

    by_default = run("enable_local_mode")
    assert "Restart to apply the settings: JupyterLab default of space ada-jupyterlab" in by_default
    assert (
        f"ansible localhost -m mlops.studio_local_mode.sagemaker_studio_app -a 'domains={domain_id} region=eu-west-1'"
        in by_default
    )
    assert sagemaker.describe_app(DomainId=domain_id, **APP)["CreationTime"] == created
    assert sagemaker.list_studio_lifecycle_configs()["StudioLifecycleConfigs"] == []

    superseded = "docker-debs/ubuntu-jammy-amd64/docker-ce-cli_20.10.5~3-0~ubuntu-jammy_amd64.deb"
    foreign = "docker-debs/ubuntu-jammy-amd64/README"
    for key in (superseded, foreign):
        s3.put_object(Bucket="my-bucket", Key=key, Body=b"")
    endpoint.lifecycle_config(OLDER, age=7200)
    endpoint.clear_calls()
    done = run("enable_local_mode", **BOTH)
    # test_iam_policies has an app whose restart was interrupted.
    assert iam_policies.not_allowed(endpoint.calls(), *POLICIES) == set()
    assert {action for action, _resource in iam_policies.unused(endpoint.calls(), *POLICIES)} <= {"sagemaker:ListTags"}
    assert [call.parameters["StudioLifecycleConfigName"] for call in endpoint.calls("DeleteStudioLifecycleConfig")] == [
        OLDER
    ]
    assert "Restarted: JupyterLab default of space ada-jupyterlab" in done
    assert "Restart to apply the settings" not in done
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="my-bucket")["Contents"]]
    assert "docker-debs/ubuntu-jammy-amd64/manifest.json" in keys
    assert foreign in keys
    assert superseded not in keys
    settings = sagemaker.describe_domain(DomainId=domain_id)["DefaultUserSettings"]
    arn = settings["JupyterLabAppSettings"]["BuiltInLifecycleConfigArn"]
    assert settings["CodeEditorAppSettings"]["BuiltInLifecycleConfigArn"].startswith(arn.partition("jupyterlab")[0])
    config = sagemaker.describe_studio_lifecycle_config(StudioLifecycleConfigName=arn.rpartition("/")[2])
    script = (tmp_path / "script.sh").read_text()
    assert base64.b64decode(config["StudioLifecycleConfigContent"]).decode() == script
    app = sagemaker.describe_app(DomainId=domain_id, **APP)
    assert app["CreationTime"] > created
    assert app["BuiltInLifecycleConfigArn"] == arn

    endpoint.clear_calls()
    again = run("enable_local_mode", **BOTH)
    assert changes(endpoint) == []
    assert "Restart" not in again[again.index("TASK [Summary]") :]
    assert "changed=0" in again


def test_the_audit_of_an_older_script_changes_nothing_and_needs_its_policies_only(endpoint, run):
    """It compares the script, and not the packages that the script requests."""
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    attached = {"JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": endpoint.lifecycle_config(OLDER, age=7200)}}
    endpoint.update("update_domain", DomainId=domain_id, DefaultUserSettings=attached)
    endpoint.clear_calls()
    audited = run("audit_drift", attach_lifecycle_config=True, fail_on_drift=False)
    assert "CLI would run at the next start" in audited
    policies = ("audit_drift", "audit_drift_attach_lifecycle_config")
    assert iam_policies.not_allowed(endpoint.calls(), *policies) == set()
    assert iam_policies.unused(endpoint.calls(), *policies) == set()
    assert changes(endpoint) == []


def test_with_a_role_the_credentials_only_assume_it(endpoint, run, s3):
    endpoint.domain("research")
    endpoint.controls(transition_seconds=0.0)
    s3.put_object(Bucket="my-bucket", Key="docker-debs/ubuntu-jammy-amd64/superseded.deb", Body=b"")
    endpoint.clear_calls()
    role = f"arn:aws:iam::{endpoint.account}:role/studio"
    run("enable_local_mode", attach_lifecycle_config=True, domain_docker_access_role_arn=role)
    own_key = endpoint.environment()["AWS_ACCESS_KEY_ID"]
    assert [call.operation for call in endpoint.calls() if call.principal == own_key] == ["AssumeRole"]
    assert {"PUT", "DELETE"} <= {call.operation.split()[0] for call in endpoint.calls() if call.service == "s3"}
