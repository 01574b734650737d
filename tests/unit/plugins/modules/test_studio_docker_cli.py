# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the plan to the proof, in an app that is told and a scope that keeps what it gets."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import create
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import (
    Manifest,
    Package,
    to_json,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import install
from ansible_collections.mlops.studio_local_mode.plugins.modules import studio_docker_cli

from tests.unit.studio_app import CONDA, SYSTEM, compose, docker, operating_system, studio_app

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
VERSIONS = {CLI: "5:20.10.24~3-0~ubuntu-jammy", COMPOSE: "2.29.2-1~ubuntu.22.04~jammy"}
NOTHING = {"docker": None, "compose": None, "installed_packages": {}}
DONE = {"docker": docker((SYSTEM, "20.10.24")), "compose": compose("2.29.2"), "installed_packages": VERSIONS}
SILENT = {"unresponsive_programs": [f"{SYSTEM} --version"]}


class FakeScope:
    """Keeps what it is told to install."""

    def __init__(self):
        self.installed = []

    def __call__(self, *_arguments):
        return self

    def install(self, files, packages, hiding):
        self.installed.append((sorted(map(str, files.values())), sorted(packages), hiding))


@pytest.fixture
def scope(monkeypatch):
    scope = FakeScope()
    monkeypatch.setattr(install, "SystemScope", scope)
    monkeypatch.setattr(install, "HomeScope", scope)
    monkeypatch.setattr(install, "unfinished", dict)
    return scope


@pytest.fixture
def run(scope, monkeypatch, capsys):
    """Run the module in apps that look as the dictionaries say, one look after the other."""

    def run(*looks, **options):
        seen = iter([studio_app(**changes) for changes in looks])
        monkeypatch.setattr(install, "app_facts", lambda *_arguments: next(seen))
        with patch_module_args(options), pytest.raises(SystemExit):
            studio_docker_cli.main()
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def staged(monkeypatch):
    asked = []

    def stage(_module, params):
        asked.append(params)
        packages = [{"name": n, "version": VERSIONS[n], "file": f"{n}.deb", "sha256": "0"} for n in params["packages"]]
        return {"changed": True, "bundle": {"path": "/b", "packages": packages}}

    monkeypatch.setattr(create, "create_bundle", stage)
    return asked


def test_installs_what_is_missing_and_looks_again(run, scope, staged):
    result = run(NOTHING, DONE)
    assert scope.installed == [([f"/b/{CLI}.deb", f"/b/{COMPOSE}.deb"], [CLI, COMPOSE], [])]
    assert result["changed"] is True
    assert result["packages"] == [{"name": n, "version": v, "before": None} for n, v in VERSIONS.items()]
    assert result["app"]["docker"]["path"] == SYSTEM
    assert result["diff"]["after"] == VERSIONS
    assert {name: staged[0][name] for name in ("distribution", "codename", "architecture")} == {
        "distribution": "ubuntu",
        "codename": "jammy",
        "architecture": "amd64",
    }


def test_nothing_to_do_is_one_look(run, scope):
    result = run(DONE)
    assert (result["changed"], result["packages"], scope.installed) == (False, [], [])


def test_check_mode_installs_nothing_and_predicts_the_same(run, scope, staged):
    predicted = run(NOTHING, _ansible_check_mode=True)
    assert scope.installed == []
    done = run(NOTHING, DONE)
    assert {**predicted, "app": None, "invocation": None} == {**done, "app": None, "invocation": None}


def test_what_hides_it_is_moved(run, scope, staged):
    hidden = {**DONE, "docker": docker((CONDA, "27.5.1"), (SYSTEM, "20.10.24"))}
    result = run(hidden, DONE, keep_existing=False)
    assert scope.installed == [([], [], [CONDA])]
    assert result["diff"]["after"] == {CONDA: f"moved to {CONDA}.replaced"}


def test_what_was_interrupted_is_installed_again(run, scope, staged, monkeypatch):
    monkeypatch.setattr(install, "unfinished", lambda: {COMPOSE: VERSIONS[COMPOSE]})
    run({**DONE, "installed_packages": {CLI: VERSIONS[CLI]}}, DONE)
    assert scope.installed == [([f"/b/{COMPOSE}.deb"], [COMPOSE], [])]


def test_a_user_who_does_not_get_it_is_told(run, staged):
    result = run(NOTHING, {**DONE, "docker": docker((CONDA, "29.1.0"), (SYSTEM, "20.10.24"))})
    assert result["failed"] is True
    assert "the user does not get what was asked for" in result["msg"]
    assert CONDA in result["msg"]


@pytest.mark.parametrize(
    ("looks", "told", "installations"),
    [
        ([{**NOTHING, **SILENT}], "What the user has is not known", 0),
        ([NOTHING, {**DONE, **SILENT}], "The packages are installed.", 1),
    ],
)
def test_nothing_is_concluded_from_a_program_without_an_answer(run, scope, staged, looks, told, installations):
    message = run(*looks)["msg"]
    assert f"'{SYSTEM} --version' gave no answer within 30 s" in message
    assert told in message
    assert len(scope.installed) == installations


def test_a_refusal_comes_before_everything(run, scope, staged):
    result = run({**NOTHING, "os": operating_system("buster")})
    assert "debian buster" in result["msg"]
    assert (scope.installed, staged) == ([], [])


def test_a_failed_installation_is_told(run, scope, staged, monkeypatch):
    def fail(*_arguments):
        raise PackageError("apt-get failed: E: no")

    monkeypatch.setattr(scope, "install", fail)
    assert run(NOTHING)["msg"] == "apt-get failed: E: no"


def test_check_mode_predicts_from_the_manifest_of_what_is_being_carried(run, tmp_path):
    packages = tuple(Package(name, version, f"{name}.deb", 1, "0" * 64) for name, version in VERSIONS.items())
    pin = studio_docker_cli.DOCKER_FINGERPRINT
    manifest = json.loads(to_json(Manifest(Target("ubuntu", "jammy", "amd64"), "https://x", pin, packages)))
    options = {"source": "staged", "path": str(tmp_path / "none"), "_ansible_check_mode": True}
    assert {p["name"]: p["version"] for p in run(NOTHING, manifest=manifest, **options)["packages"]} == VERSIONS
    message = run(NOTHING, manifest={**manifest, "codename": "noble"}, **options)["msg"]
    assert "its codename is noble, not jammy" in message
    assert "has no bundle" in run(NOTHING, **options)["msg"]


@pytest.mark.parametrize("options", [{"version": "20.1"}, {"compose_version": "latest"}])
def test_what_is_no_version(run, options):
    assert "Put it in quotes" in run(NOTHING, **options)["msg"]


def test_documented_defaults_are_the_real_ones():
    options = yaml.safe_load(studio_docker_cli.DOCUMENTATION)["options"]
    assert options["key_fingerprint"]["default"] == studio_docker_cli.DOCKER_FINGERPRINT
    assert options["repository_url"]["default"] == studio_docker_cli.DOCKER_URL
