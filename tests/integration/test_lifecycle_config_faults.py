# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app starts whatever fails in the lifecycle script, and the log and the check report the cause."""

from __future__ import annotations

import re

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.lifecycle_config import (
    lifecycle_config,
)

from tests.integration.docker_cli_apps import HOME, Apps, on_all
from tests.integration.lifecycle_scripts import render, run_at_start
from tests.sandbox import world

pytestmark = pytest.mark.xdist_group("lifecycle_config_faults")

# Accepts connections to TLS, and never says a word.
SILENT = """
import socket
listener = socket.create_server(("", 443))
kept = []
open("/tmp/listening", "w").close()
while True:
    kept.append(listener.accept())
"""
TMPFS = "uid=1000,gid=100,exec"
# By app: the script, the engine's options for it, what root does first, and what log and check say of it.
FAULTS = {
    "offline": ("home", {"network": "none"}, "", "Cannot download https://download.docker.com/"),
    "hanging": ("home", {}, "", "it exceeded the 6 s"),
    "altered": ("altered", {}, "", "does not have the checksum in this lifecycle configuration"),
    "small-home": ("home", {"tmpfs": {HOME: f"size=1m,{TMPFS}"}}, "", "into the home: tar: "),
    # Neither log nor state can be written there.
    "full-home": ("home", {"tmpfs": {HOME: f"size=1m,{TMPFS}"}}, f"cat /dev/zero > {HOME}/full", "No space left"),
    "read-only-home": ("home", {"tmpfs": {HOME: f"ro,{TMPFS}"}}, "", "Read-only file system"),
    "read-only-system": (
        "system",
        {"read_only": True, "tmpfs": {"/tmp": "", HOME: TMPFS}},  # noqa: S108
        "",
        "Read-only file system",
    ),
    "no-sudo": ("system", {}, "rm /etc/sudoers.d/*", "Cannot install docker-ce-cli in the system: sudo: "),
    "no-sudo-home": ("home", {}, "rm /etc/sudoers.d/*", f"PATH does not contain {HOME}/.local/bin/docker"),
    "unknown": ("home", {}, "sed -i s/jammy/warty/ /etc/os-release", "has no docker-ce-cli for ubuntu-warty-amd64"),
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    world.up(["mirror", "app"])
    common = {"lifecycle_config_targets": [{"distribution": "ubuntu", "codename": "jammy"}]}
    scripts = render(
        tmp_path_factory.mktemp("scripts"),
        {"home": common, "system": {**common, "lifecycle_config_scope": "system"}},
    )
    # As if the mirror had another file than the one its index vouched for.
    altered = re.sub(r"sha256=[0-9a-f]{64}", f"sha256={'0' * 64}", scripts["home"])
    return {**scripts, "altered": altered}


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    apps = Apps(tmp_path_factory.mktemp("faults"))
    yield apps
    apps.remove()


def address(container):
    container.reload()
    return container.attrs["NetworkSettings"]["Networks"]["sagemaker"]["IPAddress"]


def test_the_app_starts_whatever_is_wrong(apps, scripts):
    apps.create("silent")
    apps.in_background("silent", SILENT)
    apps.shell("silent", "until [ -e /tmp/listening ]; do sleep 0.1; done")
    silent = {"extra_hosts": {"download.docker.com": address(apps.hosts["silent"])}}

    def start(name):
        script, options, preparation, words = FAULTS[name]
        programs = None if "read-only" in name else {}
        apps.create(name, programs=programs, **(silent if name == "hanging" else options))
        if preparation:
            apps.hosts[name].exec_run(["sh", "-c", preparation], user="root")
        # The script's own deadline, which a busy machine may reach in the other cases: there it is the role's default.
        text = scripts[script].replace("seconds=120", "seconds=6") if name == "hanging" else scripts[script]
        output = run_at_start(apps.hosts[name], text)
        assert "FAILED: " in output
        assert words in output, (name, output)

    on_all(start, list(FAULTS))
    found = apps.facts({name: {} for name in FAULTS})
    for name, (_script, _options, _preparation, words) in FAULTS.items():
        finding = lifecycle_config(found[name])
        assert (name, finding.status) == (name, "warning")
        assert words in finding.reason, (name, finding)
        log = finding.remediation.partition("Its log: ")[2]
        assert words in apps.shell(name, f"cat {log}"), name
        assert apps.shell(name, f"find {HOME} -name '*.part'") == "", name
    # What could be done was done.
    assert "v2." in apps.shell("no-sudo-home", "~/.local/bin/docker compose version")
    assert "~/.bashrc" in lifecycle_config(found["no-sudo-home"]).remediation
    assert "No space left: du -xh" in lifecycle_config(found["small-home"]).remediation
    assert apps.shell("no-sudo", "dpkg-query --show 'docker*' 2> /dev/null || true") == ""


def test_a_script_that_was_cut_off_is_known_and_the_next_start_goes_on(apps, scripts):
    apps.create("cut-off", programs={})
    # As Studio ends what takes too long: by force, here while the first program is being unpacked.
    apps.kill_at("cut-off", f"{HOME}/.local/bin/.*.part", ("sh", "tee", "timeout", "tar", "dpkg-deb"))
    apps.hosts["cut-off"].exec_run(["sh", "-c", scripts["home"]])
    finding = lifecycle_config(apps.facts({"cut-off": {}})["cut-off"])
    assert (finding.status, finding.reason) == ("warning", "It is still at work, or Studio has cut it off.")
    assert "Done: " in run_at_start(apps.hosts["cut-off"], scripts["home"])
    assert apps.shell("cut-off", f"find {HOME} -name '*.part'") == ""
    assert "v2." in apps.shell("cut-off", "docker compose version")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        pytest.param({"lifecycle_config_key_fingerprint": "9" * 40}, "9" * 40, id="another key"),
        pytest.param(
            {"lifecycle_config_source": "staged", "lifecycle_config_staged_path": "x" * 9999},
            "lifecycle_config_targets",
            id="more than Studio accepts",
        ),
        pytest.param({"lifecycle_config_source": "staged"}, "set lifecycle_config_staged_path", id="from nowhere"),
    ],
)
def test_the_role_refuses(scripts, tmp_path, variables, words):
    targets = [{"distribution": "ubuntu", "codename": "jammy"}]
    with pytest.raises(AssertionError, match=words):
        render(tmp_path, {"x": {"lifecycle_config_targets": targets, **variables}})
    assert not (tmp_path / "x").exists()
