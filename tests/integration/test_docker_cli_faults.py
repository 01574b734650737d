# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role docker_cli when something goes wrong on the way: killed, locked out, no space, nowhere to write."""

from __future__ import annotations

import pytest

from tests.integration.docker_cli_apps import HOME, Apps
from tests.sandbox import world

pytestmark = pytest.mark.slow

BOTH = {"docker-ce-cli", "docker-compose-plugin"}
# By app: what is there when it is killed.
KILLED = {
    "download": f"{HOME}/.cache/mlops.studio_local_mode/docker-debs/*.part",
    "unpack": "/usr/bin/docker.dpkg-new",
    "configure": "/usr/libexec/docker/cli-plugins/docker-compose",
    "home": f"{HOME}/.docker/cli-plugins/.docker-compose.*.part",
}
# Holds dpkg's lock as apt and dpkg do (fcntl, not flock), so many seconds from when the installation begins.
HOLD_LOCK = """
import fcntl, os, time
with open("/var/lib/dpkg/lock-frontend", "w") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    open("/tmp/held", "w").close()
    while not os.path.exists("/var/lib/mlops.studio_local_mode/docker_cli.json"):
        time.sleep(0.1)
    time.sleep({seconds})
"""


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "apps"])
    apps = Apps(tmp_path_factory.mktemp("faults"))
    yield apps
    apps.remove()


def test_after_sigkill_the_next_run_converges(apps):
    apps.create(*(name for name in KILLED if name != "home"))
    apps.create("home", programs={})
    variables = {name: {} for name in KILLED} | {"home": {"docker_cli_scope": "home"}}
    for name, pattern in KILLED.items():
        apps.kill_at(name, pattern, ("python3", "apt-get", "dpkg", "sudo"))
    killed = apps.run(variables)
    assert [name for name in KILLED if not killed[name].failed] == []
    assert [name for name in KILLED if "dpkg" in apps.shell(name, "ps -A -o comm=")] == []
    again = apps.run(variables)
    for name in KILLED:
        assert not again[name].failed, (name, again[name]["msg"])
        docker = f"{HOME}/.local/bin/docker" if name == "home" else "docker"
        assert "v2." in apps.shell(name, f"{docker} compose version"), name
        assert apps.shell(name, "dpkg --audit", user="root") == "", name
        assert apps.shell(name, "find ~ -name '*.part'") == "", name
    assert [name for name, result in apps.run(variables).items() if result.changed] == []


def test_another_installation_at_work(apps):
    apps.create("held", "released")
    apps.in_background("held", HOLD_LOCK.format(seconds=60))
    apps.in_background("released", HOLD_LOCK.format(seconds=4))
    for name in ("held", "released"):
        apps.shell(name, "until [ -e /tmp/held ]; do sleep 0.1; done")
    holder = apps.shell("held", "pgrep -f lock-frontend | head -n 1", user="root")
    results = apps.run({"held": {"docker_cli_lock_timeout": 2}, "released": {}})
    assert results["held"].failed
    assert f"is held by process {holder} (python3)" in results["held"]["msg"]
    assert "docker_cli_lock_timeout" in results["held"]["msg"]
    assert apps.shell("held", "dpkg-query --show docker-ce-cli 2> /dev/null || echo none") == "none"
    assert results["released"].packages.keys() == BOTH
    assert "Waited for another installation" in results["released"].warnings


FIND = """find ~ /usr/libexec/docker /usr/lib/docker-compose-plugin /usr/bin/docker* -type f \\
    '(' -name '*docker*' -o -name '*.part' ')' 2> /dev/null"""


def test_nowhere_to_write(apps):
    apps.create("full-system", tmpfs={"/usr/lib/docker-compose-plugin": "size=8m"})
    apps.create("full-home", programs={}, tmpfs={f"{HOME}/.local": "size=8m,uid=1000,gid=100,exec"})
    apps.create("full-cache", tmpfs={f"{HOME}/.cache": "size=8m,uid=1000,gid=100"})
    apps.create("read-only-home", programs={}, tmpfs={HOME: "ro"})
    apps.create("noexec-home", programs={}, tmpfs={f"{HOME}/.local": "size=99m,uid=1000,gid=100,noexec"})
    in_home = {"docker_cli_scope": "home", "docker_cli_bundle_path": "/tmp/docker-debs"}  # noqa: S108 - in the app
    words = {
        "full-system": ["dpkg failed", "No space left on device", "Free some space"],
        "full-home": [f"No space is left in {HOME}: nothing was installed"],
        "full-cache": ["docker-debs has no space left"],
        "read-only-home": [f"Cannot write to {HOME}", "Read-only file system", "docker_cli_scope: system"],
        "noexec-home": ["does not run in this app", "noexec", "Nothing was installed"],
    }
    results = apps.run(
        {"full-system": {}, "full-cache": {}, "full-home": in_home, "read-only-home": in_home, "noexec-home": in_home}
    )
    for name, expected in words.items():
        assert results[name].failed, name
        assert [word for word in expected if word not in results[name]["msg"]] == [], (name, results[name]["msg"])
        assert apps.shell(name, f"{FIND} | grep -v -e /.cache/ -e /.ansible/ || true") == "", name
        assert apps.shell(name, "dpkg --audit", user="root") == "", name
