# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt, dpkg and the permissions of files refuse: the user reads the next step, and nothing has changed."""

from __future__ import annotations

import pytest

from tests.integration.docker_cli_apps import HOME, Apps, on_all
from tests.sandbox import world

pytestmark = [pytest.mark.xdist_group("docker_cli_system_faults"), pytest.mark.slow]

# For dpkg it is the distribution's package.
PODMAN = """
mkdir -p /tmp/p/DEBIAN /tmp/p/usr/bin && cd /tmp
printf '#!/bin/sh\\necho podman version 4.3.1\\n' > p/usr/bin/docker && chmod +x p/usr/bin/docker
cat > p/DEBIAN/control <<END
Package: podman-docker
Version: 4.3.1
Architecture: all
Conflicts: docker-ce-cli
Maintainer: Nobody <nobody@localhost>
Description: docker as a name of podman
END
dpkg-deb --build p podman-docker.deb && dpkg --install podman-docker.deb"""
REINSTALL = (
    "sed -i '/^Package: less$/,/^$/s/^Status: .*/Status: install reinstreq half-installed/' /var/lib/dpkg/status"
)
# A package of somebody else, whose dependency does not exist.
BROKEN = """
mkdir -p /tmp/b/DEBIAN && cd /tmp
cat > b/DEBIAN/control <<END
Package: own-tool
Version: 1
Architecture: all
Depends: nonexistent
Maintainer: Nobody <nobody@localhost>
Description: a package that is not complete
END
dpkg-deb --build b own-tool.deb && dpkg --force-depends --install own-tool.deb"""
HOLD = "apt-mark hold docker-ce-cli"
NEWER = {"docker_cli_version": "26.1", "docker_cli_keep_existing": False}
# By app: what root does first, the variables, and what the user has to read.
REFUSED = {
    "podman": (PODMAN, {}, ["They conflict: podman-docker", "sudo apt-get remove podman-docker", "scope: home"]),
    "reinstall": (REINSTALL, {}, ["less", "sudo dpkg --remove --force-remove-reinstreq less", "scope: home"]),
    "held": (HOLD, NEWER, ["sudo apt-mark unhold docker-ce-cli", "scope: home"]),
    "broken": (BROKEN, {}, ["own-tool : Depends: nonexistent", "sudo apt-get --fix-broken install", "scope: home"]),
    "apt-conf": ("echo 'APT {{' > /etc/apt/apt.conf.d/99x", {}, ["/etc/apt/apt.conf.d/99x:1", "scope: home"]),
    "no-apt": ("rm /usr/bin/apt-get", {}, ["apt-get", "No such file", "scope: home"]),
    "read-only": ("", {}, ["/usr/bin is not writable for root", "scope: home"]),
}
ACCEPTED = {
    "default-release": "echo 'APT::Default-Release \"stable\";' > /etc/apt/apt.conf.d/99release",
    # What is held and broken can be installed again in the same version.
    "held-broken": f"{HOLD}; rm /usr/bin/docker",
}
# The module's umask, as a user's profile or sudoers may set it.
UMASK = "printf '#!/bin/sh\\numask 077\\nexec /opt/conda/bin/python3 \"$@\"\\n' > /opt/python && chmod +x /opt/python"


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "apps"])
    apps = Apps(tmp_path_factory.mktemp("system"))
    yield apps
    apps.remove()


def state(apps, name):
    return apps.shell(
        name, "sha256sum /var/lib/dpkg/status; ls -A ~/.local ~/.docker /var/lib/mlops* /var/tmp 2> /dev/null || true"
    )


def test_the_next_step_of_a_refusal(apps):
    apps.create(*(name for name in {**REFUSED, **ACCEPTED} if name != "read-only"))
    writable = {folder: "" for folder in ("/tmp", "/var/tmp", "/run")}  # noqa: S108 - of a container
    apps.create("read-only", read_only=True, tmpfs={**writable, HOME: "uid=1000,gid=100,exec"})
    first = apps.run({"held": {}, "held-broken": {}})
    assert {name: result["msg"] for name, result in first.items() if result.failed} == {}
    prepare = {name: script for name, (script, *_rest) in REFUSED.items()} | ACCEPTED
    on_all(lambda name: apps.shell(name, prepare[name] or "true", user="root"), [*prepare])
    before = {name: state(apps, name) for name in REFUSED}
    results = apps.run(
        {**{name: variables for name, (_, variables, _) in REFUSED.items()}, **{name: {} for name in ACCEPTED}}
    )
    for name, (_script, _variables, words) in REFUSED.items():
        assert results[name].failed, name
        message = results[name]["msg"]
        assert [word for word in words if word not in message] == [], (name, message)
    assert {name: state(apps, name) for name in REFUSED} == before
    assert {name: results[name]["msg"] for name in ACCEPTED if results[name].failed} == {}


