# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam allow exactly the calls of the playbooks and modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import iam_policies, iam_templates
from tests.integration.prerequisites_world import LOGIN, Vpc, image, repository, role
from tests.integration.studio_ssh_world import raw
from tests.integration.test_sagemaker_domain import GONE, NEW
from tests.sandbox import layout

pytestmark = pytest.mark.slow

ACCESS = {"EnableDockerAccess": "ENABLED"}
NAMES = {"domain_docker_access_domains": ["research"]}


@pytest.fixture
def calls_of(endpoint):
    """Run a playbook and return the calls that it made."""

    def run(playbook, **variables):
        endpoint.clear_calls()
        program = Path(sys.executable).with_name("ansible-playbook")
        done = subprocess.run(
            [program, f"playbooks/{playbook}.yml", f"--extra-vars={json.dumps(variables)}"],
            cwd=layout.ROOT,
            env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS), **endpoint.environment()},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return endpoint.calls()

    return run


def test_enable_and_disable(endpoint, calls_of):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    for playbook in ("enable_local_mode", "disable_local_mode"):
        calls = calls_of(playbook, **NAMES)
        assert iam_policies.not_allowed(calls, playbook) == set()
        assert iam_policies.unused(calls, playbook) == set()
    previous = {domain_id: {"enable_docker_access": True}}
    calls = calls_of("roll_back_domains", domain_docker_access_previous_settings=previous)
    assert iam_policies.not_allowed(calls, "enable_local_mode") == set()


def test_audit_drift(endpoint, calls_of):
    endpoint.domain("research")
    for policies, variables in (
        (["audit_drift"], {}),
        (["audit_drift", "audit_drift_look_up_changes"], {"look_up_changes": True}),
    ):
        calls = calls_of("audit_drift", **NAMES, fail_on_drift=False, **variables)
        assert iam_policies.not_allowed(calls, *policies) == set()
        assert iam_policies.unused(calls, *policies) == set()


def test_trusted_accounts(endpoint, calls_of):
    endpoint.domain("research")
    calls = calls_of("trusted_accounts", **NAMES, domain_docker_access_accounts=["210987654321"])
    assert iam_policies.not_allowed(calls, "trusted_accounts") == set()
    assert iam_policies.unused(calls, "trusted_accounts") == set()


def with_older_config(endpoint):
    """Return the ResourceSpec of an app that has a lifecycle configuration which a newer one may have replaced."""
    older = endpoint.lifecycle_config("docker-jupyterlab-000000000000", age=60)
    return {"InstanceType": "ml.m5.large", "LifecycleConfigArn": older}


def test_restart_apps(endpoint, calls_of):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id, Tags=[{"Key": "team", "Value": "research"}], ResourceSpec=with_older_config(endpoint))
    endpoint.app(domain_id, profile="bob")
    stopped = {"SpaceName": "bob-jupyterlab", "AppType": "JupyterLab", "AppName": "default"}
    endpoint.update("delete_app", DomainId=domain_id, **stopped)
    policies = ("enable_local_mode", "enable_local_mode_restart_apps")
    calls = calls_of("enable_local_mode", **NAMES, restart_apps=True)
    assert iam_policies.not_allowed(calls, *policies) == set()
    assert iam_policies.unused(calls, *policies) == set()
    calls = calls_of("restart_apps", **NAMES, domain_docker_access_restart_outdated_only=False)
    assert iam_policies.not_allowed(calls, "restart_apps", "enable_local_mode_restart_apps") == set()
    assert iam_policies.unused(calls, "restart_apps") == set()


def test_selection_by_tags_and_owners(endpoint, calls_of):
    tags = {"team": "research"}
    domain_id = endpoint.domain("research", ACCESS, tags=tags)
    endpoint.space(domain_id, "lab", SpaceSettings={"AppType": "JupyterLab"}, Tags=[{"Key": "stage", "Value": "test"}])
    endpoint.app(domain_id, ResourceSpec={"InstanceType": "ml.m5.large"})
    selected = {"domain_docker_access_domain_tags": tags}
    spaces = {"enable_remote_access": True, "domain_docker_access_space_tags": {"stage": "test"}}
    policy = "select_by_tags_and_owners"
    enabled = calls_of("enable_local_mode", **selected, **spaces)
    assert iam_policies.not_allowed(enabled, "enable_local_mode", "remote_access", policy) == set()
    restarted = calls_of("restart_apps", **selected, domain_docker_access_restart_owners=["ada"])
    assert iam_policies.not_allowed(restarted, "restart_apps", "enable_local_mode_restart_apps", policy) == set()
    assert iam_policies.unused([*enabled, *restarted], policy) == set()


@pytest.fixture
def prerequisites(endpoint):
    """A domain whose prerequisites need every call that checks them; returns the variables with its images."""
    vpc = Vpc(endpoint)
    vpc.nat_gateway()
    studio = role(endpoint, "studio", {**LOGIN, "Action": "ecr:*"})
    repository(endpoint, "tools")
    endpoint.boto3("ecr").create_pull_through_cache_rule(ecrRepositoryPrefix="hub", upstreamRegistryUrl="quay.io")
    settings = {"DefaultUserSettings": {"ExecutionRole": studio, "SecurityGroups": [vpc.apps]}}
    domain_id = endpoint.domain("research", {**ACCESS, "RootlessDocker": "ENABLED"}, **settings, **vpc.domain_members())
    endpoint.user_profile(domain_id)
    vpc.interface_endpoint("ecr.dkr", vpc.security_group("https", {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}))
    return {"local_mode_check_images": [image("tools"), image("hub/python")]}


