# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs for domains, with survey answers and injected credentials, against the sandbox's AWS endpoint."""

from __future__ import annotations

import jinja2
import pytest

from tests.awx import configuration, survey_rules
from tests.integration.test_domain_selection import unusable

ENABLE = "playbooks/enable_local_mode.yml"
REGION = {"domain_docker_access_region": "eu-west-1"}


@pytest.fixture
def domain_id(endpoint):
    """Create a VPC-only domain without Docker access and with one running app."""
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"}, vpc_only=True)
    endpoint.app(domain_id)
    endpoint.clear_calls()
    return domain_id


def docker_settings(endpoint, domain_id):
    return endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]


def answers(template, **given):
    """Return the extra vars of a job that was launched by API with these answers."""
    return survey_rules.answers(configuration.survey_of(template), REGION | given)


def test_the_project_update_installs_the_collection_and_its_dependency(collections):
    names = {path.name for path in collections.glob("ansible_collections/*/*")}
    assert {"studio_local_mode", "aws"} <= names


def test_audit_and_enable_need_only_answers_and_a_credential(controller, endpoint, aws, domain_id):
    extra_vars = answers("enable domains", domain_docker_access_domains="research\n")
    audit = controller.run(ENABLE, extra_vars, environment=aws, arguments="--check --diff")
    assert endpoint.mutating_calls() == []
    assert "enable_docker_access: true" in audit.output
    assert audit.changed == {"localhost": 1}

    # The workflow passes the IDs of the audited domains to the next node.
    passed = audit.artifacts
    assert passed["domain_docker_access_domain_ids"] == [domain_id]
    [app] = passed["studio_apps_to_restart"][domain_id]
    assert app["type"] == "JupyterLab"
    later = endpoint.domain("created-after-the-audit", {"EnableDockerAccess": "DISABLED"})
    everything = answers("enable domains", domain_docker_access_all_domains="true")
    job = controller.run(ENABLE, everything | passed, environment=aws)
    previous = {"domain_docker_access_previous_settings": f'{{"{domain_id}": {{"enable_docker_access": false}}}}'}
    assert job.artifacts == passed | previous
    assert docker_settings(endpoint, domain_id)["EnableDockerAccess"] == "ENABLED"
    assert docker_settings(endpoint, later)["EnableDockerAccess"] == "DISABLED"
    assert aws["AWS_SECRET_ACCESS_KEY"] not in job.shown()


@pytest.mark.slow
def test_restarted_apps_are_not_passed_to_the_next_job(controller, endpoint, aws, domain_id):
    endpoint.app(domain_id, profile="bob")
    endpoint.controls(app_failures={"bob-jupyterlab": "No capacity."})
    extra_vars = answers("enable domains", domain_docker_access_domains="research", restart_apps="true")
    job = controller.launch(ENABLE, extra_vars, environment=aws)
    assert job.status == "failed"
    [left] = job.artifacts["studio_apps_to_restart"][domain_id]
    assert left["owner"] == "bob-jupyterlab"


@pytest.mark.slow
def test_every_answer_reaches_the_domain_and_an_empty_answer_changes_nothing(controller, endpoint, aws, domain_id):
    full = answers(
        "enable domains",
        domain_docker_access_domains=f"{domain_id}, research",
        domain_docker_access_rootless="true",
        domain_docker_access_trusted_accounts="'012345670123'\n210987654321\n",
        domain_docker_access_concurrency=2,
    )
    controller.run(ENABLE, full, environment=aws)
    settings = {
        "EnableDockerAccess": "ENABLED",
        "RootlessDocker": "ENABLED",
        "VpcOnlyTrustedAccounts": ["012345670123", "210987654321"],
    }
    assert docker_settings(endpoint, domain_id) == settings
    empty = answers("enable domains", domain_docker_access_domains="research") | {"domain_docker_access_rootless": ""}
    assert controller.run(ENABLE, empty, environment=aws).changed == {}
    assert docker_settings(endpoint, domain_id) == settings
    cleared = {"domain_docker_access_trusted_accounts": "none"}
    controller.run(ENABLE, empty | cleared, environment=aws)
    assert docker_settings(endpoint, domain_id) == {**settings, "VpcOnlyTrustedAccounts": []}


