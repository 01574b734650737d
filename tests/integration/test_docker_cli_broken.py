# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role docker_cli where something is installed that does not work: it repairs that, or names the cause."""

from __future__ import annotations

import pytest

from tests.integration.docker_cli_apps import HOME, Apps, on_all
from tests.sandbox import images, world

pytestmark = [pytest.mark.xdist_group("docker_cli_broken"), pytest.mark.slow]

PLUGIN = f"{HOME}/.docker/cli-plugins/docker-compose"
SYSTEM_PLUGIN = "/usr/libexec/docker/cli-plugins/docker-compose"
STRAY = "mkdir -p ~/.docker/cli-plugins"
IN_HOME = {"docker_cli_scope": "home"}
# A program whose loader does not exist here, as one that was built for musl.
OTHER_LIBC = "sed s,/lib64/ld-linux,/lib64/no-linux,g /bin/ls > /tmp/ls && sudo cp /tmp/ls"
EXTRA = f"""echo '{{"cliPluginsExtraDirs": ["{HOME}/extra"]}}' > ~/.docker/config.json"""
DAMAGE = """
    file=~/.local/bin/docker
    printf X | dd of=$file conv=notrunc bs=1 seek=$(($(stat -c %s $file) - 1)) && $file --version"""
# By app: its variables, how its user breaks it, and whether packages have to be installed again.
BROKEN = {
    "no-docker": ({}, "sudo rm /usr/bin/docker", True),
    "truncated-docker": ({}, "sudo truncate --size 9 /usr/bin/docker", True),
    "empty-docker": ({}, "sudo truncate --size 0 /usr/bin/docker && sudo chmod +x /usr/bin/docker", True),
    "no-libexec": ({}, "sudo rm -r /usr/libexec/docker", True),
    "other-libc": ({}, f"{OTHER_LIBC} /usr/bin/docker", True),
    "other-libc-compose": ({}, f"{OTHER_LIBC} {SYSTEM_PLUGIN}", True),
    "directory": ({}, "sudo rm /usr/bin/docker && sudo mkdir /usr/bin/docker", True),
    "dangling": ({}, f"sudo ln -sf /nowhere /usr/bin/docker; sudo ln -sf /nowhere {SYSTEM_PLUGIN}", True),
    "podman-script": ({}, "printf '#!/bin/sh\\necho podman version 4.3.1\\n' | sudo tee /usr/bin/docker", True),
    "other-docker": (
        {},
        "printf '#!/bin/sh\\necho Docker version 29.1.0, build 0\\n' | sudo tee /usr/bin/docker",
        True,
    ),
    "silent-compose": ({}, f"printf '#!/bin/sh\\n' | sudo tee {SYSTEM_PLUGIN}", True),
    "not-found": ({}, f"{STRAY} && echo 'Not Found' > {PLUGIN} && chmod +x {PLUGIN}", False),
    "no-x-bit": ({}, f"{STRAY} && cp {SYSTEM_PLUGIN} {PLUGIN} && chmod -x {PLUGIN}", False),
    "extra-folder": ({}, f"mkdir -p ~/.docker && {EXTRA} && mkdir ~/extra && echo x > ~/extra/docker-compose", False),
    "home-corrupt": (IN_HOME, "printf X | dd of=$HOME/.local/bin/docker conv=notrunc", True),
    # It still runs: only its checksum differs. The end of the file is no code.
    "home-damaged": (IN_HOME, DAMAGE, True),
    "home-no-x-bit": (IN_HOME, f"chmod -x {PLUGIN}", True),
    "home-not-found": (IN_HOME, f"echo 'Not Found' > {PLUGIN}", True),
    "home-extra-folder": (IN_HOME, f"{EXTRA} && mkdir ~/extra && echo x > ~/extra/docker-compose", False),
}
WITH_CONDA = {
    # The user's own plugin is broken before anything is installed.
    "conda-not-found": ({}, f"{STRAY} && echo 'Not Found' > {PLUGIN} && chmod +x {PLUGIN}"),
    # conda's docker is broken: the package takes its place.
    # A download that failed, before conda's docker in PATH.
    "conda-stray": (
        {"ansible_docker_extra_env": {"PATH": f"{HOME}/.local/bin:/opt/conda/bin:/usr/bin:/bin"}},
        "mkdir -p ~/.local/bin && echo 'Not Found' > ~/.local/bin/docker && chmod +x ~/.local/bin/docker",
    ),
    "conda-broken": ({}, "sudo truncate --size 9 /opt/conda/bin/docker"),
}
REFUSED = {
    "tls": ({}, {"DOCKER_TLS_VERIFY": "1"}, ["Unset DOCKER_TLS_VERIFY", "ca.pem"]),
    "configuration": (IN_HOME, {"DOCKER_CONFIG": "/tmp/docker"}, ["DOCKER_CONFIG is /tmp/docker", "scope: system"]),  # noqa: S108
}


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "apps", "platforms"])
    apps = Apps(tmp_path_factory.mktemp("broken"))
    yield apps
    apps.remove()


