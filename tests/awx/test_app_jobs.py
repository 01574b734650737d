# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs for packages and apps, in slices, against the sandbox's mirror and real apps."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.awx import configuration, survey_rules
from tests.awx.job import Controller
from tests.integration.docker_cli_apps import Apps
from tests.sandbox import app, inventory

pytestmark = pytest.mark.xdist_group("app_jobs")

INSTALL = "playbooks/install_docker_cli.yml"
NAMES = ("one", "two", "three")
SLICES = 2
# What the workflow's job for the domains has handed on.
PASSED = {
    "domain_docker_access_domain_ids": ["d-sandbox0000001"],
    "studio_apps_to_restart": {
        "d-sandbox0000001": [
            {
                "type": "JupyterLab",
                "name": "default",
                "owner_type": "space",
                "owner": "adas-space",
                "creation_time": "2026-11-01T00:00:00+00:00",
            }
        ]
    },
}


@pytest.fixture(scope="module")
def controller(project, collections, tmp_path_factory):
    return Controller(project, collections, tmp_path_factory.mktemp("jobs"))


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    apps = Apps(tmp_path_factory.mktemp("apps"))
    apps.create(*NAMES)
    yield apps
    apps.remove()


def slice_of(apps, number):
    """Return the inventory of a slice: every n-th host, with all groups and their variables."""
    group = apps.group()
    return {"studio_apps": {**group, "hosts": group["hosts"][number - 1 :: SLICES]}}


def in_slices(controller, apps, playbook, extra_vars):
    """Run a job in concurrent slices and return their jobs. For AWX, each is a job of a workflow."""
    workflow = {"awx_workflow_job_id": 5, "awx_workflow_job_name": "Studio local mode - install in apps"}

    def run(number):
        return controller.run(playbook, extra_vars | workflow, inventory=slice_of(apps, number))

    with ThreadPoolExecutor() as pool:
        return list(pool.map(run, range(1, SLICES + 1)))


def test_stage_packages_with_the_survey_defaults(controller, mirror, tmp_path):
    sandbox = inventory.environment(None)
    answers = survey_rules.answers(
        configuration.survey_of("stage packages"),
        {
            "docker_debs_dest": str(tmp_path / "debs"),
            "docker_debs_repository_url": f"{sandbox['SANDBOX_MIRROR_URL']}/linux",
            **mirror("docker_debs", sandbox["SANDBOX_CA"]),
        },
    )
    job = controller.run("playbooks/stage_docker_debs.yml", answers)
    assert (
        "launch the template 'Studio local mode - install in apps' with Package source: staged; "
        f"Staged folder to copy from: {tmp_path / 'debs'}"
    ) in job.output
    bundle = tmp_path / "debs/ubuntu-jammy-amd64"
    packages = {package["name"]: package for package in json.loads((bundle / "manifest.json").read_text())["packages"]}
    # The answer 20.10 arrives as the number 20.1.
    assert packages["docker-ce-cli"]["version"].startswith("5:20.10.")
    assert (bundle / packages["docker-ce-cli"]["file"]).exists()


def test_slices_install_and_check_their_apps(controller, mirror, apps):
    answers = survey_rules.answers(configuration.survey_of("install in apps"), mirror("docker_cli", app.CA_PATH))
    check = controller.run(INSTALL, answers | PASSED, inventory=slice_of(apps, 1), arguments="--check --diff --forks=5")
    assert set(check.changed) == set(slice_of(apps, 1)["studio_apps"]["hosts"])
    assert "docker-ce-cli: 5:20.10.24" in check.output
    assert "JupyterLab default of space adas-space" in check.output
    assert all(apps.shell(name, "command -v docker || true") == "" for name in NAMES)

    jobs = in_slices(controller, apps, INSTALL, answers)
    for number, job in enumerate(jobs, 1):
        hosts = set(slice_of(apps, number)["studio_apps"]["hosts"])
        # localhost only reports: it changes nothing. This job installs, and checks no app.
        assert job.hosts == hosts | {"localhost"}
        assert set(job.changed) == hosts
        outcomes = job.artifacts["studio_apps_by_outcome"]
        assert {outcome: set(apps) for outcome, apps in outcomes.items() if apps} == {"not_checked": hosts}
    assert all(
        apps.shell(name, "docker version --format '{{.Client.Version}}'").startswith("20.10.24") for name in NAMES
    )

    answers = survey_rules.answers(configuration.survey_of("check apps"), {"local_mode_check_min_free_gib": 0.1})
    for job in in_slices(controller, apps, "playbooks/check_local_mode.yml", answers):
        assert job.changed == {}
        assert "local mode works" in job.output


def test_a_failing_app_fails_only_its_slice(controller, apps):
    apps.shell("one", "sudo mv /usr/bin/docker /usr/bin/docker.away")
    job = controller.launch(
        "playbooks/check_local_mode.yml",
        survey_rules.answers(configuration.survey_of("check apps"), {}),
        inventory=slice_of(apps, 1),
    )
    assert job.status == "failed"
    name = apps.hosts["one"].name
    failed = job.events[-1]["event_data"]["failures"]
    assert set(failed) == {name}
    apps.shell("one", "sudo mv /usr/bin/docker.away /usr/bin/docker")
