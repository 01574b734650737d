# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policies in docs/iam allow exactly the calls of the playbooks."""

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
from tests.sandbox import layout

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


def test_restart_apps(endpoint, calls_of):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id, Tags=[{"Key": "team", "Value": "research"}])
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
    policies = ("fleet_report", "fleet_report_upload")
    endpoint.boto3("s3").create_bucket(
        Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    path = "s3://my-bucket/reports/readiness.html"
    calls = calls_of("fleet_report", report_path=path, report_fail_on="never", **prerequisites)
    assert iam_policies.not_allowed(calls, *policies) == set()
    assert iam_policies.unused(calls, *policies) == set()


@pytest.mark.parametrize("name", iam_templates.names())
def test_the_documentation_links_every_policy(name):
    assert f"(iam/{name}.json)" in (layout.ROOT / "docs" / "iam.md").read_text()


def test_studio_ssh(world):
    world.space()
    world.play_ok(raw("true"))
    calls = world.endpoint.calls()
    assert iam_policies.not_allowed(calls, "studio_ssh") == set()
    assert iam_policies.unused(calls, "studio_ssh") == set()
