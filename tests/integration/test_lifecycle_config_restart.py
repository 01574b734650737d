# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lifecycle script leaves in the home for the app's next start, and its start in a derivative of Ubuntu."""

from __future__ import annotations

import pytest

from tests.integration.docker_cli_apps import HOME, Apps
from tests.integration.lifecycle_scripts import copy_home, render, run_at_start
from tests.sandbox import world

pytestmark = [pytest.mark.xdist_group("lifecycle_config_restart"), pytest.mark.slow]

OWN = f"{HOME}/.docker/cli-plugins/docker-compose"
OWN_PROGRAM = f"mkdir -p $(dirname {OWN}) && printf '#!/bin/sh\\nexit 1\\n' > {OWN} && chmod +x {OWN}"
MINT = """printf 'ID=linuxmint\\nVERSION_CODENAME=vanessa\\nUBUNTU_CODENAME=jammy\\n' > /etc/os-release"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    world.up(["mirror", "apps"])
    common = {"lifecycle_config_targets": [{"distribution": "ubuntu", "codename": "jammy"}]}
    return render(
        tmp_path_factory.mktemp("scripts"),
        {"home": common, "system": {**common, "lifecycle_config_scope": "system"}},
    )


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    apps = Apps(tmp_path_factory.mktemp("restart"))
    yield apps
    apps.remove()


def test_a_program_that_was_moved_aside_in_the_home_comes_back_after_a_restart(apps, scripts):
    scopes = {"own": "system", "own-home": "home"}
    for name, scope in scopes.items():
        apps.create(name, programs={} if scope == "home" else None)
        apps.shell(name, OWN_PROGRAM)
        assert f"Move {OWN} to {OWN}.replaced" in run_at_start(apps.hosts[name], scripts[scope])
        apps.create(f"{name}-again", programs={} if scope == "home" else None)
        copy_home(apps.hosts[name], apps.hosts[f"{name}-again"])
        assert "Done: " in run_at_start(apps.hosts[f"{name}-again"], scripts[scope])
    hosts = {f"{name}-again": {"docker_cli_scope": scope} for name, scope in scopes.items()}
    away = apps.run(hosts, docker_cli_state="absent")
    assert {name: result["msg"] for name, result in away.items() if result.failed} == {}
    for name in hosts:
        assert OWN in away[name]["removed"], name
        assert apps.shell(name, f"cat {OWN}; ls -A {OWN}.* ~/.local/share/* 2> /dev/null || true").endswith("exit 1")


def test_a_derivative_gets_the_packages_of_the_release_that_it_is_built_on(apps, scripts):
    apps.create("mint", programs={})
    apps.create("mint-role")
    for name in ("mint", "mint-role"):
        apps.shell(name, MINT, user="root")
    assert "Install docker-ce-cli 5:20.10.24~3-0~ubuntu-jammy" in run_at_start(apps.hosts["mint"], scripts["home"])
    results = apps.run({"mint": {"docker_cli_scope": "home"}, "mint-role": {}})
    assert {name: result["msg"] for name, result in results.items() if result.failed} == {}
    assert results["mint"].packages == {}
    assert results["mint-role"].packages["docker-ce-cli"] == "5:20.10.24~3-0~ubuntu-jammy"