def test_what_dpkg_leaves_out_is_told(apps):
    rules = {
        "diverted": "dpkg-divert --local --rename --add /usr/bin/docker",
        "excluded": "mkdir -p /etc/dpkg/dpkg.cfg.d; echo 'path-exclude=/usr/libexec/*' > /etc/dpkg/dpkg.cfg.d/x",
    }
    apps.create(*rules)
    for name, rule in rules.items():
        apps.shell(name, rule, user="root")
    missing = {"diverted": "/usr/bin/docker is missing", "excluded": "cli-plugins/docker-compose is missing"}
    for _time in ("first", "again"):
        for name, result in apps.run({name: {} for name in rules}).items():
            assert result.failed, name
            words = [missing[name], "dpkg-divert --list", "/etc/dpkg/dpkg.cfg.d", "docker_cli_scope: home"]
            assert [word for word in words if word not in result["msg"]] == [], (name, result["msg"])


def test_absent_under_another_umask(apps):
    apps.create("umask", "umask-before", "unreadable")
    on_all(lambda name: apps.shell(name, UMASK, user="root"), ["umask", "umask-before"])
    strict = {"ansible_python_interpreter": "/opt/python"}
    first = apps.run({"umask": strict, "umask-before": {}, "unreadable": {}})
    assert {name: result["msg"] for name, result in first.items() if result.failed} == {}
    record = "/var/lib/mlops.studio_local_mode"
    assert apps.shell("umask", f"stat -c %a {record} {record}/docker_cli.json") == "755\n644"
    # As an earlier version left it.
    apps.shell("umask-before", f"chmod -R go= {record}", user="root")
    apps.shell("unreadable", f"echo '{{' > {record}/docker_cli.json", user="root")
    hosts = {"umask": strict, "umask-before": strict, "unreadable": {}}
    predicted = apps.run({"umask-before": strict}, "--check", docker_cli_state="absent")["umask-before"]
    assert {"docker-ce-cli", "docker-compose-plugin"} <= {*predicted["removed"]}
    assert apps.shell("umask-before", f"stat -c %a {record}") == "700"
    absent = apps.run(hosts, docker_cli_state="absent")
    for name in ("umask", "umask-before"):
        assert not absent[name].failed, absent[name]["msg"]
        assert {"docker-ce-cli", "docker-compose-plugin"} <= {*absent[name]["removed"]}, name
        assert apps.shell(name, "dpkg-query --show 'docker*' 2> /dev/null || true") == "", name
    assert absent["unreadable"].failed
    assert f"{record}/docker_cli.json is not a record" in absent["unreadable"]["msg"]
    assert "docker-ce-cli" in apps.shell("unreadable", f"ls {record}; dpkg-query --show 'docker*'")


def test_another_user_than_the_app_s_is_refused(apps):
    apps.create("become")
    su = {"ansible_become": True, "ansible_become_method": "ansible.builtin.su"}
    for as_root in ({"ansible_user": "root"}, {"ansible_user": "root", **su}):
        result = apps.run({"become": as_root})["become"]
        assert result.failed
        assert "This runs as root. The app's user is sagemaker-user" in result["msg"]
        assert "Set ansible_user: sagemaker-user and become: false" in result["msg"]
    result = apps.run({"become": {"ansible_become": True}})["become"]
    assert result.failed
    assert "become is on" in result["msg"]
    assert "sagemaker-user" in result["msg"]
    # The app's user may be the one that is become.
    as_user = {"ansible_user": "root", "ansible_become": True, "ansible_become_user": "sagemaker-user"}
    result = apps.run({"become": as_user})["become"]
    assert not result.failed, result["msg"]


# A package of the user's own, which declares no conflict; and somebody who changes what was verified before root
# copies it.
FOREIGN = """
mkdir -p /tmp/f/DEBIAN /tmp/f/usr/bin && cd /tmp && echo own > f/usr/bin/docker
cat > f/DEBIAN/control <<END
Package: own-docker
Version: 1
Architecture: all
Maintainer: Nobody <nobody@localhost>
Description: a docker of the user's own
END
dpkg-deb --build f own-docker.deb && dpkg --install own-docker.deb"""
REPLACING_SUDO = f"""cat > /usr/local/bin/sudo <<'END'
#!/bin/sh
case "$*" in *sha256sum*) for deb in {HOME}/.cache/mlops.studio_local_mode/*/*.deb; do echo x >> "$deb"; done ;; esac
exec /usr/bin/sudo "$@"
END
chmod +x /usr/local/bin/sudo"""


def test_what_dpkg_refuses_and_what_was_replaced_leave_nothing(apps):
    words = {
        "overwrite": ["trying to overwrite '/usr/bin/docker'", "sudo apt-get remove own-docker", "scope: home"],
        "replaced": ["computed checksums did NOT match"],
    }
    apps.create(*words)
    apps.shell("overwrite", FOREIGN, user="root")
    apps.shell("replaced", REPLACING_SUDO, user="root")
    results = apps.run({name: {} for name in words})
    for name, expected in words.items():
        assert results[name].failed, name
        message = results[name]["msg"]
        assert [word for word in expected if word not in message] == [], (name, message)
        installed = (
            "dpkg-query --show --showformat '${Status}\\n' 'docker*' 2> /dev/null | grep -v not-installed; ls /var/tmp"
        )
        assert apps.shell(name, installed) == "", name
    assert apps.shell("overwrite", "cat /usr/bin/docker") == "own"
    absent = apps.run({"overwrite": {}}, docker_cli_state="absent")["overwrite"]
    assert not absent.failed, absent["msg"]
    assert apps.shell("overwrite", "cat /usr/bin/docker; ls -A /var/lib/mlops* 2> /dev/null || true") == "own"
