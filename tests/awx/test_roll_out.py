# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow's jobs in order, each with the artifacts that AWX passes to it, up to the check in an app."""

from __future__ import annotations

import pytest

from tests.awx import configuration
from tests.awx.workflow import Ended, Workflow
from tests.integration.docker_cli_apps import Apps
from tests.sandbox import app


@pytest.fixture
def apps(tmp_path):
    apps = Apps(tmp_path)
    apps.create("rolled-out")
    yield apps
    apps.remove()


def move(apps, domain_id):
    """Make the app one of that domain: the workflow installs only in apps of the approved domains."""
    metadata = "/opt/ml/metadata/resource-metadata.json"
    apps.shell("rolled-out", f"sudo sed -i 's/d-sandbox0000001/{domain_id}/' {metadata}")


def test_the_roll_out_from_the_audit_to_the_check(controller, endpoint, aws, mirror, apps):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"}, vpc_only=True)
    endpoint.app(domain_id)
    endpoint.clear_calls()
    move(apps, domain_id)
    inventories = {name: configuration.inventory(name) for name in ("Studio domains", "Studio apps")}
    inventories["Studio apps"]["studio_apps"] = apps.group()
    jobs = {}

    def start(node):
        if not node.template:
            assert "enable_docker_access: true" in jobs["audit"].output
            assert endpoint.mutating_calls() == []
            return Ended("successful")
        job = jobs[node.node] = controller.run(
            node.template["playbook"],
            {**node.extra_vars, "local_mode_check_min_free_gib": 0.1},
            inventory=inventories[node.template["inventory"]],
            environment=aws,
            arguments="--check --diff" if node.template["job_type"] == "check" else "--diff",
        )
        return Ended(job.status, job.artifacts)

    settings = {"studio_awx_answers": mirror("docker_cli", app.CA_PATH)}
    answers = {
        "domain_docker_access_domains": "research",
        "domain_docker_access_region": "eu-west-1",
        "domain_docker_access_trusted_accounts": "'012345670123'",
        "restart_apps": "true",
    }
    assert Workflow(configuration.with_settings(settings)).run(start, answers) == "successful"
    passed = jobs["enable"].artifacts
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    assert settings == {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": ["012345670123"]}
    assert passed["domain_docker_access_domain_ids"] == [domain_id]
    assert passed["studio_apps_to_restart"] == {domain_id: []}
    assert "Restart first" not in jobs["install"].output
    assert "local mode works" in jobs["check"].output
