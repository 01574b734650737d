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
from tests.integration.docker_cli_apps import Apps
from tests.sandbox import inventory, world

pytestmark = pytest.mark.xdist_group("collection")


def command(program, *arguments, environment=None, cwd=None, fails=False):
    run = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        env={**os.environ, **(environment or {})},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert (run.returncode != 0) == fails, run.stdout + run.stderr
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


# They are parts of the others.
PARTS = {"report", "select_apps", "verify_limit", "verify_version"}
DOMAINS = {"domain_docker_access_domains": ["research"]}


@pytest.mark.slow
def test_every_playbook_runs_by_name_from_an_empty_folder(endpoint, installed, tmp_path):
    world.up(["mirror", "apps"])
    apps = Apps(tmp_path)
    try:
        apps.create("by-name")
        story = Story(endpoint, installed, apps, tmp_path)
        story.tell()
    finally:
        apps.remove()
    names = {path.stem for path in (installed / "ansible_collections/mlops/studio_local_mode/playbooks").glob("*.yml")}
    assert {name for name in names if not name.endswith(".meta")} == story.played | PARTS


class Story:
    """A domain and a running app, from an empty AWS account to the domain without Docker access."""

    def __init__(self, endpoint, installed, apps, folder):
        self.endpoint = endpoint
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.app = apps.name("by-name")
        self.played = set()
        self.domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
        endpoint.app(self.domain_id)
        self._environment = {
            **inventory.environment(None),
            **endpoint.environment(),
            # amazon.aws and community.docker are in the site-packages, where Ansible looks, too.
            "ANSIBLE_COLLECTIONS_PATH": str(installed),
        }
        group = inventory.inventory()["studio_apps"] | {"hosts": {self.app: None}}
        self._with_app = self._inventory("app", {"studio_apps": group})

    def tell(self):
        """Run the playbooks in the order in which a user would."""
        assert "ansible-core" in self.play("check_execution_environment")
        assert "research (" in self.play("fleet_report", with_app=True, report_fail_on="never")
        assert f"research ({self.domain_id}): changed" in self.play("enable_local_mode", **DOMAINS)
        assert self.docker_settings()["EnableDockerAccess"] == "ENABLED"
        accounts = {"domain_docker_access_accounts": ["210987654321"]}
        assert "changed" in self.play("trusted_accounts", **DOMAINS, **accounts)
        assert self.docker_settings()["VpcOnlyTrustedAccounts"] == ["210987654321"]
        assert "JupyterLab" in self.play("restart_apps", **DOMAINS)
        assert "research" in self.play("audit_drift", **DOMAINS)

        mirror = inventory.environment(None)
        debs = self.folder / "debs"
        self.play(
            "stage_docker_debs",
            docker_debs_dest=str(debs),
            docker_debs_repository_url=f"{mirror['SANDBOX_MIRROR_URL']}/linux",
            docker_debs_ca_path=mirror["SANDBOX_CA"],
            docker_debs_key_fingerprint=mirror["SANDBOX_KEY_FINGERPRINT"],
            docker_debs_codename="jammy",
        )
        staged = {"docker_cli_source": "staged", "docker_cli_staged_copy_from": str(debs)}
        assert "changed=1" in self.play("install_docker_cli", with_app=True, **staged)
        assert f"{self.app}: local mode works" in self.play("check_local_mode", with_app=True)

        target = {"studio_targets": {"hosts": {"here": {"studio_target_region": self.endpoint.region, **DOMAINS}}}}
        assert "here (" in self.play("show_settings", inventory_file=self._inventory("target", target))
        previous = {self.domain_id: {"enable_docker_access": True, "vpc_only_trusted_accounts": []}}
        self.play("roll_back_domains", domain_docker_access_previous_settings=previous)
        assert self.docker_settings().get("VpcOnlyTrustedAccounts", []) == []
        assert f"research ({self.domain_id}): changed" in self.play("disable_local_mode", **DOMAINS)
        assert self.docker_settings()["EnableDockerAccess"] == "DISABLED"
        assert self.domain_id in self.play("report_denial", domain_docker_access_domain_ids=[self.domain_id])
        outcomes = {"studio_domains_by_outcome": {"failed": [self.domain_id]}}
        assert self.domain_id in self.play("report_failure", fails=True, **outcomes)

    def play(self, playbook, *, with_app=False, inventory_file=None, fails=False, **variables):
        """Run a playbook by its name, in an empty folder; return its output."""
        self.played.add(playbook)
        source = inventory_file or (self._with_app if with_app else None)
        return command(
            "ansible-playbook",
            *([f"--inventory={source}"] if source else []),
            f"mlops.studio_local_mode.{playbook}",
            f"--extra-vars={json.dumps(variables)}",
            environment=self._environment,
            cwd=self.folder,
            fails=fails,
        )

    def docker_settings(self):
        return self.endpoint.boto3().describe_domain(DomainId=self.domain_id)["DomainSettings"]["DockerSettings"]

    def _inventory(self, name, groups):
        path = self.folder.parent / f"{name}.json"
        path.write_text(json.dumps({"all": {"children": groups}}))
        return path


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
