# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further options of the role docker_cli: the home, a bundle on the controller, a proxy, and the removal."""

from __future__ import annotations

import pytest

from tests.integration.docker_cli_apps import HOME, Apps, stage
from tests.integration.lifecycle_scripts import copy_home
from tests.sandbox import images, world

pytestmark = pytest.mark.slow

CLI, COMPOSE = "docker-ce-cli", "docker-compose-plugin"
BOTH = {CLI, COMPOSE}
ABSENT = {"docker_cli_state": "absent"}
# CONNECT alone, as a proxy for TLS is asked; the app has no other way out.
PROXY = """
import socket, threading
def pump(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)
def serve(client):
    host, port = client.recv(65536).split()[1].decode().split(":")
    server = socket.create_connection((host, int(port)))
    client.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    threading.Thread(target=pump, args=(server, client)).start()
    pump(client, server)
listener = socket.create_server(("", 3128))
open("/tmp/listening", "w").close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
"""


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "apps", "platforms"])
    apps = Apps(tmp_path_factory.mktemp("features"))
    yield apps
    apps.remove()


def programs(apps, name):
    """Every file of Docker's in the system and in the home, and the packages that dpkg has."""
    script = f"""
        find /usr /opt/conda/bin /var/lib/mlops* {HOME} -name '*docker*' '(' -type f -o -type l ')' 2> /dev/null | sort
        dpkg-query --show --showformat '${{Package}} ${{Version}} ${{Status}}\\n' 'docker*' || true"""
    return apps.shell(name, script)


def test_staged_copied_to_the_home_and_removed(apps, tmp_path):
    debs = stage(tmp_path / "debs", ("ubuntu", "jammy"), ("ubuntu", "noble"), ("debian", "bullseye"))
    copied = {"docker_cli_source": "staged", "docker_cli_staged_copy_from": str(debs)}
    hosts = {
        "home": {**copied, "docker_cli_scope": "home"},
        "home-conda": {**copied, "docker_cli_scope": "home"},
        "noble-system": copied,
    }
    apps.create("home", network="none", programs={})
    apps.create("home-conda", image=images.APP_DOCKER_27.tag, network="none", programs={})
    apps.create("noble-system", image=images.NOBLE.tag, network="none")
    own = f"{HOME}/.docker/cli-plugins/docker-compose"
    apps.shell("home-conda", f"mkdir -p $(dirname {own}) && printf '#!/bin/sh\\nexit 1\\n' > {own} && chmod +x {own}")
    before = {name: programs(apps, name) for name in hosts}

    predicted = apps.run(hosts, "--check")
    assert {name: programs(apps, name) for name in hosts} == before
    results = apps.run(hosts)
    for name in hosts:
        assert not results[name].failed, results[name]["msg"]
        assert predicted[name].packages == results[name].packages, name
    assert results["home"].packages.keys() == BOTH
    # The image's CLI is kept, and the user's broken plugin is moved aside.
    assert results["home-conda"].packages.keys() == {COMPOSE}
    assert results["noble-system"].packages[CLI].startswith("5:28.")
    assert f"does not find the docker in {HOME}/.local/bin" in results["home"].warnings
    assert "~/.bashrc" in results["home"].warnings

    assert "20.10.24" in apps.shell("home", "~/.local/bin/docker --version")
    assert "v2." in apps.shell("home", "PATH=~/.local/bin:$PATH docker compose version")
    assert "v2." in apps.shell("home-conda", "docker compose version")
    assert apps.shell("home", "stat -c %U ~/.local/bin/docker; dpkg --list | grep docker || true") == "sagemaker-user"

    assert [name for name, result in apps.run(hosts).items() if result.changed] == []
    away = apps.run(hosts, **ABSENT)
    assert {name: result.failed for name, result in away.items()} == dict.fromkeys(hosts, False)
    left = {name: programs(apps, name) for name in hosts}
    assert left["home"] == before["home"]
    assert left["home-conda"] == before["home-conda"]
    assert apps.shell("home-conda", f"cat {own}").endswith("exit 1")
    assert "docker" not in apps.shell("noble-system", "command -v docker; dpkg --get-selections")
    assert [name for name, result in apps.run(hosts, **ABSENT).items() if result.changed] == []


def test_after_an_update_of_the_image_its_home_has_no_packages_for_the_old_one(apps, tmp_path):
    debs = stage(tmp_path / "debs", ("ubuntu", "jammy"), ("ubuntu", "noble"))
    variables = {
        "fetched": {},
        "copied": {"docker_cli_source": "staged", "docker_cli_staged_copy_from": str(debs)},
    }
    apps.create(*variables)
    first = apps.run(variables)
    assert {name: result["msg"] for name, result in first.items() if result.failed} == {}
    updated = {f"{name}-noble": own for name, own in variables.items()}
    apps.create(*updated, image=images.NOBLE.tag)
    for name in variables:
        copy_home(apps.hosts[name], apps.hosts[f"{name}-noble"])
    results = apps.run(updated)
    assert {name: result["msg"] for name, result in results.items() if result.failed} == {}
    for name in updated:
        left = apps.shell(name, "cd ~/.cache/mlops.studio_local_mode/docker-debs && ls *.deb").split()
        assert len(left) == 2, (name, left)
        assert all("noble" in file for file in left), (name, left)


def test_absent_leaves_what_the_image_had(apps):
    apps.create("conda", "packaged", image=images.APP_DOCKER_27.tag)
    # An image whose builder installed the CLI from Docker's site.
    assert not apps.run({"packaged": {"docker_cli_keep_existing": False}})["packaged"].failed
    apps.shell(
        "packaged", "rm -rf /var/lib/mlops.studio_local_mode ~/.cache; dpkg --purge docker-compose-plugin", "root"
    )
    before = {name: programs(apps, name) for name in ("conda", "packaged")}
    results = apps.run({"conda": {"docker_cli_keep_existing": False}, "packaged": {}})
    assert results["conda"].packages.keys() == BOTH
    assert results["packaged"].packages.keys() == {COMPOSE}
    assert apps.shell("conda", "command -v docker") == "/usr/bin/docker"
    away = apps.run({"conda": {}, "packaged": {}}, **ABSENT)
    assert CLI not in away["packaged"]["removed"]
    assert {name: programs(apps, name) for name in before} == before
    assert apps.shell("conda", "command -v docker") == "/opt/conda/bin/docker"


def test_through_a_proxy_alone(apps):
    apps.create("proxy")
    apps.in_background("proxy", PROXY)
    apps.shell("proxy", "until [ -e /tmp/listening ]; do sleep 0.1; done")
    # The app itself is led nowhere by that name.
    apps.create(
        "behind",
        extra_hosts={"download.docker.com": "127.0.0.1"},
        environment={"https_proxy": f"http://{apps.hosts['proxy'].name}:3128"},
    )
    result = apps.run({"behind": {}})["behind"]
    assert not result.failed, result["msg"]
    assert result.packages.keys() == BOTH
