# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.action import studio_lifecycle_script
from ansible_collections.mlops.studio_local_mode.plugins.action.studio_lifecycle_script import LIMIT, ActionModule
from ansible_collections.mlops.studio_local_mode.plugins.modules.studio_lifecycle_script import DOCUMENTATION

SYSTEMS = [("ubuntu", "jammy"), ("ubuntu", "noble"), ("ubuntu", "focal"), ("debian", "bullseye")]
URL = "https://download.docker.com/linux"


def bundle(distribution, codename):
    pool = f"{URL}/{distribution}/dists/{codename}/pool/stable/amd64"
    packages = [
        {
            "name": name,
            "version": f"5:20.10.24~3-0~{distribution}-{codename}",
            "file": f"{name}_20.10.24~3-0~{distribution}-{codename}_amd64.deb",
            "sha256": "0" * 64,
            "url": f"{pool}/{name}_20.10.24~3-0~{distribution}-{codename}_amd64.deb",
        }
        for name in ("docker-ce-cli", "docker-compose-plugin")
    ]
    return {
        "path": "/b",
        "distribution": distribution,
        "codename": codename,
        "architecture": "amd64",
        "packages": packages,
    }


@pytest.fixture
def render(monkeypatch):
    """Run the action with options."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(*systems, **options):
        task = SimpleNamespace(
            args={"bundles": [bundle(*system) for system in systems or SYSTEMS], **options},
            action="studio_lifecycle_script",
            async_val=0,
            check_mode=False,
        )
        return ActionModule(task, None, None, None, None, None).run(task_vars={})

    return run


# shellcheck takes two seconds: each source and each scope has both values of keep_existing.
VARIANTS = [
    pytest.param({"scope": scope, "keep_existing": keep, **source}, id=f"{scope}-{source['source']}-{keep}")
    for scope, source, keep in (
        ("home", {"source": "internet", "ca_path": "/etc/ssl/certs/a b.pem"}, True),
        ("home", {"source": "staged", "staged_path": "~/docker debs/"}, False),
        ("home", {"source": "s3", "s3_uri": "s3://bucket/docker-debs"}, True),
        ("system", {"source": "internet", "ca_path": "/etc/ssl/certs/a b.pem"}, False),
        ("system", {"source": "staged", "staged_path": "~/docker debs/"}, True),
        ("system", {"source": "s3", "s3_uri": "s3://bucket/docker-debs"}, False),
    )
]


@pytest.mark.parametrize("options", VARIANTS)
def test_studio_accepts_the_script_and_shellcheck_finds_nothing(render, tmp_path, options):
    result = render(**options)
    assert result["base64_size"] == len(base64.b64encode(result["script"].encode())) <= LIMIT
    assert result["sha256"] == hashlib.sha256(result["script"].encode()).hexdigest()
    path = tmp_path / "script.sh"
    path.write_text(result["script"])
    for command in (["dash", "-n"], ["bash", "--posix", "-n"], [Path(sys.executable).with_name("shellcheck")]):
        done = subprocess.run([*command, path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_values_are_quoted(render):
    script = render(source="staged", staged_path="/srv/it's; rm -rf x")["script"]
    assert """staged='/srv/it'"'"'s; rm -rf x'""" in script


def test_usual_names_are_left_to_the_script(render):
    script = render()["script"]
    assert script.count(URL) == 1
    assert ".deb" not in script.partition("case $target in")[2].partition("esac")[0]
    unusual = bundle("ubuntu", "jammy")
    unusual["packages"][0].update(file="x.deb", url=f"{URL}/x.deb")
    script = render(bundles=[unusual])["script"]
    assert f"{'0' * 64} x.deb $repository/x.deb\" plugin='" in script


def test_more_than_studio_accepts(render):
    with pytest.raises(AnsibleActionFail, match=rf"characters in base64, Studio accepts at most {LIMIT}"):
        render(*SYSTEMS * 5)


def test_staged_bundles_have_no_urls(render):
    packages = [
        {key: value for key, value in one.items() if key != "url"} for one in bundle("ubuntu", "jammy")["packages"]
    ]
    with pytest.raises(AnsibleActionFail, match="have no URLs"):
        render(bundles=[{**bundle("ubuntu", "jammy"), "packages": packages}])


@pytest.mark.parametrize("source", ["staged", "s3"])
def test_from_nowhere(render, source):
    with pytest.raises(AnsibleActionFail, match=f"source is {source} but all of the following are missing"):
        render(source=source)


def test_the_documented_options_are_the_real_ones():
    documented = yaml.safe_load(DOCUMENTATION)["options"]
    described = {
        name: {key: value for key, value in one.items() if key != "description"} for name, one in documented.items()
    }
    real = {
        name: {key: value for key, value in one.items() if key != "no_log"}
        for name, one in studio_lifecycle_script._SPEC.items()
    }
    assert described == real
