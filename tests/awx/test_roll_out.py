# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow as its data says: one job after the other, each with what AWX hands on to it, to the proof in an app."""

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
    """The workflow's nodes in the order in which they run when each of them succeeds."""
    [workflow] = configuration.variables()["controller_workflows"]
    nodes = {node["identifier"]: node for node in workflow["simplified_workflow_nodes"]}
    following = {name: next(iter(node.get("success_nodes", [])), None) for name, node in nodes.items()}
    [name] = nodes.keys() - following.values()
    while name:
        yield nodes[name]
        name = following[name]


def test_the_roll_out_goes_from_the_audit_to_the_proof(controller, endpoint, aws, mirror, apps):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"}, vpc_only=True)
    endpoint.app(domain_id)
    endpoint.clear_calls()
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
    jobs, handed_on = {}, {}
    for node in nodes():
        if "approval_node" in node:
            assert "enable_docker_access: true" in jobs["audit"].output
            assert endpoint.mutating_calls() == []
            continue
        template = configuration.job_templates()[node["unified_job_template"]]
        job = controller.run(
            template["playbook"],
            # A node takes of the workflow's answers what its own survey asks for.
            survey_rules.answers(template["survey_spec"], form) | handed_on,
            inventory=inventories[template["inventory"]],
            environment=aws,
            arguments="--check --diff" if template["job_type"] == "check" else "--diff",
        )
        jobs[node["identifier"]] = job
        handed_on |= job.artifacts
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    assert settings == {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": ["012345670123"]}
    assert handed_on["domain_docker_access_domain_ids"] == [domain_id]
    assert handed_on["studio_apps_to_restart"] == {domain_id: []}
    assert "Restart first" not in jobs["install"].output
    assert "local mode works" in jobs["check"].output
