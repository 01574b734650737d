# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job that refuses an answer which AWX accepts names the question of its form."""

from __future__ import annotations

import pytest

from tests.awx import configuration, survey_rules
from tests.integration.docker_cli_apps import Apps
from tests.sandbox import inventory

pytestmark = pytest.mark.xdist_group("wrong_answers")

RESEARCH = {"domain_docker_access_domains": "research"}
OF_DOMAINS = [
    ("enable domains", {}, ["Domains", "All domains of the region"]),
    ("enable domains", {"domain_docker_access_domains": "reserach"}, ["Domains"]),
    ("enable domains", {**RESEARCH, "domain_docker_access_all_domains": "true"}, ["Domains", "All domains of"]),
    ("disable domains", {"domain_docker_access_domains": "team-?"}, ["Domains"]),
    ("disable domains", {**RESEARCH, "domain_docker_access_exclude": "nobody"}, ["Domains to leave out"]),
    ("audit domains", {"domain_docker_access_domain_tags": "team"}, ["Tags of the domains"]),
    ("drift audit", {"domain_docker_access_domain_tags": "team=nobody"}, ["Tags of the domains"]),
    ("enable domains", {**RESEARCH, "domain_docker_access_region": "us-east-1"}, ["Domains", "Region"]),
    ("enable domains", {**RESEARCH, "domain_docker_access_region": "Ireland, please"}, ["Region"]),
    ("enable domains", {**RESEARCH, "domain_docker_access_trusted_accounts": "123"}, ["Trusted accounts"]),
    ("trusted accounts", {**RESEARCH, "domain_docker_access_accounts": "210987654321x"}, ["Accounts"]),
    (
        "trusted accounts",
        {
            **RESEARCH,
            "domain_docker_access_accounts": "210987654321",
            "domain_docker_access_accounts_state": "absent",
            "domain_docker_access_purge_accounts": "true",
        },
        ["Purge accounts"],
    ),
    ("restart apps", {"domain_docker_access_domains": "reserach"}, ["Domains"]),
    ("roll back domains", {"domain_docker_access_previous_settings": "research"}, ["Previous settings"]),
    ("roll back domains", {"domain_docker_access_previous_settings": '{"d-1": '}, ["Previous settings"]),
    (
        "roll back domains",
        {"domain_docker_access_previous_settings": '{"d-nobody": {"enable_docker_access": true}}'},
        ["Previous settings"],
    ),
    ("check apps", {"local_mode_check_domains": "reserach"}, ["Domains to check"]),
    (
        "check apps",
        {"local_mode_check_domains": "research", "local_mode_check_images": "No Image"},
        ["Images to check"],
    ),
    (
        "check apps",
        {"local_mode_check_domains": "research", "local_mode_check_central_endpoints": "sts"},
        ["Endpoints of another VPC"],
    ),
    ("fleet report", {"report_path": "report.pdf"}, ["Report"]),
    ("fleet report", {"report_path": "s3://report.html"}, ["Report"]),
]
OF_PACKAGES = [
    ({"docker_debs_host": "nobody"}, ["Host"]),
    ({"docker_debs_codename": "bookworm"}, ["Distribution of the apps", "Release of the apps"]),
    ({"docker_debs_version": "99"}, ["Docker CLI version"]),
    ({"docker_debs_compose_version": "99"}, ["Compose version"]),
    ({"docker_debs_repository_url": "mirror.example.org"}, ["Package repository URL"]),
    ({"docker_debs_key_fingerprint": "not hexadecimal, but of that many characters"[:40]}, ["Signing key fingerprint"]),
    ({"docker_debs_key_fingerprint": "0" * 40}, ["Signing key fingerprint"]),
    ({"docker_debs_ca_path": "/nowhere.pem"}, ["CA certificates file"]),
    ({"docker_debs_verify_only": "true"}, ["Folder"]),
]
OF_APPS = [
    ("install in apps", {"docker_cli_source": "staged"}, ["Staged folder in the apps", "Staged folder to copy from"]),
    (
        "install in apps",
        {"docker_cli_source": "staged", "docker_cli_staged_path": "/nowhere"},
        ["Staged folder in the"],
    ),
    (
        "install in apps",
        {"docker_cli_source": "staged", "docker_cli_staged_copy_from": "/nowhere"},
        ["Staged folder to copy from"],
    ),
    ("install in apps", {"docker_cli_version": "newest"}, ["Docker CLI version"]),
    ("install in apps", {"docker_cli_compose_version": "newest"}, ["Compose version"]),
    ("install in apps", {"docker_cli_ca_path": "/nowhere.pem"}, ["CA certificates file"]),
    ("check apps", {"local_mode_check_run_container": "true"}, ["Image to run"]),
]


def launch(controller, template, given, **options):
    """Launch a job template by API with these answers and those that it requires."""
    form = configuration.job_templates()[f"Studio local mode - {template}"]
    return controller.launch(form["playbook"], survey_rules.answers(form["survey_spec"], given), **options)


def asserts_that_it_names(job, questions):
    assert job.status == "failed", job.output
    messages = " ".join(job.messages.split())
    for question in questions:
        assert "In AWX, correct" in messages or "in AWX the question" in messages, messages
        assert question in messages, messages


@pytest.mark.slow
@pytest.mark.parametrize(("template", "given", "questions"), OF_DOMAINS)
def test_of_domains(controller, endpoint, aws, template, given, questions):
    endpoint.domain("research", {"EnableDockerAccess": "DISABLED"}, vpc_only=True)
    endpoint.clear_calls()
    region = {"domain_docker_access_region": "eu-west-1", "report_regions": "eu-west-1"}
    form = {question["variable"] for question in configuration.survey_of(template)["spec"]}
    given = {name: value for name, value in region.items() if name in form} | given
    asserts_that_it_names(launch(controller, template, given, environment=aws), questions)
    assert endpoint.mutating_calls() == []


@pytest.mark.slow
@pytest.mark.parametrize(("given", "questions"), OF_PACKAGES)
def test_of_packages(controller, mirror, tmp_path, given, questions):
    sandbox = inventory.environment(None)
    answers = {
        "docker_debs_dest": str(tmp_path / "debs"),
        "docker_debs_repository_url": f"{sandbox['SANDBOX_MIRROR_URL']}/linux",
        **mirror("docker_debs", sandbox["SANDBOX_CA"]),
    }
    asserts_that_it_names(launch(controller, "stage packages", answers | given), questions)
    assert not list(tmp_path.glob("debs/**/*.deb"))


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    apps = Apps(tmp_path_factory.mktemp("apps"))
    apps.create("one")
    yield apps
    apps.remove()


@pytest.mark.slow
@pytest.mark.parametrize(("template", "given", "questions"), OF_APPS)
def test_of_apps(controller, mirror, apps, template, given, questions):
    group = {"studio_apps": {**apps.group(), "hosts": apps.group()["hosts"]}}
    asserts_that_it_names(launch(controller, template, given, inventory=group), questions)
    assert apps.shell("one", "command -v docker || true") == ""
