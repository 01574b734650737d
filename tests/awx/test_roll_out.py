# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow's jobs in order, each with the artifacts that AWX passes to it, up to the check in an app."""

from __future__ import annotations

import pytest

from tests.awx import configuration, survey_rules
from tests.integration.docker_cli_apps import Apps
from tests.sandbox import app


@pytest.fixture
def apps(tmp_path):
    apps = Apps(tmp_path)
    apps.create("rolled-out")
    yield apps
    apps.remove()


def nodes():
    """Yield the workflow's nodes in the order of a successful run."""
    [workflow] = configuration.variables()["controller_workflows"]
    nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
    after = {name: [*node.get("success_nodes", []), *node.get("always_nodes", [])] for name, node in nodes.items()}
    following = {name: next(iter(names), None) for name, names in after.items()}
    name = "audit"
    while name:
        yield nodes[name]
        name = following[name]


def move(apps, domain_id):
    """Make the app one of that domain: the workflow installs only in apps of the approved domains."""
    metadata = "/opt/ml/metadata/resource-metadata.json"
    apps.shell("rolled-out", f"sudo sed -i 's/d-sandbox0000001/{domain_id}/' {metadata}")


def test_the_roll_out_from_the_audit_to_the_check(controller, endpoint, aws, mirror, apps):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"}, vpc_only=True)
    endpoint.app(domain_id)
    endpoint.clear_calls()
    move(apps, domain_id)
    inventories = {"Studio domains": {}, "Studio apps": {"studio_apps": apps.group()}}
    form = survey_rules.answers(
        configuration.variables()["studio_survey_roll_out"],
        {
            "domain_docker_access_domains": "research",
            "domain_docker_access_region": "eu-west-1",
            "domain_docker_access_trusted_accounts": "'012345670123'",
            "restart_apps": "true",
        },
    )
    form |= mirror("docker_cli", app.CA_PATH) | {"local_mode_check_min_free_gib": 0.1}
    jobs, passed = {}, {}
    for node in nodes():
        if "approval_node" in node:
            assert "enable_docker_access: true" in jobs["audit"].output
            assert endpoint.mutating_calls() == []
            continue
        template = configuration.job_templates()[node["unified_job_template"]]
        job = controller.run(
            template["playbook"],
            # A node receives those answers of the workflow that its own survey has.
            survey_rules.answers(template["survey_spec"], form) | passed,
            inventory=inventories[template["inventory"]],
            environment=aws,
            arguments="--check --diff" if template["job_type"] == "check" else "--diff",
        )
        jobs[node["identifier"]] = job
        passed |= job.artifacts
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    assert settings == {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": ["012345670123"]}
    assert passed["domain_docker_access_domain_ids"] == [domain_id]
    assert passed["studio_apps_to_restart"] == {domain_id: []}
    assert "Restart first" not in jobs["install"].output
    assert "local mode works" in jobs["check"].output
