# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole look, at an app made of scripts in a folder and a fake engine."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import (
    cli_plugins,
    client_programs,
    environment,
    record,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import gather as studio
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import (
    Installed,
    Program,
    Record,
)

from tests.unit.fake_engine import VERSION, docker, fake_engine

CLI = """#!/bin/sh
case "$*" in
    --version) echo "Docker version {version}, build 0" ;;
    "compose version") [ -n "{compose}" ] && echo "Docker Compose version v{compose}" ;;
    "buildx version") echo "github.com/docker/buildx v0.10.2 0" ;;
    *) exit 9 ;;
esac
"""

METADATA = '{"SchemaVersion": "0.1.0", "Vendor": "Docker Inc.", "Version": "v2.29.2"}'


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, and an environment with nothing else."""
    monkeypatch.setattr(os, "environ", {"HOME": str(tmp_path), "PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
    monkeypatch.setattr(environment, "of_process_one", dict)
    monkeypatch.setattr(cli_plugins, "SYSTEM_PLUGINS", (f"{tmp_path}/system",))
    return tmp_path


@pytest.fixture
def install(home):
    def install_docker(version="27.5.1", compose="", folder="bin"):
        program = home / folder / "docker"
        program.parent.mkdir()
        program.write_text(CLI.format(version=version, compose=compose))
        program.chmod(0o755)
        return str(program)

    return install_docker


def add_plugin(home, name):
    plugin = home / ".docker" / "cli-plugins" / name
    plugin.parent.mkdir(parents=True, exist_ok=True)
    plugin.touch(mode=0o755)
    return str(plugin)


def test_docker_and_its_plugins(home, install):
    program = install(compose="2.29.2")
    plugins = [add_plugin(home, f"docker-{name}") for name in ("compose", "buildx")]
    found = studio.app_facts(None, 5)
    assert (found["docker"]["path"], found["docker"]["version"]) == (program, "27.5.1")
    assert found["docker"]["api"] == {"version": "1.47", "min_version": "1.24"}
    assert found["docker"]["all"][0] == {"path": program, "version": "27.5.1", "error": None}
    assert found["compose"] == {"path": plugins[0], "version": "2.29.2", "output": "Docker Compose version v2.29.2"}
    assert (found["buildx"]["path"], found["buildx"]["version"]) == (plugins[1], "0.10.2")


def test_programs_of_the_home_that_are_damaged(home, install):
    """They run, and only their checksums differ."""
    program, plugin = install(compose="2.29.2"), add_plugin(home, "docker-compose")
    recorded = {
        name: Installed("1", program=Program(path, Path(path).stat().st_size, "0" * 64))
        for name, path in (("docker-ce-cli", program), ("docker-compose-plugin", plugin))
    }
    record.in_home(home).parent.mkdir(parents=True)
    record.in_home(home).write_text(record.to_json(Record(recorded)))
    found = studio.app_facts(None, 5)
    assert found["docker"]["version"] == "27.5.1"
    assert found["docker"]["error"].startswith("it is damaged")
    assert [one["path"] for one in found["broken_programs"]] == [program, plugin]
    assert found["home_packages"] == {}


def test_a_user_without_a_home(monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    with pytest.raises(PackageError, match=r"The user with UID 4000000 has no home.* Set HOME"):
        studio.app_facts(None, 5)


def test_compose_where_only_the_cli_knows(install):
    install(compose="2.29.2")
    found = studio.app_facts(None, 5)
    assert (found["compose"]["path"], found["compose"]["version"]) == (None, "2.29.2")
    assert found["buildx"] is None


def test_no_compose(install):
    install()
    assert studio.app_facts(None, 5)["compose"] is None


def test_every_docker_on_path(home, install, monkeypatch):
    first, second = install("29.1.0", folder="a"), install("20.10.24", folder="b")
    monkeypatch.setitem(os.environ, "PATH", f"{home}/a:{home}/b")
    assert studio.app_facts(None, 5)["docker"]["all"] == [
        {"path": first, "version": "29.1.0", "error": None},
        {"path": second, "version": "20.10.24", "error": None},
    ]


def test_a_program_without_an_answer_is_not_taken_for_one_that_is_not_there(home, install, monkeypatch):
    monkeypatch.setattr(client_programs, "PROGRAM_TIMEOUT", 3)
    program = install(compose="2.29.2")
    (home / "bin/docker").write_text(CLI.format(version="27.5.1", compose="").replace("[ -n", "sleep 99; [ -n"))
    found = studio.app_facts(None, 5)
    assert (found["docker"]["version"], found["compose"]) == ("27.5.1", None)
    assert found["unresponsive_programs"] == [f"{program} compose version"]


def test_no_docker(home, monkeypatch):
    monkeypatch.setitem(os.environ, "PATH", str(home))
    found = studio.app_facts(None, 5)
    assert (found["docker"], found["compose"], found["buildx"]) == (None, None, None)


def test_a_session_without_the_app_s_environment(home, install, monkeypatch):
    program = install("27.5.1", folder="conda")
    address = f"unix://{home}/s"
    of_app = {"DOCKER_HOST": address, "DOCKER_BUILDKIT": "0", "PATH": f"{home}/conda"}
    monkeypatch.setattr(environment, "of_process_one", lambda: of_app)
    with fake_engine(home / "s", {"/v1.41/version": docker(VERSION)}):
        found = studio.app_facts(None, 5)
    assert (found["docker_host"], found["docker_host_source"]) == (address, "app process")
    assert (found["docker"]["path"], found["docker_buildkit"]) == (program, "0")
    assert (found["engine"]["version"], found["socket"]["is_socket"]) == ("20.10.24", True)


def test_no_docker_host(home):
    found = studio.app_facts(None, 5)
    assert (found["docker_host"], found["docker_host_source"], found["socket"]) == (None, None, None)
    assert found["engine"]["problem"] == "no_docker_host"


@pytest.mark.parametrize(("sudo_user", "become"), [(None, False), ("sagemaker-user", True)])
def test_become(home, monkeypatch, sudo_user, become):
    if sudo_user:
        monkeypatch.setitem(os.environ, "SUDO_USER", sudo_user)
    found = studio.app_facts(None, 5)
    assert (found["become"], found["sudo_user"]) == (become, sudo_user)


@pytest.mark.parametrize(
    ("script", "sudo"), [("exit 0", True), ('[ "$*" = "-n true" ]', True), ("exit 1", False), (None, False)]
)
def test_sudo_of_a_user_who_is_not_root(home, monkeypatch, script, sudo):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setitem(os.environ, "PATH", f"{home}")
    if script:
        (home / "sudo").write_text(f"#!/bin/sh\n{script}\n")
        (home / "sudo").chmod(0o755)
    assert studio.app_facts(None, 5)["sudo"] is sudo


def test_a_hanging_engine_hides_nothing_else(home, install):
    install(compose="2.29.2")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(home / "s"))
        silent.listen()
        started = time.monotonic()
        found = studio.app_facts(f"unix://{home}/s", 1)
    assert (found["engine"]["problem"], found["compose"]["version"]) == ("hanging", "2.29.2")
    assert time.monotonic() - started < 30


def test_why_compose_does_not_run(home, install):
    install(compose="")
    plugin = add_plugin(home, "docker-compose")
    (home / ".docker/cli-plugins/docker-compose").write_text("Not Found")
    (home / "system").mkdir()
    good = home / "system/docker-compose"
    good.write_text(f"#!/bin/sh\necho '{METADATA}'\n")
    good.chmod(0o755)
    found = studio.app_facts(None, 5)
    assert (found["compose"], found["compose_error"]) == (None, "it ended with exit code 1")
    files = [(one["path"], one["error"]) for one in found["compose_plugins"]]
    assert files == [(plugin, "it is not a program, it starts with 'Not Found'"), (str(good), None)]
    assert found["compose_plugins"][0]["owner"] == found["user"]["name"]


@pytest.mark.parametrize("prints", ["", "docker-compose version 1.29.2", "[]", '{"SchemaVersion": "0.1.0"}', "1"])
def test_a_program_in_the_place_of_the_plugin_is_none(home, install, prints):
    install(compose="")
    plugin = add_plugin(home, "docker-compose")
    (home / ".docker/cli-plugins/docker-compose").write_text(f"#!/bin/sh\necho '{prints}'\n")
    [found] = studio.app_facts(None, 5)["compose_plugins"]
    assert found["path"] == plugin
    assert found["error"] == "it is not a plugin of Docker's CLI: it prints no metadata of one"


def test_a_variable_that_keeps_compose_from_running(home, install, monkeypatch):
    program = install(compose="2.29.2")
    refuse = 'case "$DOCKER_TLS_VERIFY$2" in 1version) echo no certificate >&2; exit 1 ;; esac\n'
    (home / "bin/docker").write_text("#!/bin/sh\n" + refuse + CLI.format(version="27.5.1", compose="2.29.2"))
    monkeypatch.setattr(os, "environ", {**os.environ, "DOCKER_TLS_VERIFY": "1", "DOCKER_CONFIG": f"{home}/.docker"})
    found = studio.app_facts(None, 5)
    assert (found["docker"]["path"], found["docker"]["version"]) == (program, "27.5.1")
    assert (found["compose"], found["compose_error"]) == (None, "no certificate")
    assert found["blocking_variables"] == ["DOCKER_TLS_VERIFY"]


def test_folders_of_plugins_in_the_user_s_configuration(home, install, monkeypatch):
    install(compose="2.29.2")
    config = home / "elsewhere"
    (config / "cli-plugins").mkdir(parents=True)
    (home / "extra").mkdir()
    (config / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [f"{home}/extra"]}))
    monkeypatch.setattr(os, "environ", {**os.environ, "DOCKER_CONFIG": str(config)})
    for folder in ("extra", "elsewhere/cli-plugins"):
        (home / folder / "docker-compose").touch(mode=0o755)
    found = studio.app_facts(None, 5)
    assert found["docker_config"]["path"] == f"{config}/config.json"
    assert found["compose"]["path"] == f"{home}/extra/docker-compose"
    assert [one["path"] for one in found["compose_plugins"]][1:] == [f"{config}/cli-plugins/docker-compose"]
