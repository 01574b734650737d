# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make awx-apply against a stand-in for AWX's API: it creates the configured objects and is idempotent."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest

from tests.awx import awx_api_stand_in, checkout, configuration, discovery
from tests.sandbox import layout

pytestmark = [pytest.mark.xdist_group("apply"), pytest.mark.slow]


@pytest.fixture(scope="module")
def awx():
    """Return an AWX with two organizations that have a credential of the same name."""
    awx = awx_api_stand_in.Awx(set(discovery.playbooks(layout.ROOT, checkout.files())))
    research = awx.create("organizations", {"name": "Research"})
    for organization in (awx.named("organizations")["Default"], research):
        awx.create("teams", {"name": "Leads", "organization": organization["id"]})
        awx.create("teams", {"name": "Owners", "organization": organization["id"]})
        for name in ("AWS", "Git"):
            awx.create("credentials", {"name": name, "organization": organization["id"]})
    kind = awx.create("credential_types", {"name": "Amazon Web Services", "kind": "cloud"})
    twice = {"name": "Twice", "organization": research["id"]}
    awx.create("credentials", twice)
    awx.create("credentials", {**twice, "credential_type": kind["id"]})
    awx.changes.clear()
    return awx


@pytest.fixture(scope="module")
def url(awx):
    with awx_api_stand_in.serving(awx) as url:
        yield url


SETTINGS = {
    "studio_awx_scm_credential": "Git",
    "studio_awx_aws_credentials": ["AWS"],
    "studio_awx_spaces_credential": "AWS",
    "studio_awx_spaces_regions": ["eu-west-1", "us-east-1"],
    "studio_awx_accounts_credential": "AWS",
    "studio_awx_accounts_organizational_units": ["Workloads/Prod", "Workloads/Dev"],
    "studio_awx_launch_teams": ["Leads"],
    "studio_awx_approve_teams": ["Owners"],
    "studio_awx_webhook_url": "https://chat.example.org/hook",
    "studio_awx_mail": {"host": "mail.example.org", "sender": "awx@example.org", "recipients": ["team@example.org"]},
}
LINKS = [
    ("audit", "success_nodes", "approve"),
    ("approve", "success_nodes", "enable"),
    ("approve", "failure_nodes", "denied"),
    ("enable", "success_nodes", "install"),
    ("enable", "failure_nodes", "check_after_failure"),
    ("install", "success_nodes", "check"),
    ("install", "failure_nodes", "check_after_failure"),
    ("check_after_failure", "always_nodes", "failed"),
]
# The result of a task of AWX's project_update.yml: of the module git, and of ansible-galaxy, which is a command.
WITHOUT_BRANCH = {"msg": f"Could not find branch {checkout.VERSION}."}
WITHOUT_GALAXY = {
    "msg": "non-zero return code",
    "rc": 1,
    "stdout": "Starting galaxy collection install process\nProcess install dependency map",
    "stderr": "\x1b[0;31mERROR! Failed to resolve the requested dependencies map. Could not satisfy the following "
    "requirements:\x1b[0m\n\x1b[0;31m* amazon.aws:>=10.0.0 (dependency of mlops.studio_local_mode:1.0.0)\x1b[0m",
}


