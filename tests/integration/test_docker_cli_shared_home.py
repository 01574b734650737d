# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two installations at the same time: of two apps that share a home, and of two runs in one app."""

from __future__ import annotations

import os

import pytest

from tests.integration.docker_cli_apps import HOME, Apps, on_all
from tests.integration.lifecycle_scripts import render, run_at_start
from tests.sandbox import app, world

pytestmark = [pytest.mark.xdist_group("docker_cli_shared_home"), pytest.mark.slow]

IN_HOME = {"docker_cli_scope": "home"}


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "apps"])
    apps = Apps(tmp_path_factory.mktemp("shared"))
    yield apps
    apps.remove()


@pytest.fixture
def shared_home(tmp_path):
    """A home of two apps, as Studio Classic has it on EFS."""
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, app.UID, app.GID)
    return home


def verify(apps, name):
    assert "v2." in apps.shell(name, "PATH=~/.local/bin:$PATH docker compose version"), name
    assert apps.shell(name, f"find {HOME} -name '*.part*' -o -name '.incoming*'") == "", name


def test_two_runs_of_the_role(apps, shared_home):
    apps.create("shared-a", "shared-b", besides={shared_home: HOME}, programs={})
    apps.create("twice", programs={})
    apps.create("twice-system")
    hosts = {"shared-a": IN_HOME, "shared-b": IN_HOME, "twice": IN_HOME, "twice-system": {}}
    second = apps.start({"twice": IN_HOME, "twice-system": {}})
    first = apps.run(hosts)
    for results in (first, apps.finish(second)):
        assert {name: result["msg"] for name, result in results.items() if result.failed} == {}
    for name in ("shared-a", "shared-b", "twice"):
        verify(apps, name)
    assert apps.shell("twice-system", "docker compose version; dpkg --audit").startswith("Docker Compose version v2.")
    again = apps.run(hosts)
    assert [name for name, result in again.items() if result.changed or result.failed] == []


def test_two_apps_that_start(apps, shared_home, tmp_path):
    targets = [{"distribution": "ubuntu", "codename": "jammy"}]
    script = render(tmp_path, {"script": {"lifecycle_config_targets": targets}})["script"]
    names = ["start-a", "start-b"]
    apps.create(*names, besides={shared_home: HOME}, programs={})
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:app/d-abcdefghijkl/space"
    for name, kind in zip(names, ("JupyterLab", "CodeEditor"), strict=True):
        metadata = f'{{"AppType": "{kind}", "ResourceArn": "{arn}/{kind}/default"}}'
        apps.shell(name, f"echo '{metadata}' > /opt/ml/metadata/resource-metadata.json", user="root")
    outputs = {}
    on_all(lambda name: outputs.update({name: run_at_start(apps.hosts[name], script)}), names)
    assert {name: output for name, output in outputs.items() if "Done: " not in output} == {}
    # One has installed both programs, the other has found them.
    assert sum(output.count("Install docker") for output in outputs.values()) == 2
    facts = apps.facts({name: {} for name in names})
    for name in names:
        verify(apps, name)
        state = facts[name]["lifecycle_config"]
        assert (state["status"], state["since_app_start"]) == ("done", True), name
        assert outputs[name].strip() in apps.shell(name, f"cat {state['log']}"), name
    assert len({facts[name]["lifecycle_config"]["log"] for name in names}) == 2
