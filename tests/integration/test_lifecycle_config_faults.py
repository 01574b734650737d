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
from tests.sandbox import images, world

pytestmark = [pytest.mark.xdist_group("lifecycle_config_faults"), pytest.mark.slow]

# Accepts connections to TLS, and never says a word.
SILENT = """
import socket
listener = socket.create_server(("", 443))
kept = []
open("/tmp/listening", "w").close()
while True:
    kept.append(listener.accept())
"""
TOO_NEW = """
cat > /opt/conda/bin/docker <<'EOT'
#!/bin/sh
echo Docker version 29.0.0, build 0
EOT
chmod +x /opt/conda/bin/docker
"""
NO_DPKG = "mv /usr/bin/dpkg /usr/bin/dpkg.moved"
AMAZON_LINUX = """printf 'ID=amzn\\nPRETTY_NAME="Amazon Linux 2023"\\n' > /etc/os-release"""
OWN = f"{HOME}/.docker/cli-plugins"
COMPATIBLE_PLUGIN = f"""
mkdir -p {OWN}
cat > {OWN}/docker-compose <<'EOT'
#!/bin/sh
case "$1" in
    *metadata) echo '{{"SchemaVersion": "0.1.0", "Vendor": "Docker Inc.", "Version": "v2.30.0"}}' ;;
    *) echo Docker Compose version v2.30.0 ;;
esac
EOT
chmod +x {OWN}/docker-compose
"""
TMPFS = "uid=1000,gid=100,exec"
# By app: the script, the engine's options for it, what root does first, and what log and check say of it.
FAULTS = {
    "offline": ("home", {"network": "none"}, "", "Cannot download https://download.docker.com/"),
    # Either the download ends first or the whole script, whose deadlines are the same.
    "hanging": ("home", {}, "", "exceeded"),
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
    # No restart changes that.
    "no-sudo-too-new": ("home", {}, f"rm /usr/bin/sudo; {TOO_NEW}", "Cannot move /opt/conda/bin/docker"),
    "no-dpkg": ("home", {}, NO_DPKG, "This app has no dpkg to install docker-ce-cli docker-compose-plugin"),
    "other-config": (
        "home",
        {"environment": {"DOCKER_CONFIG": "/opt/docker-config"}},
        "",
        "docker compose works only without DOCKER_CONFIG",
    ),
    "tls": (
        "system",
        {"environment": {"DOCKER_TLS_VERIFY": "1"}},
        COMPATIBLE_PLUGIN,
        "docker compose works only without DOCKER_TLS_VERIFY",
    ),
    "amazon-linux": ("home", {}, f"{NO_DPKG} && {AMAZON_LINUX}", "This app runs Amazon Linux 2023, for which"),
    # A file that is mounted cannot be moved.
    "immovable": (
        "home",
        {"mounts": {"/bin/false": "/opt/conda/bin/docker:ro"}},
        "",
        "Cannot move /opt/conda/bin/docker",
    ),
    "unknown": (
        "home",
        {},
        "sed -i s/jammy/warty/ /etc/os-release",
        "for which this lifecycle configuration has no docker-ce-cli. It has: ubuntu-jammy-amd64",
    ),
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    world.up(["mirror", "apps", "platforms"])
    common = {"lifecycle_config_targets": [{"distribution": "ubuntu", "codename": "jammy"}]}
    scripts = render(
        tmp_path_factory.mktemp("scripts"),
        {"home": common, "system": {**common, "lifecycle_config_scope": "system"}},
    )
    # As if the mirror had another file than the one its index vouched for.
    altered = re.sub(r"\b[0-9a-f]{64}\b", "0" * 64, scripts["home"])
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
        programs = {} if script != "system" and "read-only" not in name else None
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
        log = finding.remediation.partition("Log: ")[2].split(",")[0]
        assert words in apps.shell(name, f"cat {log}"), name
        assert apps.shell(name, f"find {HOME} -name '*.part'") == "", name
    # What could be done was done.
    assert "v2." in apps.shell("no-sudo-home", "~/.local/bin/docker compose version")
    for name in ("no-sudo-home", "no-sudo-too-new", "immovable"):
        remediation = lifecycle_config(found[name]).remediation
        assert "echo 'export PATH=\"$HOME/.local/bin:$PATH\"' >> ~/.bashrc" in remediation, name
        assert "Restart the app" not in remediation, name
    for name in ("other-config", "tls"):
        assert "Unset DOCKER_" in lifecycle_config(found[name]).remediation, name
    assert apps.shell("tls", f"ls {OWN}") == "docker-compose"
    assert "No space left: du -xh" in lifecycle_config(found["small-home"]).remediation
    assert apps.shell("no-sudo", "dpkg-query --show 'docker*' 2> /dev/null || true") == ""


SLOW_MV = """
mv /usr/bin/mv /usr/bin/mv.real
cat > /usr/bin/mv <<'EOT'
#!/bin/sh
case "$*" in *.deb) sleep 20; exit 1 ;; esac
exec /usr/bin/mv.real "$@"
EOT
chmod +x /usr/bin/mv
"""
# sudo runs as root, so that the user cannot kill it.
HANGING_SUDO = "printf '#!/bin/sh\\ntrap \"\" TERM\\nsleep 600\\n' > /usr/bin/sudo"
# It knows fewer options, and links tail to itself.
BUSYBOX_TAIL = """
mv /usr/bin/tail /usr/bin/tail.real
cat > /usr/bin/tail <<'EOT'
#!/bin/sh
case "$*" in *--pid*) echo "tail: unrecognized option '--pid'" >&2; exit 1 ;; esac
exec /usr/bin/tail.real "$@"
EOT
chmod +x /usr/bin/tail
"""
# By app: its image, the script, and what hangs there for longer than the script may take.
HANGING = {
    "hanging-sudo": (images.APP, "system", HANGING_SUDO),
    "hanging-sudo-bash": (images.APP, "system", HANGING_SUDO),
    "busybox": (images.APP, "system", f"{HANGING_SUDO}; {BUSYBOX_TAIL}"),
    # The program ends, and its child keeps the standard output.
    "foreign-child": (
        images.APP_DOCKER_27,
        "home",
        "printf '#!/bin/sh\\nsleep 600 &\\necho Docker version 27.5.1, build 0\\n' > /opt/conda/bin/docker",
    ),
    # What the script started fails when the script has ended.
    "late-failure": (images.APP, "system", SLOW_MV),
}


def test_the_script_ends_at_its_deadline(apps, scripts):
    def start(name):
        image, script, preparation = HANGING[name]
        apps.create(name, image=image.tag)
        apps.shell(name, preparation, user="root")
        shell = "bash" if name.endswith("bash") else "sh"
        output = run_at_start(apps.hosts[name], scripts[script].replace("seconds=120", "seconds=12"), shell=shell)
        assert "FAILED: It exceeded its 12 s" in output, (name, output)

    on_all(start, list(HANGING))
    apps.shell("late-failure", "while grep -qsx mv /proc/[0-9]*/comm; do sleep 0.1; done; sleep 1")
    for name, facts in apps.facts({name: {} for name in HANGING}).items():
        assert "It exceeded its 12 s" in lifecycle_config(facts).reason, name


RUNNING_DAMAGE = """
cd && sed -i 's/^# Debian/# Bedian/' .docker/cli-plugins/docker-compose
printf X | dd of=.local/bin/docker bs=1 seek=$(($(stat -c %s .local/bin/docker) - 1)) conv=notrunc
docker compose version
"""
# By app: its image, the script, what breaks after the first start, and what the next start installs.
BROKEN = {
    "same-size": (images.APP, "home", "printf X | dd of=$HOME/.local/bin/docker conv=notrunc", ["docker-ce-cli"]),
    # It still runs, and so does Compose.
    "same-size-runs": (images.APP, "home", RUNNING_DAMAGE, ["docker-ce-cli", "docker-compose-plugin"]),
    # A compatible program of the user's own.
    "own": (images.APP, "home", "echo >> ~/.local/bin/docker", []),
    "no-x-bit": (images.APP, "home", "chmod -x ~/.docker/cli-plugins/docker-compose", ["docker-compose-plugin"]),
    "not-found": (
        images.APP,
        "home",
        "echo Not Found > ~/.docker/cli-plugins/docker-compose",
        ["docker-compose-plugin"],
    ),
    "no-docker": (images.APP, "system", "sudo rm /usr/bin/docker", ["docker-ce-cli"]),
    "stray": (
        images.APP,
        "system",
        "mkdir -p ~/.docker/cli-plugins && echo Not Found > ~/.docker/cli-plugins/docker-compose",
        [],
    ),
    # What works is kept, also without dpkg.
    "no-dpkg": (images.APP_DOCKER_27, "home", f"sudo {NO_DPKG}", []),
}


def test_the_script_repairs_what_is_broken(apps, scripts):
    def start(name):
        image, script, breakage, installed = BROKEN[name]
        apps.create(name, image=image.tag, programs={} if script == "home" else None)
        assert "Done: " in run_at_start(apps.hosts[name], scripts[script]), name
        apps.shell(name, breakage)
        output = run_at_start(apps.hosts[name], scripts[script])
        assert "Done: " in output, (name, output)
        assert re.findall(r"^Install (\S+)", output, re.MULTILINE) == installed, (name, output)
        assert "v2." in apps.shell(name, "docker compose version"), name

    on_all(start, list(BROKEN))


def test_a_script_that_was_cut_off_is_known_and_the_next_start_goes_on(apps, scripts):
    apps.create("cut-off", programs={})
    # As Studio ends what takes too long: by force, here while the first program is being unpacked.
    apps.kill_at("cut-off", f"{HOME}/.local/bin/.*.part", ("sh", "tee", "timeout", "tar", "dpkg-deb"))
    apps.hosts["cut-off"].exec_run(["sh", "-c", scripts["home"]])
    finding = lifecycle_config(apps.facts({"cut-off": {}})["cut-off"])
    assert (finding.status, finding.reason) == ("warning", "The script is still running, or Studio has stopped it.")
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
        pytest.param({"lifecycle_config_source": "staged"}, "Set lifecycle_config_staged_path", id="from nowhere"),
    ],
)
def test_the_role_refuses(scripts, tmp_path, variables, words):
    targets = [{"distribution": "ubuntu", "codename": "jammy"}]
    with pytest.raises(AssertionError, match=words):
        render(tmp_path, {"x": {"lifecycle_config_targets": targets, **variables}})
    assert not (tmp_path / "x").exists()
