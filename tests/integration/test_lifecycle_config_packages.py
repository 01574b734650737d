# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a lifecycle script installs: those that it has verified, and those that the home has kept."""

from __future__ import annotations

import os

import pytest

from tests.integration.docker_cli_apps import HOME, Apps, on_all, stage
from tests.integration.lifecycle_scripts import render, run_at_start
from tests.sandbox import app, images, world

pytestmark = [pytest.mark.xdist_group("lifecycle_config_packages"), pytest.mark.slow]

DEBS = f"{HOME}/debs"
# A package whose programs and postinst leave a mark, in place of the one of Docker's CLI.
REPLACEMENT = """
mkdir -p /tmp/evil/DEBIAN /tmp/evil/usr/bin
cat > /tmp/evil/DEBIAN/control <<'EOT'
Package: docker-ce-cli
Version: 5:20.10.24~3-0~ubuntu-jammy
Architecture: amd64
Maintainer: Nobody <nobody@example.com>
Description: not Docker's
EOT
printf '#!/bin/sh\\ntouch /tmp/replaced\\n' > /tmp/evil/DEBIAN/postinst
printf '#!/bin/sh\\ntouch /tmp/replaced\\necho Docker version 20.10.24, build 0\\n' > /tmp/evil/usr/bin/docker
chmod 755 /tmp/evil/DEBIAN/postinst /tmp/evil/usr/bin/docker
dpkg-deb --build /tmp/evil /tmp/evil.deb
"""
# Replaces the file as another user of the folder might, at the moment at which a program starts.
SWAP = """
mv {path} {path}.real
cat > {path} <<'EOT'
#!/bin/sh
case "$*" in *{words}*) cp /tmp/evil.deb "$(find {debs} -name 'docker-ce-cli*.deb')" ;; esac
exec {path}.real "$@"
EOT
chmod 755 {path}
"""
# By app: the script, the program that another user is faster than, a word of its call, and what the script says.
MOMENTS = {
    "before-dpkg": ("system", "/usr/bin/dpkg", "docker-ce-cli", "Done: "),
    "before-copy": (
        "system",
        "/usr/bin/sudo",
        "docker-ce-cli",
        "ubuntu-jammy_amd64.deb was replaced",
    ),
    "before-unpacking": ("home", "/usr/bin/dpkg-deb", "--fsys-tarfile", "Done: "),
}
TARGETS = [{"distribution": "ubuntu", "codename": name} for name in ("jammy", "noble")]


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    world.up(["mirror", "apps", "platforms"])
    return stage(tmp_path_factory.mktemp("debs") / "debs", ("ubuntu", "jammy"))


@pytest.fixture(scope="module")
def scripts(staged, tmp_path_factory):
    of_staged = {
        "lifecycle_config_source": "staged",
        "lifecycle_config_staged_path": DEBS,
        "lifecycle_config_bundle_path": str(staged),
        "lifecycle_config_targets": TARGETS[:1],
    }
    return render(
        tmp_path_factory.mktemp("scripts"),
        {
            "home": of_staged,
            "system": {**of_staged, "lifecycle_config_scope": "system"},
            "internet": {"lifecycle_config_scope": "system", "lifecycle_config_targets": TARGETS},
        },
    )


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    apps = Apps(tmp_path_factory.mktemp("packages"))
    yield apps
    apps.remove()


def test_a_package_that_is_replaced_after_it_was_verified_is_not_installed(apps, scripts, staged):
    def start(name):
        script, path, words, expected = MOMENTS[name]
        apps.create(name, programs={} if script == "home" else None)
        apps.put(name, staged, DEBS)
        apps.shell(name, f"chmod -R 1777 {DEBS}; {REPLACEMENT}")
        apps.shell(name, SWAP.format(path=path, words=words, debs=DEBS), user="root")
        if path.endswith("sudo"):
            apps.shell(name, f"chown root {path}.real && chmod 4755 {path}.real", user="root")
        output = run_at_start(apps.hosts[name], scripts[script])
        assert expected in output, (name, output)
        assert apps.shell(name, "find /tmp/replaced 2> /dev/null || true") == "", (name, output)
        assert apps.shell(name, "find /tmp /var/tmp -name 'lifecycle_config.*' -not -name '*.sh*'", user="root") == ""

    on_all(start, list(MOMENTS))


def test_two_operating_systems_on_one_home_keep_their_packages(apps, scripts, tmp_path):
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, app.UID, app.GID)
    tags = {"jammy": images.APP.tag, "noble": images.NOBLE.tag}
    for network, downloads in ((None, 2), ("none", 0)):
        for codename, tag in tags.items():
            options = {"network": network} if network else {}
            name = f"{codename}-{network}"
            apps.create(name, image=tag, besides={home: HOME}, **options)
            output = run_at_start(apps.hosts[name], scripts["internet"])
            assert "Done: " in output, (name, output)
            assert output.count("Download ") == downloads, (name, output)


@pytest.mark.parametrize("home", ["ro", "full"])
def test_packages_are_installed_in_the_system_where_the_home_cannot_keep_them(apps, scripts, home):
    mounted = "size=1m" if home == "full" else "ro"
    apps.create(home, tmpfs={HOME: f"{mounted},uid={app.UID},gid={app.GID},exec"})
    if home == "full":
        apps.shell(home, f"cat /dev/zero > {HOME}/full || true")
    output = run_at_start(apps.hosts[home], scripts["internet"])
    assert "Done: " in output
    assert apps.facts({home: {}})[home]["lifecycle_config"]["status"] == "done"