def works(apps, name, path):
    script = f"PATH={path}:$PATH; docker --version; docker compose version"
    assert "Docker Compose version v2." in apps.shell(name, script), name


def test_what_does_not_work_is_repaired(apps):
    apps.create(*(name for name in BROKEN if not name.startswith("home")))
    apps.create(*(name for name in BROKEN if name.startswith("home")), programs={})
    apps.create(*WITH_CONDA, image=images.APP_DOCKER_27.tag)
    hosts = {name: variables for name, (variables, *_rest) in {**BROKEN, **WITH_CONDA}.items()}
    # With PATH, so that the home's docker is what the user gets.
    for name, variables in hosts.items():
        if variables == IN_HOME:
            hosts[name] = {**variables, "ansible_docker_extra_env": {"PATH": f"{HOME}/.local/bin:/usr/bin:/bin"}}
    first = apps.run({name: hosts[name] for name in BROKEN})
    assert {name: result["msg"] for name, result in first.items() if result.failed} == {}
    scripts = {name: script for name, (_variables, script, *_rest) in {**BROKEN, **WITH_CONDA}.items()}
    on_all(lambda name: apps.shell(name, scripts[name]), [*hosts])

    predicted = apps.run(hosts, "--check")
    repaired = apps.run(hosts)
    assert {name: result["msg"] for name, result in repaired.items() if result.failed} == {}
    assert [name for name in hosts if not repaired[name].changed] == []
    assert [name for name in hosts if predicted[name].packages != repaired[name].packages] == []
    for name, (_variables, _script, installs) in BROKEN.items():
        assert bool(repaired[name].packages) == installs, name
        works(apps, name, f"{HOME}/.local/bin" if name.startswith("home") else "/usr/bin")
    for name in WITH_CONDA:
        works(apps, name, "/opt/conda/bin")
    # The path that is reported is the one that the CLI uses.
    assert repaired["extra-folder"]["app"]["compose"]["path"] == SYSTEM_PLUGIN
    assert apps.shell("not-found", f"cat {PLUGIN}.replaced") == "Not Found"
    assert repaired["conda-stray"]["app"]["docker"]["path"] == "/opt/conda/bin/docker"
    assert "docker-ce-cli" not in repaired["conda-stray"].packages

    again = apps.run(hosts)
    assert [name for name, result in again.items() if result.changed or result.failed] == []
    absent = apps.run({"not-found": {}, "home-extra-folder": IN_HOME}, docker_cli_state="absent")
    assert [name for name, result in absent.items() if result.failed] == []
    assert apps.shell("not-found", f"cat {PLUGIN}") == "Not Found"
    assert apps.shell("home-extra-folder", "cat ~/extra/docker-compose; ls ~/.local/bin || true") == "x"


def test_what_cannot_be_repaired_fails_and_is_named(apps):
    for name, (_variables, environment, _words) in REFUSED.items():
        apps.create(name, environment=environment)
    apps.create("no-owner", programs={})
    apps.shell("no-owner", f"mkdir -p {HOME}/.docker/cli-plugins && sudo chown root {HOME}/.docker/cli-plugins")
    hosts = {name: variables for name, (variables, *_rest) in REFUSED.items()} | {"no-owner": IN_HOME}
    words = {name: words for name, (_variables, _environment, words) in REFUSED.items()}
    words["no-owner"] = [f"Cannot write to {HOME}/.docker/cli-plugins", "It belongs to root", "Permission denied"]
    for _time in ("first", "again"):
        results = apps.run(hosts)
        for name, expected in words.items():
            assert results[name].failed, name
            message = results[name]["msg"]
            assert [word for word in expected if word not in message] == [], (name, message)
