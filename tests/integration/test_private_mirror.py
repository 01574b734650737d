# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mirror that asks for user name and password, as companies have one: from ~/.netrc, and never in a log."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.integration.docker_cli_apps import Apps, on_all
from tests.integration.lifecycle_scripts import render, run_at_start
from tests.sandbox import images, inventory, world

pytestmark = [pytest.mark.xdist_group("private_mirror"), pytest.mark.slow]

IN_APPS = "https://download.docker.com/private/linux"
NETRC = "machine {host} login ada password s3cret\n"
IMAGES = {
    ("ubuntu", "jammy"): images.APP,
    ("ubuntu", "noble"): images.NOBLE,
    ("ubuntu", "focal"): images.CLASSIC_FOCAL,
    ("debian", "bullseye"): images.CLASSIC_BULLSEYE,
}
TARGETS = [{"distribution": distribution, "codename": codename} for distribution, codename in IMAGES]
LOG_IN = f"umask 077; echo '{NETRC.format(host='download.docker.com').strip()}' > ~/.netrc"


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    world.up(["mirror", "app", "platforms"])
    apps = Apps(tmp_path_factory.mktemp("private"))
    yield apps
    apps.remove()


@pytest.fixture
def script(tmp_path, monkeypatch):
    url = inventory.environment(None)["SANDBOX_MIRROR_URL"]
    (tmp_path / "netrc").write_text(NETRC.format(host=urlsplit(url).hostname))
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    variables = {"lifecycle_config_repository_url": f"{url}/private/linux", "lifecycle_config_targets": TARGETS}
    return render(tmp_path, {"script": {**variables, "lifecycle_config_scope": "system"}})["script"]


def test_user_name_and_password_of_the_user_s_file(apps, script):
    assert "s3cret" not in script
    for (_distribution, codename), image in IMAGES.items():
        apps.create(f"script-{codename}", image=image.tag)
    apps.create("role", "nobody", "nobody-script")
    names = [name for name in apps.hosts if not name.startswith("nobody")]
    on_all(lambda name: apps.hosts[name].exec_run(["sh", "-c", LOG_IN]), names)

    outputs = {}
    scripts = [name for name in apps.hosts if "script" in name]
    on_all(lambda name: outputs.update({name: run_at_start(apps.hosts[name], script)}), scripts)
    assert {name: output for name, output in outputs.items() if "Done: " not in output}.keys() == {"nobody-script"}
    assert "401" in outputs["nobody-script"]
    assert not any("s3cret" in output for output in outputs.values())

    results = apps.run({"role": {}, "nobody": {}}, docker_cli_repository_url=IN_APPS)
    assert not results["role"].failed, results["role"]["msg"]
    assert "returned 401" in results["nobody"]["msg"]
    assert "~/.netrc" in results["nobody"]["msg"]
    assert "s3cret" not in str(results["role"].result)
