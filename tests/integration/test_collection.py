# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as its users get it: built, installed into an empty path, its playbooks run by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.awx import checkout

pytestmark = pytest.mark.xdist_group("collection")


def command(program, *arguments, environment=None, cwd=None):
    run = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        env={**os.environ, **(environment or {})},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def tarball(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    # What is committed or about to be: the build must not depend on what else lies in the checkout.
    built_from = checkout.copy(folder / "checkout")
    command("ansible-galaxy", "collection", "build", "--output-path", folder, cwd=built_from)
    [built] = folder.glob("mlops-studio_local_mode-*.tar.gz")
    return built


@pytest.fixture(scope="module")
def installed(tarball, tmp_path_factory):
    path = tmp_path_factory.mktemp("installed")
    # amazon.aws comes with the ansible bundle; no server is asked.
    options = ["--offline", "--no-deps", "--force", "--collections-path", path]
    command("ansible-galaxy", "collection", "install", *options, tarball)
    return path


def test_the_tarball_has_what_users_need_and_nothing_else(tarball):
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    top = {name.split("/")[0] for name in names}
    assert top == {
        "CHANGELOG.md",
        "CODE_OF_CONDUCT.md",
        "CONTRIBUTING.md",
        "COPYING",
        "FILES.json",
        "LICENSES",
        "MAINTAINERS.md",
        "MANIFEST.json",
        "README.md",
        "SECURITY.md",
        "changelogs",
        "docs",
        "extensions",
        "meta",
        "playbooks",
        "plugins",
        "roles",
    }
    assert [name for name in names if "__pycache__" in name] == []


@pytest.mark.parametrize(
    "playbook",
    [
        "enable_local_mode",
        "disable_local_mode",
        "trusted_accounts",
        "install_docker_cli",
        "check_execution_environment",
        "check_local_mode",
        "fleet_report",
        "report_denial",
        "restart_apps",
        "roll_back_domains",
        "stage_docker_debs",
    ],
)
def test_playbooks_are_found_by_name(installed, playbook, tmp_path):
    name = f"mlops.studio_local_mode.{playbook}"
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(installed)}
    assert "playbook:" in command("ansible-playbook", "--list-tasks", name, environment=environment, cwd=tmp_path)


def test_a_domain_is_enabled_and_disabled_by_name(endpoint, installed, tmp_path):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(installed), **endpoint.environment()}
    variables = "--extra-vars=" + json.dumps({"domain_docker_access_domains": ["research"]})
    for playbook, switch in (("enable_local_mode", "ENABLED"), ("disable_local_mode", "DISABLED")):
        output = command(
            "ansible-playbook",
            f"mlops.studio_local_mode.{playbook}",
            variables,
            environment=environment,
            cwd=tmp_path,
        )
        assert f"research ({domain_id}): changed" in output
        described = endpoint.boto3().describe_domain(DomainId=domain_id)
        assert described["DomainSettings"]["DockerSettings"]["EnableDockerAccess"] == switch


def test_one_line_of_module_defaults_reaches_our_modules_and_amazons(endpoint, installed, tmp_path):
    endpoint.domain("research")
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/mlops.studio_local_mode.aws": {"region": "eu-west-1"}},
        "tasks": [
            {"mlops.studio_local_mode.sagemaker_domain_info": {}, "register": "ours"},
            {"amazon.aws.aws_caller_info": {}, "register": "amazons"},
            {"ansible.builtin.assert": {"that": ["ours.domains | length == 1", "amazons.account is defined"]}},
        ],
    }
    playbook = tmp_path / "playbook.json"
    playbook.write_text(json.dumps([play]))
    environment = {**endpoint.environment(), "AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
    command("ansible-playbook", playbook, environment={"ANSIBLE_COLLECTIONS_PATH": str(installed), **environment})