def apply(url, *arguments, token=awx_api_stand_in.TOKEN, settings=None):
    """Run the Makefile's target and return its exit status and output."""
    command = ["make", "awx-apply", f"AWX_ARGS={' '.join(arguments)}", f"AWX_VARS={json.dumps(settings or {})}"]
    environment = {**os.environ, "AWX_URL": url, "AWX_TOKEN": token}
    done = subprocess.run(
        command, cwd=layout.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    return done.returncode, done.stdout + done.stderr


def succeed(url, *arguments, **options):
    """Apply, assert that it succeeds, and return its output."""
    status, output = apply(url, *arguments, **options)
    assert status == 0, output
    return output


def changed(output):
    """Return the number of changed tasks."""
    return int(re.search(r"localhost +: .*changed=(\d+)", output).group(1))


def test_a_missing_token_is_an_error():
    status, output = apply("", token="")
    assert status != 0
    assert "Set AWX_URL and AWX_TOKEN" in output


@pytest.fixture(scope="module")
def applied(awx, url):
    """Apply the configuration to both organizations and return the outputs: each run takes many seconds."""
    outputs = {"check": succeed(url, "--check")}
    assert awx.changes == []
    for name, failure in (("without the branch", WITHOUT_BRANCH), ("without Galaxy", WITHOUT_GALAXY)):
        awx.update_failure = failure
        status, outputs[name] = apply(url, settings=SETTINGS)
        assert status != 0
        assert awx.of("job_templates") == []
    awx.update_failure = {}
    for organization in ("Default", "Research"):
        succeed(url, settings={**SETTINGS, "studio_awx_organization": organization})
    awx.changes.clear()
    # In check mode the modules report every request that they would send as a change.
    # The settings name no credential now, so that the attached ones stay.
    again = {name: value for name, value in SETTINGS.items() if "spaces" in name or "accounts" in name}
    outputs["again"] = succeed(url, "--check", settings={"studio_awx_slices": 4, **again})
    return outputs


def test_without_awx_awx_the_commands_to_install_it_are_shown(tmp_path):
    """Nothing of this repository is required: make runs in a folder without .venv, with a PATH without Ansible."""
    (tmp_path / "Makefile").write_text((layout.ROOT / "Makefile").read_text())
    environment = {"PATH": "/usr/bin:/bin", "AWX_URL": "http://127.0.0.1:1", "AWX_TOKEN": "any", "HOME": str(tmp_path)}
    command = ["make", "awx-apply"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode != 0
    assert "pip install 'ansible-core>=2.19' && ansible-galaxy collection install -r extensions/patterns" in done.stderr


def test_check_mode_names_what_it_skips(applied):
    assert changed(applied["check"]) > 0
    assert "Check mode skipped" in applied["check"]


def test_a_failed_update_of_the_project_is_named_as_the_cause_and_repeated(applied):
    text = " ".join(applied["without the branch"].split())
    assert f"branch {checkout.VERSION}, failed: Could not find branch {checkout.VERSION}. Correct" in text


def test_what_ansible_galaxy_said_is_the_cause(applied):
    text = " ".join(applied["without Galaxy"].split())
    assert "failed: ERROR! Failed to resolve the requested dependencies map. Could not satisfy" in text
    assert "* amazon.aws:>=10.0.0 (dependency of mlops.studio_local_mode:1.0.0) Correct the settings" in text
    assert "[0;31m" not in text


def test_apply_creates_the_configuration(awx, applied):
    [organization, _] = awx.of("organizations")
    templates = {one["name"]: one for one in awx.of("job_templates") if one["organization"] == organization["id"]}
    assert set(templates) == set(configuration.job_templates())
    [label, _] = awx.of("labels")
    for name, template in configuration.job_templates().items():
        assert awx.surveys.get(templates[name]["id"]) == template.get("survey_spec")
        assert awx.links[(templates[name]["id"], "labels")] == [label["id"]]
    nodes = nodes_of(awx, awx.of("workflow_job_templates")[0])
    for node, link, following in LINKS:
        assert awx.links[(nodes[node]["id"], link)] == [nodes[following]["id"]]
    assert awx.objects[nodes["approve"]["unified_job_template"]]["type"] == "workflow_approval_template"
    assert nodes["enable"]["unified_job_template"] == templates["Studio local mode - enable domains"]["id"]
    kinds = awx.named("credential_types")
    ours = {"AWS region and role", "AWS keys, region and role"}
    assert set(kinds) == ours | {"Amazon Web Services"}
    assert {kinds[name]["injectors"]["env"]["AWS_REGION"] for name in ours} == {"{{ region }}"}
    assert [json.loads(workflow["extra_vars"]) for workflow in awx.of("workflow_job_templates")] == [
        {"require_approved_domains": True}
    ] * 2


def test_the_inventory_of_apps_has_localhost_and_the_one_of_domains_has_no_host(awx, applied):
    hosts = [(host["name"], awx.objects[host["inventory"]]["name"]) for host in awx.of("hosts")]
    assert hosts == [("localhost", "Studio apps")] * 2
    variables = json.loads(awx.of("hosts")[0]["variables"])
    assert variables["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"


def test_apply_creates_the_inventory_sources_of_each_organization(awx, applied):
    sources = awx.of("inventory_sources")
    assert [source["source"] for source in sources] == ["scm"] * 4
    of_accounts = {
        **configuration.variables()["studio_source_environment"],
        "STUDIO_TARGET_ROLE_NAME": "studio-local-mode",
        "STUDIO_ORGANIZATIONAL_UNITS": "Workloads/Prod,Workloads/Dev",
    }
    for source in sources:
        referred = [awx.objects[source[name]] for name in ("inventory", "source_project", "credential")]
        assert len({item["organization"] for item in referred}) == 1
        assert (layout.ROOT / source["source_path"]).exists()
        is_of_spaces = source["name"] == "Studio spaces"
        regions = {"STUDIO_REGIONS": "eu-west-1,us-east-1"} if is_of_spaces else {}
        assert json.loads(source["source_vars"]) == {**of_accounts, **regions}
        assert referred[0]["name"] == ("Studio apps" if is_of_spaces else "Studio domains")


def test_every_template_notifies_and_the_schedule_is_off(awx, applied):
    for workflow in awx.of("workflow_job_templates"):
        sent = [
            one["id"] for one in awx.of("notification_templates") if one["organization"] == workflow["organization"]
        ]
        assert len(sent) == 2
        assert awx.links[(workflow["id"], "notification_templates_approvals")] == sent
        templates = [one for one in awx.of("job_templates") if one["organization"] == workflow["organization"]]
        for template in [workflow, *templates]:
            assert awx.links[(template["id"], "notification_templates_error")] == sent
    schedules = awx.of("schedules")
    assert [schedule["enabled"] for schedule in schedules] == [False, False]
    audits = [awx.objects[schedule["unified_job_template"]] for schedule in schedules]
    assert {audit["name"] for audit in audits} == {"Studio local mode - drift audit"}
    assert {(audit["playbook"], audit["job_type"]) for audit in audits} == {("playbooks/audit_drift.yml", "check")}


def test_two_organizations_have_objects_of_their_own(awx, applied):
    """The names are the same, so that objects refer to each other by ID."""
    for organization in awx.of("organizations"):
        assert references(awx, organization["id"]) == {organization["id"]}
    for workflow in awx.of("workflow_job_templates"):
        started = [awx.objects[node["unified_job_template"]] for node in nodes_of(awx, workflow).values()]
        assert {one["organization"] for one in started if one["type"] == "job_template"} == {workflow["organization"]}


def test_teams_launch_read_and_approve(awx, applied):
    for workflow in awx.of("workflow_job_templates"):
        assert awx.teams_with("execute", workflow) == ["Leads"]
        assert awx.teams_with("approval", workflow) == ["Owners"]
    for template in awx.of("job_templates"):
        assert awx.teams_with("execute", template) == ["Leads"]
        assert awx.teams_with("read", template) == ["Owners"]
        assert awx.teams_with("approval", template) == []


def test_a_second_apply_changes_only_what_the_settings_change(awx, applied):
    reported = re.findall(r"^changed: \[localhost\] => \(item=(.*)\)", applied["again"], re.MULTILINE)
    assert reported == ["Studio local mode - install in apps", "Studio local mode - check apps"]
    assert awx.changes == []


def nodes_of(awx, workflow):
    """Return the nodes of a workflow by identifier."""
    nodes = awx.of("workflow_job_template_nodes")
    return {node["identifier"]: node for node in nodes if node["workflow_job_template"] == workflow["id"]}


def test_a_prefix_is_part_of_every_name():
    configured = configuration.with_settings({"studio_awx_name_prefix": "Team A "})
    kinds = ("templates", "workflows", "projects", "inventories", "inventory_sources", "execution_environments")
    names = [one["name"] for kind in kinds for one in configured[f"controller_{kind}"]]
    assert [name for name in names if not name.startswith("Team A ")] == []


def references(awx, organization):
    """Return the organizations of everything that the templates of an organization refer to."""
    names = ("project", "inventory", "execution_environment")
    templates = [one for one in awx.of("job_templates") if one["organization"] == organization]
    referred = {one[name] for one in templates for name in names}
    referred |= {number for one in templates for number in awx.links.get((one["id"], "credentials"), [])}
    referred |= {one["credential"] for one in awx.of("projects") if one["organization"] == organization}
    return {awx.objects[number]["organization"] for number in referred}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"studio_awx_organisation": "Research"}, "Unknown settings: studio_awx_organisation."),
        ({"studio_awx_slices": "many"}, "studio_awx_slices takes a whole number from 1"),
        ({"studio_awx_drift_answers": {"domains": "all"}}, "studio_awx_drift_answers has unknown variables: domains."),
        (
            {"studio_awx_answers": {"docker_cli_keep_existing": True}},
            "has answers that are no text: docker_cli_keep_existing.",
        ),
        (
            {"studio_awx_mail": {"host": "h.example.org", "sender": "a@example.org", "recipients": "x@y.z"}},
            "recipients of studio_awx_mail takes a list",
        ),
        ({"studio_awx_scm_credential": "Nobody's"}, "No credentials have the name Nobody's."),
        (
            {"studio_awx_organization": "Research", "studio_awx_scm_credential": "Twice"},
            "2 credentials have the name Twice, with the IDs",
        ),
    ],
)
def test_invalid_settings_are_refused_before_anything_is_sent(awx, url, settings, message):
    awx.changes.clear()
    status, output = apply(url, settings=settings)
    assert status != 0
    assert message in " ".join(output.split())
    assert awx.changes == []