def test_check_local_mode(prerequisites, calls_of):
    calls = calls_of("check_local_mode", local_mode_check_domains=["research"], **prerequisites)
    assert iam_policies.not_allowed(calls, "check_local_mode") == set()
    assert iam_policies.unused(calls, "check_local_mode") == set()


def test_fleet_report(endpoint, prerequisites, calls_of):
    policies = ("fleet_report", "fleet_report_upload", "audit_drift_look_up_changes")
    endpoint.boto3("s3").create_bucket(
        Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    path = "s3://my-bucket/reports/readiness.html"
    drift = {"domain_docker_access_enabled": False, "report_drift": True, "look_up_changes": True}
    calls = calls_of("fleet_report", report_path=path, report_fail_on="never", **drift, **prerequisites)
    assert iam_policies.not_allowed(calls, *policies) == set()
    assert iam_policies.unused(calls, *policies) == set()


def test_studio_ssh(world):
    world.space()
    world.play_ok(raw("true"))
    calls = world.endpoint.calls()
    assert iam_policies.not_allowed(calls, "studio_ssh") == set()
    assert iam_policies.unused(calls, "studio_ssh") == set()


# For each module, what makes it call all that it can: runs with these options, one after the other.
SCRIPT = {"name": "docker", "app_types": ["JupyterLab"]}
TAGGED = {"domain_tags": {"team": "platform"}}
RUNS = {
    "sagemaker_domain": [
        {**NEW, "tags": {"team": "a"}},
        {"name": NEW["name"], "docker_settings": {"enable_docker_access": False}, "tags": {"other": "x"}},
        GONE,
    ],
    "sagemaker_domain_changes_info": [TAGGED],
    "sagemaker_domain_docker_settings": [{**TAGGED, "include_apps": True, "enable_docker_access": False}],
    "sagemaker_domain_info": [{**TAGGED, "include_apps": True}],
    "sagemaker_domain_trusted_accounts": [{**TAGGED, "include_apps": True, "accounts": ["012345678901"]}],
    "sagemaker_studio_app": [{**TAGGED, "owners": ["ada"]}],
    "sagemaker_studio_lifecycle_config": [
        {**SCRIPT, **TAGGED, "content": "#!/bin/sh\necho 1\n"},
        {**SCRIPT, **TAGGED, "content": "#!/bin/sh\necho 2\n", "user_profiles": ["ada"]},
        {**SCRIPT, **TAGGED, "content": "#!/bin/sh\necho 2\n"},
    ],
    "sagemaker_studio_lifecycle_config_info": [{}],
    "sagemaker_studio_space": [{**TAGGED, "space_tags": {"stage": "test"}, "remote_access": True, "restart": True}],
}


@pytest.fixture
def tagged_world(endpoint):
    """A domain with a running app, an app whose restart was interrupted, and a lifecycle configuration."""
    domain_id = endpoint.domain("platform", ACCESS, tags=TAGGED["domain_tags"])
    team, stage = [{"Key": "team", "Value": "platform"}], [{"Key": "stage", "Value": "test"}]
    for space in ("running", "stopped"):
        endpoint.space(domain_id, space, SpaceSettings={"AppType": "JupyterLab"}, Tags=stage)
    endpoint.app(domain_id, space="running", Tags=team, ResourceSpec=with_older_config(endpoint))
    endpoint.app(domain_id, space="stopped", ResourceSpec={"InstanceType": "ml.m5.large"})
    stopped = {"SpaceName": "stopped", "AppType": "JupyterLab", "AppName": "default"}
    endpoint.update("delete_app", DomainId=domain_id, **stopped)
    endpoint.lifecycle_config("shell")
    endpoint.clear_calls()


@pytest.mark.parametrize("module", RUNS)
def test_a_module_with_all_its_options(endpoint, tagged_world, direct, module):
    for options in RUNS[module]:
        direct.ok(module, **options)
    assert iam_policies.not_allowed(endpoint.calls(), module) == set()
    assert iam_policies.unused(endpoint.calls(), module) == set()


def test_the_module_of_prerequisites(endpoint, prerequisites, direct):
    module = "sagemaker_domain_prerequisites_info"
    endpoint.clear_calls()
    direct.ok(module, domains=["research"], images=prerequisites["local_mode_check_images"], internet_install=True)
    assert iam_policies.not_allowed(endpoint.calls(), module) == set()
    assert iam_policies.unused(endpoint.calls(), module) == set()


def test_every_module_of_the_table_is_here():
    assert {*RUNS, "sagemaker_domain_prerequisites_info"} == set(iam_templates.names("modules"))


def test_the_documentation_links_every_policy():
    page = (layout.ROOT / "docs/iam.md").read_text()
    for name in iam_templates.names("playbooks"):
        assert f"(iam/{name}.json)" in page
    for name in iam_templates.names("modules"):
        assert f"(iam/modules/{name}.json)" in page
