# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plays around the workflow: only apps of approved domains, limits, versions that differ, denials and failures."""

from __future__ import annotations

import sys

import pytest

from tests.awx import configuration, survey_rules
from tests.awx.checkout import VERSION
from tests.awx.job import Controller

pytestmark = pytest.mark.xdist_group("workflow_playbooks")

CHECK = "playbooks/check_local_mode.yml"
INSTALL = "playbooks/install_docker_cli.yml"
APPROVED = {"domain_docker_access_domain_ids": ["d-approved00000"]}
# This machine, which is no Studio app.
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


def apps(**domains):
    """Return an inventory of apps with the domain that the inventory knows of each, or None."""
    known = {name: {"studio_domain_id": domain} for name, domain in domains.items() if domain}
    return {
        "studio_apps": {"hosts": list(domains), "vars": LOCAL},
        **{f"domain_of_{name}": {"hosts": [name], "vars": variables} for name, variables in known.items()},
    }


def test_the_workflow_checks_only_apps_of_approved_domains(controller):
    answers = survey_rules.answers(configuration.survey_of("check apps"), {})
    inventory = apps(approved="d-approved00000", other="d-other00000000")
    job = controller.launch(CHECK, answers | APPROVED, inventory=inventory)
    summary = job.output[job.output.index("TASK [Summary]") :]
    assert "\u2718 app approved" in summary
    assert "other:" not in summary
    everything = controller.launch(CHECK, answers, inventory=inventory)
    assert "\u2718 app other" in everything.output


@pytest.mark.slow
def test_an_app_of_an_unknown_domain_is_not_taken_for_an_approved_one(controller):
    answers = survey_rules.answers(configuration.survey_of("install in apps"), {})
    job = controller.launch(INSTALL, answers | APPROVED, inventory=apps(unknown=None))
    assert job.status == "failed"
    assert "resource-metadata.json" in job.messages
    assert not any(event["event_data"].get("role") == "docker_cli" for event in job.events)


@pytest.mark.parametrize("playbook", [INSTALL, CHECK])
def test_without_ids_a_job_of_the_workflow_takes_no_app(controller, playbook):
    [workflow] = configuration.variables()["controller_workflows"]
    job = controller.launch(playbook, workflow["extra_vars"], inventory=apps(one="d-approved00000"))
    assert job.status == "failed"
    assert "passed no ID of an approved domain" in job.messages
    assert not any(event["event_data"].get("role") in ("docker_cli", "local_mode_check") for event in job.events)


@pytest.mark.parametrize("playbook", [INSTALL, CHECK, "playbooks/fleet_report.yml"])
def test_a_limit_that_leaves_nothing_is_refused(controller, playbook):
    """Ansible skips all plays, and succeeds, if the inventory has no host."""
    inventory = configuration.inventory("Studio apps")
    job = controller.launch(playbook, {}, inventory=inventory, arguments="--limit app-1")
    assert job.status == "failed"
    assert "leaves us with no hosts to target" in job.output


def test_a_limit_without_localhost_names_the_question(controller):
    inventory = configuration.inventory("Studio apps", apps(one=None))
    job = controller.launch("playbooks/fleet_report.yml", {}, inventory=inventory, arguments="--limit one")
    assert job.status == "failed"
    assert "Run it again with 'Limit': localhost,one." in job.messages


def test_playbooks_and_roles_of_two_versions_are_refused(controller, tmp_path):
    galaxy = controller.project / "galaxy.yml"
    text = galaxy.read_text()
    galaxy.write_text(text.replace(f"version: {VERSION}", "version: 9.9.9"))
    try:
        job = Controller(controller.project, controller.collections, tmp_path / "other").launch(CHECK, {})
    finally:
        galaxy.write_text(text)
    assert job.status == "failed"
    assert (
        f"playbooks of this project have version 9.9.9, the installed collection has version {VERSION}" in job.messages
    )
    assert f"branch to the tag {VERSION}" in job.messages


def test_a_denied_approval_ends_with_the_domains_that_did_not_change(controller):
    job = controller.run("playbooks/report_denial.yml", APPROVED)
    assert "The workflow changed nothing in d-approved00000." in " ".join(job.output.split())


def test_a_failed_workflow_ends_with_a_failed_job_that_names_the_domains(controller):
    outcomes = {
        "studio_domains_by_outcome": {"changed": ["d-1"], "unchanged": [], "failed": ["d-2"]},
        "studio_apps_by_outcome": {"works": [], "failed": ["app-1"]},
    }
    job = controller.launch("playbooks/report_failure.yml", APPROVED | outcomes)
    assert job.status == "failed"
    assert "has the reason. Failed domains: d-2. Failed apps: app-1. Correct the cause" in job.messages
    without_artifacts = controller.launch("playbooks/report_failure.yml", {})
    assert without_artifacts.status == "failed"
    assert "has the reason. Correct the cause" in without_artifacts.messages


def test_the_settings_pin_the_version_of_the_collection():
    version = configuration.variables()["studio_awx_scm_branch"]
    assert f"\nversion: {version}\n" in (configuration.PATTERN.parents[2] / "galaxy.yml").read_text()
    assert configuration.variables()["studio_awx_execution_environment_image"].endswith(f":{version}")
