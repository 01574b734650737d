# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""check_local_mode.yml on AWS prerequisites and in the apps: one table of both, and no pass where either fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.integration.prerequisites_world import LOGIN, Vpc, image, role
from tests.sandbox import containers, images, inventory, layout, world

pytestmark = pytest.mark.xdist_group("check_both_sides")

ACCESS = {"EnableDockerAccess": "ENABLED"}


@pytest.fixture
def check(endpoint, tmp_path):
    """Run the playbook with these variables, on an inventory without apps or on one app; returns code and output."""

    def run(apps=None, environment=None, **variables):
        path = tmp_path / "inventory.yml"
        path.write_text(yaml.safe_dump(apps or {}))
        program = Path(sys.executable).with_name("ansible-playbook")
        extra = f"--extra-vars={json.dumps(variables)}"
        done = subprocess.run(
            [program, f"--inventory={path}", "playbooks/check_local_mode.yml", extra],
            cwd=layout.ROOT,
            env={
                **os.environ,
                **inventory.environment(None),
                **endpoint.environment(),
                **(environment or {}),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, done.stdout

    return run


def summary(output):
    """The lines of the report, without spaces beyond the first."""
    text = re.split(r"\n(?:ok|fatal): \[", output[output.index("TASK [Summary]") :])[0]
    return [" ".join(line.split()) for line in text.splitlines()[1:] if line]


def domain_with_prerequisites(endpoint):
    """Create a domain that lacks nothing, and return its ID."""
    vpc = Vpc(endpoint)
    vpc.nat_gateway()
    settings = {"ExecutionRole": role(endpoint, "studio", LOGIN), "SecurityGroups": [vpc.apps]}
    return endpoint.domain("research", ACCESS, DefaultUserSettings=settings, **vpc.domain_members())


def test_without_apps_a_domain_with_its_prerequisites_passes(endpoint, check):
    domain_with_prerequisites(endpoint)
    code, output = check(local_mode_check_domains="research")
    assert code == 0, output
    assert summary(output)[0] == "1 domain: 1 ready"
    assert re.search(r"\u2714 research \(d-\w+\): \d+ ok, 3 skipped", output)


def test_without_apps_a_domain_without_prerequisites_fails_the_run(endpoint, check):
    endpoint.domain("research")
    wrong = {"local_mode_check_domains": ["research"], "local_mode_check_images": ["python:3", image("tools")]}
    code, output = check(**wrong, local_mode_check_internet_install=True)
    assert code != 0
    table = summary(output)
    assert "FAILED docker_access: off" in table
    assert "FAILED image_source: python:3 is of docker.io" in table
    verdict = output[output.index("TASK [Summary]") :]
    assert "Failed: docker_access, security_groups, ecr_login, image_source" in verdict


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "domains: no domain has the ID or the name 'nobody'"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "HOME": "/nonexistent"}, "No AWS region"),
    ],
)
def test_requested_domains_that_cannot_be_checked_fail_the_run(check, environment, says):
    code, output = check(environment=environment, local_mode_check_domains=["nobody"])
    assert code != 0
    assert any(f"AWS prerequisites were not checked: {says}" in line for line in summary(output))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("action", "checks"),
    [
        ("sagemaker:DescribeDomain", "domain"),
        ("iam:SimulatePrincipalPolicy", "ecr_login"),
        ("ec2:DescribeRouteTables", "ecr_api_route"),
    ],
)
def test_a_requested_check_that_could_not_be_made_fails_the_run(endpoint, check, action, checks):
    domain_id = domain_with_prerequisites(endpoint)
    endpoint.controls(denied_actions={action: "*"})
    code, output = check(local_mode_check_domains=[domain_id])
    assert code != 0
    assert f"Could not be checked: {checks}." in output[output.index("TASK [Summary]") :]


def test_a_group_without_apps_is_said_and_calls_nothing(endpoint, check):
    """An inventory of spaces has the group even if no app runs."""
    code, output = check({"studio_apps": {}})
    assert code == 0, output
    assert summary(output)[0].startswith("No app in this run: the inventory's group studio_apps is empty, ")
    assert endpoint.calls() == []


@pytest.fixture(scope="module")
def app_without_docker():
    """A real app as one is whose domain has no Docker access; returns its host's name."""
    world.up(["apps"])
    name = f"no-access-{os.getpid()}"
    container = containers.replace(name, images.APP.tag, "", environment={"DOCKER_HOST": ""})
    yield name
    container.remove(force=True, v=True)


def apps(name):
    group = inventory.inventory()["studio_apps"]
    return {"studio_apps": {**group, "hosts": {name: None}}}


def move(name, domain_id):
    """Make the app one of that domain."""
    metadata = "/opt/ml/metadata/resource-metadata.json"
    script = f"sed -i 's/d-sandbox0000001/{domain_id}/' {metadata}"
    engine = containers.engine.client()
    assert engine.containers.get(name).exec_run(["sh", "-c", script], user="root").exit_code == 0


def test_an_app_without_docker_is_reported_with_its_domain(endpoint, check, app_without_docker):
    domain_id = domain_with_prerequisites(endpoint)
    move(app_without_docker, domain_id)
    # Nobody named the domain: the app does. First without anyone who may ask AWS, then with.
    alone = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": "/nonexistent"}
    code, output = check(apps(app_without_docker), alone)
    assert code != 0
    lines = summary(output)
    assert any(line.startswith("AWS prerequisites were not checked: ") for line in lines)
    assert f"{domain_id}: No usable AWS credentials" in " ".join(lines)
    assert "FAILED docker_host: not set" in lines
    code, output = check(apps(app_without_docker))
    assert code != 0
    table = summary(output)
    [domain] = [line for line in table if line.startswith(f"\u2714 research ({domain_id}): ")]
    app = table.index(f"\u2718 app {app_without_docker} in research ({domain_id})")
    assert table.index(domain) < app < table.index("FAILED docker_host: not set")