def test_a_failing_domain_hides_nothing_of_the_others(controller, endpoint, aws, domain_id):
    endpoint.domain("broken", {"EnableDockerAccess": "DISABLED"})
    right = endpoint.domain("right", {"EnableDockerAccess": "ENABLED"})
    broken = next(d["DomainId"] for d in endpoint.boto3().list_domains()["Domains"] if d["DomainName"] == "broken")
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{broken}"
    endpoint.controls(denied_actions={"sagemaker:UpdateDomain": arn})
    job = controller.launch(
        ENABLE, answers("enable domains", domain_docker_access_domains="research\nbroken, right"), environment=aws
    )
    assert job.status == "failed"
    assert "enable_docker_access: true" in job.output
    assert "research (" in job.output[job.output.index("TASK [Summary]") :]
    assert job.artifacts["studio_domains_by_outcome"] == {
        "changed": [domain_id],
        "unchanged": [right],
        "failed": [broken],
    }
    counts = {"total": 3, "changed": 1, "unchanged": 1, "failed": 1, "apps_to_restart": 1}
    assert job.artifacts["studio_domain_counts"] == counts
    assert [app["type"] for app in job.artifacts["studio_apps_to_restart"][domain_id]] == ["JupyterLab"]
    # The workflow goes on to the check, which has these artifacts as variables, so that the state is seen.
    check = controller.run(
        "playbooks/check_local_mode.yml",
        answers("check apps") | job.artifacts,
        inventory=configuration.inventory("Studio apps"),
        environment=aws,
    )
    seen = check.output[check.output.index("TASK [Summary]") :]
    assert "Apps to restart first, as an earlier job of the workflow reported" in seen
    assert f"  {domain_id}: JupyterLab" in seen


@pytest.mark.slow
def test_the_audit_of_all_domains_reaches_the_approval_beside_a_failed_one(controller, endpoint, aws, domain_id):
    broken = unusable(endpoint, "broken", "Failed")
    audit = controller.run(
        ENABLE,
        answers("audit domains", domain_docker_access_all_domains="true"),
        environment=aws,
        arguments="--check --diff",
    )
    assert audit.artifacts["domain_docker_access_domain_ids"] == [domain_id]
    assert f"broken ({broken}) is skipped: it is Failed" in audit.output


@pytest.mark.slow
def test_drift_fails_the_job_of_its_own_template_which_names_who_changed_it(controller, endpoint, aws, domain_id):
    template = configuration.job_templates()["Studio local mode - drift audit"]
    extra_vars = answers("drift audit", domain_docker_access_all_domains="true", look_up_changes="true")
    options = {"environment": aws, "arguments": "--check --diff"}
    audit = controller.launch(template["playbook"], extra_vars, **options)
    assert audit.status == "failed"
    assert "Drift: 1 of 1 domain does not have the requested settings: research." in audit.messages
    assert "Created by sandbox/ansible (AssumedRole) with " in audit.output
    assert "domain_docker_access_previous_settings" not in audit.artifacts
    assert endpoint.mutating_calls() == []
    endpoint.boto3().update_domain(
        DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": {"EnableDockerAccess": "ENABLED"}}
    )
    assert (
        controller.run(template["playbook"], extra_vars, **options).artifacts["studio_domain_counts"]["unchanged"] == 1
    )


@pytest.mark.slow
def test_a_roll_back_restores_what_the_job_changed(controller, endpoint, aws, domain_id):
    before = {"EnableDockerAccess": "DISABLED", "VpcOnlyTrustedAccounts": ["012345670123"]}
    endpoint.boto3().update_domain(DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": before})
    given = {"domain_docker_access_domains": "research", "domain_docker_access_trusted_accounts": "210987654321"}
    job = controller.run(ENABLE, answers("enable domains", **given), environment=aws)
    assert docker_settings(endpoint, domain_id) != before
    # From the artifact, as a person copies it, and as AWX passes it to a later node of a workflow.
    previous = {name: job.artifacts[name] for name in ["domain_docker_access_previous_settings"]}
    extra_vars = answers("roll back domains", **previous)
    rolled_back = controller.run("playbooks/roll_back_domains.yml", extra_vars, environment=aws)
    assert docker_settings(endpoint, domain_id) == before
    assert rolled_back.artifacts["studio_domains_by_outcome"]["changed"] == [domain_id]
    assert controller.run("playbooks/roll_back_domains.yml", extra_vars, environment=aws).changed == {}


@pytest.mark.slow
def test_apps_are_restarted_by_a_job_of_their_own(controller, endpoint, aws, domain_id):
    endpoint.app(endpoint.domain("other", tags={"team": "x"}))
    endpoint.clear_calls()
    # Without the quotes, ansible-core 2.19 reads the asterisk as an alias of YAML.
    extra_vars = answers("restart apps", domain_docker_access_domains="'*'", domain_docker_access_exclude="other")
    check = controller.run("playbooks/restart_apps.yml", extra_vars, environment=aws, arguments="--check --diff")
    assert "research: JupyterLab default of space ada-jupyterlab: would be restarted" in check.output
    assert endpoint.mutating_calls() == []
    job = controller.run("playbooks/restart_apps.yml", extra_vars, environment=aws)
    assert job.artifacts["studio_restart_counts"] == {"restarted": 1, "failed": 0}
    assert [call.parameters["DomainId"] for call in endpoint.calls("CreateApp")] == [domain_id]
    tagged = answers("restart apps", domain_docker_access_domain_tags="team=x, stage=prod")
    assert (
        "has the tags {'team': 'x', 'stage': 'prod'}"
        in controller.launch("playbooks/restart_apps.yml", tagged, environment=aws).messages
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"domain_docker_access_domains": "{{ 7 * 7 }}"}, "no domain has the ID or the name '{{'"),
        ({"domain_docker_access_domains": ""}, "No domain is selected"),
        (
            {"domain_docker_access_domains": "research", "domain_docker_access_all_domains": "true"},
            "in AWX the questions Domains and All domains of the region: set one of them only",
        ),
        # ansible-core reads octal digits after a zero as a number; the collection does not guess the lost digits.
        (
            {"domain_docker_access_domains": "research", "domain_docker_access_trusted_accounts": "012345670123"},
            "'1402433619' has 10 digits, YAML drops the leading zeros of a number: write all 12 digits in quotes",
        ),
    ],
)
def test_wrong_answers_are_refused(controller, endpoint, aws, domain_id, given, says):
    job = controller.launch(ENABLE, answers("enable domains") | given, environment=aws)
    assert job.status == "failed"
    assert says in job.messages
    assert endpoint.mutating_calls() == []


