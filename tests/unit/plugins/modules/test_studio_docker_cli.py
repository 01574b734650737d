# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the facts of an app to the verified result, with given facts and a scope that records its calls."""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import create, problems
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import staged as staged_bundle
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import (
    Manifest,
    Package,
    to_json,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import install
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.package_index import (
    AvailablePackage,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.signed_index import SignedIndex
from ansible_collections.mlops.studio_local_mode.plugins.modules import studio_docker_cli

from tests.unit.studio_app import (
    CONDA,
    OWN_PLUGIN,
    SYSTEM,
    compose,
    docker,
    operating_system,
    plugin_file,
    studio_app,
)

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
VERSIONS = {CLI: "5:20.10.24~3-0~ubuntu-jammy", COMPOSE: "2.29.2-1~ubuntu.22.04~jammy"}
NOTHING = {"docker": None, "compose": None, "installed_packages": {}}
DONE = {"docker": docker((SYSTEM, "20.10.24")), "compose": compose("2.29.2"), "installed_packages": VERSIONS}
SHA256_OF_X = hashlib.sha256(b"x").hexdigest()
UNRESPONSIVE = {"unresponsive_programs": [f"{SYSTEM} --version"]}


class FakeScope:
    """Records the installations."""

    def __init__(self):
        self.installed = []
        self.left = {}

    def __call__(self, *_arguments):
        return self

    def install(self, debs, packages, shadowing):
        self.installed.append((sorted(str(deb.path) for deb in debs.values()), sorted(packages), shadowing))

    def unfinished(self):
        return self.left

    def remove(self):
        return []

    def remove_link(self, programs):
        return programs

    def may_move(self, path):
        return path.startswith("/home/")


@pytest.fixture
def scope(monkeypatch):
    scope = FakeScope()
    monkeypatch.setattr(install, "SystemScope", scope)
    monkeypatch.setattr(install, "HomeScope", scope)
    monkeypatch.setattr(install, "exclusive", lambda *_arguments: nullcontext(False))
    return scope


@pytest.fixture
def run(scope, monkeypatch, capsys):
    """Run the module with the given facts, one dictionary for each time that it gathers them."""

    def run(*facts, **options):
        gathered = iter([studio_app(**changes) for changes in facts])
        monkeypatch.setattr(install, "app_facts", lambda *_arguments: next(gathered))
        with patch_module_args(options), pytest.raises(SystemExit):
            studio_docker_cli.main()
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def staged(monkeypatch):
    requests = []

    def stage(_module, params):
        requests.append(params)
        packages = [{"name": n, "version": VERSIONS[n], "file": f"{n}.deb", "sha256": "0"} for n in params["packages"]]
        return {"changed": True, "bundle": {"path": "/b", "packages": packages}}

    monkeypatch.setattr(create, "create_bundle", stage)
    return requests


def test_missing_packages_are_installed_and_the_result_is_verified(run, scope, staged):
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


def test_facts_are_gathered_once_if_nothing_is_missing(run, scope):
    result = run(DONE)
    assert (result["changed"], result["packages"], scope.installed) == (False, [], [])


def test_check_mode_installs_nothing_and_predicts_the_same(run, scope, staged):
    predicted = run(NOTHING, _ansible_check_mode=True)
    assert scope.installed == []
    done = run(NOTHING, DONE)
    assert {**predicted, "app": None, "invocation": None} == {**done, "app": None, "invocation": None}


def test_a_shadowing_program_is_moved_aside(run, scope, staged):
    shadowed = {**DONE, "docker": docker((CONDA, "27.5.1"), (SYSTEM, "20.10.24"))}
    result = run(shadowed, DONE, keep_existing=False)
    assert scope.installed == [([], [], [CONDA])]
    assert result["diff"]["after"] == {CONDA: f"moved to {CONDA}.replaced"}


def test_a_stray_plugin_of_the_home_is_moved_by_the_user(run, scope, staged):
    files = [plugin_file(OWN_PLUGIN, "Exec format error"), plugin_file()]
    result = run({**DONE, "compose": None, "compose_plugins": files}, DONE)
    assert scope.installed == [([], [], []), ([], [], [OWN_PLUGIN])]
    assert result["diff"]["after"] == {OWN_PLUGIN: f"moved to {OWN_PLUGIN}.replaced"}


def test_after_waiting_for_another_installation_the_facts_are_gathered_again(run, scope, staged, monkeypatch):
    monkeypatch.setattr(install, "exclusive", lambda *_arguments: nullcontext(True))
    result = run(NOTHING, DONE, DONE)
    assert (result["changed"], scope.installed) == (False, [])


def test_what_does_not_work_although_nothing_is_missing_fails(run, scope):
    result = run({**DONE, "compose": None, "compose_error": "odd", "compose_plugins": [plugin_file()]})
    assert "'docker compose version' fails: odd" in result["msg"]
    assert scope.installed == []


@pytest.mark.parametrize("options", [{}, {"state": "absent"}])
def test_become_is_refused(run, scope, options):
    root = {"become": True, "user": {"name": "root", "uid": 0, "gid": 0}}
    assert "Set become: false" in run({**NOTHING, **root}, **options)["msg"]
    assert scope.installed == []


def test_an_interrupted_package_is_installed_again(run, scope, staged, monkeypatch):
    scope.left = {COMPOSE: VERSIONS[COMPOSE]}
    run({**DONE, "installed_packages": {CLI: VERSIONS[CLI]}}, DONE)
    assert scope.installed == [([f"/b/{COMPOSE}.deb"], [COMPOSE], [])]


def test_a_result_that_is_not_the_requested_one_fails(run, staged):
    result = run(NOTHING, {**DONE, "docker": docker((CONDA, "29.1.0"), (SYSTEM, "20.10.24"))})
    assert result["failed"] is True
    assert "x" in result["msg"]
    assert CONDA in result["msg"]


@pytest.mark.parametrize(
    ("facts", "words", "installations"),
    [
        ([{**NOTHING, **UNRESPONSIVE}], "are not known", 0),
        ([NOTHING, {**DONE, **UNRESPONSIVE}], "The packages are installed.", 1),
    ],
)
def test_an_unresponsive_program_is_not_a_missing_one(run, scope, staged, facts, words, installations):
    message = run(*facts)["msg"]
    assert f"'{SYSTEM} --version' gave no output within 30 s" in message
    assert words in message
    assert len(scope.installed) == installations


def test_a_refusal_comes_before_everything(run, scope, staged):
    result = run({**NOTHING, "os": operating_system("buster")})
    assert "debian buster" in result["msg"]
    assert (scope.installed, staged) == ([], [])


def test_a_failed_installation(run, scope, staged, monkeypatch):
    def fail(*_arguments):
        raise PackageError("apt-get failed: E: no")

    monkeypatch.setattr(scope, "install", fail)
    assert run(NOTHING)["msg"] == "apt-get failed: E: no"


@pytest.fixture
def manifest():
    """The content of the manifest of a bundle for jammy on the controller."""
    packages = tuple(Package(name, version, f"{name}.deb", 1, SHA256_OF_X) for name, version in VERSIONS.items())
    pin = studio_docker_cli.DOCKER_FINGERPRINT
    return json.loads(to_json(Manifest(Target("ubuntu", "jammy", "amd64"), "https://x", pin, packages)))


@pytest.fixture
def copy(manifest, tmp_path):
    """The options of a bundle that the action plugin copies."""
    bundles = {"ubuntu-jammy-amd64": manifest}
    return {"source": "staged", "path": str(tmp_path / "debs"), "copy_from": "/srv/debs", "bundles": bundles}


def test_check_mode_predicts_from_the_manifest_on_the_controller(run, copy, manifest, tmp_path):
    assert {p["name"]: p["version"] for p in run(NOTHING, **copy, _ansible_check_mode=True)["packages"]} == VERSIONS
    assert not (tmp_path / "debs").exists()
    copy["bundles"] = {".": {**manifest, "codename": "noble"}}
    assert "its codename is noble, not jammy" in run(NOTHING, **copy, _ansible_check_mode=True)["msg"]


@pytest.fixture
def signed(manifest, monkeypatch):
    """Take the files of the manifest for packages that a signed index lists."""
    packages = [
        AvailablePackage(one["name"], one["version"], one["file"], one["sha256"], one["size"])
        for one in manifest["packages"]
    ]
    monkeypatch.setattr(problems, "deb_problem", lambda *_arguments: "")
    monkeypatch.setattr(staged_bundle.signed_index, "verify", lambda *_arguments: SignedIndex(packages, {}, 0))


@pytest.mark.usefixtures("signed")
def test_the_copy_of_a_bundle(run, copy, manifest, scope, tmp_path):
    needed = run(NOTHING, **copy)["bundle_needed"]
    assert (needed["bundle"], needed["packages"]) == ("ubuntu-jammy-amd64", [f"{CLI}.deb", f"{COMPOSE}.deb"])
    incoming = Path(needed["dest"])
    assert (incoming.parent, scope.installed) == (tmp_path / "debs", [])
    for name in needed["packages"]:
        (incoming / name).write_text("x")
    (incoming / "manifest.json").write_text(json.dumps(manifest))
    assert run(NOTHING, DONE, **copy, copied_to=str(incoming))["changed"] is True
    assert not incoming.exists()
    [(files, _names, _shadowing)] = scope.installed
    assert files == [f"{tmp_path}/debs/{CLI}.deb", f"{tmp_path}/debs/{COMPOSE}.deb"]
    # What is there is not copied again.
    assert run(NOTHING, DONE, **copy)["changed"] is True
    (tmp_path / "debs" / f"{CLI}.deb").write_text("y")
    assert run(NOTHING, **copy)["bundle_needed"]["packages"] == [f"{CLI}.deb"]


def test_no_copy_where_nothing_is_missing(run, copy, tmp_path):
    assert run(DONE, **copy)["changed"] is False
    assert not (tmp_path / "debs").exists()


def test_an_app_without_a_bundle_on_the_controller(run, copy):
    message = run(NOTHING, **{**copy, "bundles": {}})["msg"]
    assert "/srv/debs on the controller has no bundle for ubuntu-jammy-amd64" in message


def test_staged_from_nowhere(run):
    assert "set docker_cli_staged_path" in run(NOTHING, source="staged")["msg"]


@pytest.mark.parametrize("options", [{"version": "20.1"}, {"compose_version": "latest"}])
def test_options_that_are_not_versions(run, options):
    assert "Put it in quotes" in run(NOTHING, **options)["msg"]


def test_documented_defaults_are_the_real_ones():
    options = yaml.safe_load(studio_docker_cli.DOCUMENTATION)["options"]
    assert options["key_fingerprint"]["default"] == studio_docker_cli.DOCKER_FINGERPRINT
    assert options["repository_url"]["default"] == studio_docker_cli.DOCKER_URL