def injected(**inputs):
    """Return the environment that a credential of our job templates injects; an omitted field is an empty text."""
    types = {kind["name"]: kind for kind in configuration.variables()["controller_credential_types"]}
    kind = types["AWS region and role"]
    fields = {field["id"]: "" for field in kind["inputs"]["fields"]}
    return {
        name: jinja2.Environment(autoescape=True).from_string(template).render(fields | inputs)
        for name, template in kind["injectors"]["env"].items()
    }


def test_the_credential_injects_region_endpoint_and_role(controller, endpoint, aws, domain_id):
    extra_vars = answers(
        "trusted accounts", domain_docker_access_domains="research", domain_docker_access_accounts="210987654321"
    )
    # The credential's endpoint is SageMaker's: STS has another one.
    aws["AWS_ENDPOINT_URL_STS"] = aws.pop("AWS_ENDPOINT_URL")
    external_id = "an-external-id-of-nobody"
    role = injected(
        region="eu-west-1",
        endpoint_url=endpoint.url,
        role_arn="arn:aws:iam::123456789012:role/studio-admin",
        external_id=external_id,
    )
    job = controller.run(
        "playbooks/trusted_accounts.yml", extra_vars | {"domain_docker_access_region": ""}, environment=aws | role
    )
    assert docker_settings(endpoint, domain_id)["VpcOnlyTrustedAccounts"] == ["210987654321"]
    [assumed] = endpoint.calls("AssumeRole")
    assert assumed.principal == aws["AWS_ACCESS_KEY_ID"]
    [update] = endpoint.calls("UpdateDomain")
    assert update.principal != aws["AWS_ACCESS_KEY_ID"]
    assert external_id not in job.shown()
    assert aws["AWS_SECRET_ACCESS_KEY"] not in job.shown()


@pytest.mark.slow
def test_disable_with_a_region_and_no_role(controller, endpoint, aws, domain_id):
    endpoint.boto3().update_domain(
        DomainId=domain_id, DomainSettingsForUpdate={"DockerSettings": {"EnableDockerAccess": "ENABLED"}}
    )
    extra_vars = answers("disable domains", domain_docker_access_all_domains="true")
    environment = aws | injected(region="eu-west-1")
    assert [name for name in environment if name.startswith("AWS_ENDPOINT_URL_")] == ["AWS_ENDPOINT_URL_SAGEMAKER"]
    job = controller.run("playbooks/disable_local_mode.yml", extra_vars, environment=environment)
    assert docker_settings(endpoint, domain_id)["EnableDockerAccess"] == "DISABLED"
    assert job.artifacts["domain_docker_access_domain_ids"] == [domain_id]
    assert endpoint.calls("AssumeRole") == []


def test_check_covers_the_domains_of_the_survey(controller, endpoint, aws, domain_id):
    extra_vars = answers("check apps", local_mode_check_domains="research")
    role = injected(
        region="eu-west-1", endpoint_url=endpoint.url, role_arn="arn:aws:iam::123456789012:role/studio-admin"
    )
    job = controller.launch("playbooks/check_local_mode.yml", extra_vars, environment=aws | role)
    # Docker access is disabled, so that the check fails the job.
    assert job.status == "failed"
    assert "docker_access" in job.messages
    assert endpoint.calls("UpdateDomain") == []
    assert {call.principal for call in endpoint.calls("DescribeDomain")} != {aws["AWS_ACCESS_KEY_ID"]}

    refused = controller.launch(
        "playbooks/check_local_mode.yml", extra_vars, environment=aws | role | {"STUDIO_ROLE_ARN": "nonsense"}
    )
    assert refused.status == "failed"
    assert "TASK [Summary]" in refused.output
    # The failed task and the verdict after the report.
    assert refused.messages.count("The role nonsense cannot be assumed") == 2
