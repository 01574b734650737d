# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script of the role lifecycle_config at the start of an app, and at the next start, offline.

In apps of the images that differ most; with --every-image, in all of them.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from dataclasses import dataclass, field

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import (
    cli_problem,
    compose_problem,
    sdk_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.findings import report

from tests.integration.docker_cli_apps import CHECK, HOME, Apps, on_all, stage
from tests.integration.lifecycle_scripts import copy_home, render, run_at_start
from tests.sandbox import app, images, layout, sdk, world

pytestmark = [pytest.mark.xdist_group("lifecycle_config"), pytest.mark.slow]

BULLSEYE_PYTHON = "3.9"
LIMIT = 16384  # botocore: StudioLifecycleConfigContent


@dataclass
class Start:
    """An app to start: its image, the script, what the user has then, and where the sandbox's programs come from."""

    image: images.Recipe
    script: str
    docker: str
    version: str
    installed: int = 2
    programs: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


NOBLE_TARGET = {"distribution": "ubuntu", "codename": "noble"}
STAGED = f"{HOME}/docker debs"
LINK = "/usr/local/bin/docker"
SDK = "/opt/sagemaker-sdk"
CLASSIC = ["focal", "bullseye"]
NOBLE = {"codename": "noble", "cli": "28.5.2"}
STARTS = {
    "jammy": Start(images.APP, "home", LINK, "20.10.24"),
    "jammy-27": Start(images.APP_DOCKER_27, "home", "/opt/conda/bin/docker", "27.5.1", 1),
    "noble": Start(images.NOBLE, "home", LINK, "28.5.2", programs=NOBLE),
    "noble-29": Start(images.NOBLE_DOCKER_29, "home", "/opt/conda/bin/docker", "29.7.1", 1, NOBLE),
    # Out of the way with what cannot speak to the engine; the user's docker is the home's by a link.
    "noble-too-new": Start(images.NOBLE_DOCKER_TOO_NEW, "home", LINK, "28.5.2", programs=NOBLE),
    "focal": Start(images.CLASSIC_FOCAL, "home", LINK, "20.10.24", programs={"codename": "focal"}),
    "bullseye": Start(
        images.CLASSIC_BULLSEYE,
        "home",
        LINK,
        "20.10.24",
        programs={"distribution": "debian", "codename": "bullseye"},
        variables={"ansible_python_interpreter": "/usr/bin/python3"},
    ),
    "jammy-system": Start(images.APP, "system", "/usr/bin/docker", "20.10.24"),
    "noble-too-new-system": Start(images.NOBLE_DOCKER_TOO_NEW, "system", "/usr/bin/docker", "28.5.2"),
    "jammy-27-replaced": Start(images.APP_DOCKER_27, "replacing", "/usr/bin/docker", "20.10.24"),
    "jammy-staged": Start(images.APP, "staged", LINK, "20.10.24"),
}
# No CLI, one to keep, one to replace and an old system of root's; and each script of its own kind.
FEW = ["jammy", "jammy-27", "noble-too-new", "bullseye", "jammy-system", "jammy-staged"]
HOSTS = {
    name: start.variables | {"docker_cli_scope": "home" if start.script in ("home", "staged") else "system"}
    for name, start in STARTS.items()
}


@pytest.fixture(scope="module")
def names(request):
    """The starts of this run."""
    return list(STARTS) if request.config.getoption("every_image") else FEW


def of_each_image(names):
    """Return those of the starts that are an image's one with nothing but the script for the home."""
    return [name for name in names if STARTS[name].script == "home"]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The scripts by name; the one for staged packages is rendered from what was staged."""
    world.up(["mirror", "apps", "platforms"])
    folder = tmp_path_factory.mktemp("scripts")
    stage(folder / "debs", ("ubuntu", "jammy"))
    jammy = [{"distribution": "ubuntu", "codename": "jammy"}]
    staged = {"lifecycle_config_source": "staged", "lifecycle_config_staged_path": STAGED}
    return render(
        folder,
        {
            "home": {},
            "system": {"lifecycle_config_scope": "system", "lifecycle_config_targets": [*jammy, NOBLE_TARGET]},
            "replacing": {
                "lifecycle_config_scope": "system",
                "lifecycle_config_keep_existing": False,
                "lifecycle_config_targets": jammy,
            },
            "staged": {
                **staged,
                "lifecycle_config_bundle_path": str(folder / "debs"),
                "lifecycle_config_targets": jammy,
            },
        },
    ) | {"debs": folder / "debs"}


@pytest.fixture(scope="module")
def with_sdk(scripts):
    """What an app mounts to run the SDK's jobs: the SDK, and where its jobs' files are, as the engine sees them."""
    jobs = layout.APP_HOME / "tmp"
    jobs.mkdir(exist_ok=True)
    os.chown(jobs, app.UID, app.GID)
    with layout.lock():
        sdk.ensure(BULLSEYE_PYTHON)

    homes = layout.APP_HOME.with_name(f"homes-{os.getpid()}")

    def mounts(name):
        folder = sdk.folder(BULLSEYE_PYTHON) if name == "bullseye" else sdk.folder()
        # Not read-only: root in bullseye keeps the byte code, which nobody else can make for its Python.
        mounted = {folder: SDK, jobs: f"{HOME}/{jobs.name}"}
        if name in CLASSIC:
            return mounted
        # On the file system of ~/tmp, as in Studio.
        home = homes / name
        home.mkdir(parents=True)
        os.chown(home, app.UID, app.GID)
        return {home: HOME, **mounted}

    yield mounts
    shutil.rmtree(homes)


@pytest.fixture(scope="module")
def apps(tmp_path_factory):
    apps = Apps(tmp_path_factory.mktemp("lifecycle"))
    yield apps
    apps.remove()


def start(apps, name, **options):
    """Make an app, which for staged packages and from the second start on has no network."""
    this = STARTS[name.removesuffix("-again")]
    network = {"network": "none"} if name.endswith(("-again", "staged")) else {}
    programs = this.programs if this.script in ("home", "staged") else None
    apps.create(name, image=this.image.tag, programs=programs, **network, **options)


@pytest.mark.parametrize("name", ["home", "system", "replacing", "staged"])
def test_studio_takes_the_script_and_shells_read_it(scripts, tmp_path, name):
    """The unit tests of the plugin also run shellcheck, which takes two seconds for each."""
    assert len(base64.b64encode(scripts[name].encode())) <= LIMIT
    path = tmp_path / "script.sh"
    path.write_text(scripts[name])
    for command in (["dash", "-n"], ["bash", "--posix", "-n"]):
        done = subprocess.run([*command, path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def answer(script, tmp_path, question, docker, sdk=None):
    """Ask a function of the script, on this machine, about a docker that is a script; returns whether it says yes."""
    programs = tmp_path / "bin"
    programs.mkdir(exist_ok=True)
    for name, text in (("docker", docker), ("python3", "")):
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    if sdk:
        (tmp_path / f"lib/python3.12/site-packages/sagemaker-{sdk}.dist-info").mkdir(parents=True)
    functions = script.partition("\nmain() {")[0]
    command = ["sh", "-c", f"{functions}\ndocker={programs}/docker\n{question} {programs}/docker"]
    environment = {"HOME": str(tmp_path), "PATH": f"{programs}:/usr/bin:/bin"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


@pytest.mark.parametrize("version", ["", "19.3.15", "20.10.0", "28.5.2", "29.0.0", "29.2.1", "29.3.0", "30.0.1"])
def test_the_script_judges_a_cli_as_the_role_does(scripts, tmp_path, version):
    good = answer(scripts["home"], tmp_path, "cli_is_compatible", f"echo Docker version {version}, build 0")
    assert good == (not cli_problem(version, {}))


@pytest.mark.parametrize("sdk", [None, "2.257.1", "3.7.1", "3.8.0", "3.20.0", "3.21.0"])
@pytest.mark.parametrize("version", ["", "v1.29.2", "v2.40.3", "2.26.1", "5.1.2", "v5.0.2", "v5.1.0", "v5.1.2"])
def test_the_script_judges_a_compose_as_the_role_does(scripts, tmp_path, version, sdk):
    says = f"Docker Compose version {version}"
    good = answer(scripts["home"], tmp_path, "compose_is_compatible", f"echo {says}", sdk)
    assert good == (not compose_problem(version.lstrip("v"), {}) and not sdk_problem(says, sdk))


def test_an_app_has_docker_at_its_first_start(apps, scripts, with_sdk, names):
    outputs = {}

    def first_start(name):
        start(apps, name, besides=with_sdk(name))
        if STARTS[name].script == "staged":
            apps.put(name, scripts["debs"], STAGED)
        outputs[name] = run_at_start(apps.hosts[name], scripts[STARTS[name].script])

    on_all(first_start, names)
    assert {name: output.count("Install docker") for name, output in outputs.items()} == {
        name: STARTS[name].installed for name in names
    }
    proven(apps, {name: HOSTS[name] for name in names})


def test_the_check_and_a_job_of_the_sdk_pass(apps, names):
    # The SDK wants credentials to be there; the job asks nobody with them.
    environment = {"PYTHONPATH": SDK, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    job = {"local_mode_check_jobs": ["training"], "ansible_docker_extra_env": environment}
    # The sandbox's engine mounts from one home only, which is not root's.
    container = {"local_mode_check_run_container": True}
    names = of_each_image(names)
    hosts = {name: HOSTS[name] | (container if name in CLASSIC else job) for name in names}
    running = apps.start(hosts, playbook=CHECK, local_mode_check_image=images.JOB.tag)
    results = apps.finish(running, returned="ansible_facts")
    assert {name: result["msg"] for name, result in results.items() if result.failed} == {}
    for name, result in results.items():
        findings = {one["check"]: one["observed"] for one in result["ansible_facts"]["local_mode_check_report"]}
        assert findings["container" if name in CLASSIC else "sdk_training"].startswith("it succeeded"), name
    # With the home it can mount from, the SDK's job runs for root, too.
    environment |= {"HOME": HOME, "DOCKER_CONFIG": "/root/.docker"}
    script = (layout.ROOT / "roles/local_mode_check/files/trial_run.py").read_text()
    for name in set(CLASSIC) & set(names):
        done = apps.hosts[name].exec_run(
            ["python3", "-c", script, "training", images.JOB.tag, "300"], environment=environment
        )
        assert done.exit_code == 0, (name, done.output.decode())


def test_the_next_start_needs_nothing_but_the_home(apps, scripts, names):
    def next_start(name):
        start(apps, f"{name}-again")
        copy_home(apps.hosts[name], apps.hosts[f"{name}-again"])
        return run_at_start(apps.hosts[f"{name}-again"], scripts[STARTS[name].script])

    names = [*of_each_image(names), "jammy-system"]
    outputs = {}
    on_all(lambda name: outputs.update({name: next_start(name)}), names)
    assert [name for name, output in outputs.items() if "Download" in output] == []
    assert [name for name, output in outputs.items() if STARTS[name].script == "home" and "Install" in output] == []
    proven(apps, {f"{name}-again": HOSTS[name] for name in names})


def test_absent_takes_away_what_went_to_the_home(apps):
    names = ["jammy", "jammy-27", "bullseye"]
    away = apps.run({name: HOSTS[name] for name in names}, docker_cli_state="absent")
    assert [result["msg"] for result in away.values() if result.failed] == []
    for name in names:
        find = "find ~ /tmp -path ~/tmp -prune -o '(' -path '*docker*' -type f -o -name '*studio_local_mode*' ')'"
        left = apps.shell(name, f"{find} -print; test -L {LINK} && echo {LINK} || true", user="")
        assert left == "", name


def proven(apps, hosts):
    """The user has what speaks to the engine, no check fails, and the role docker_cli has nothing to do."""
    results = apps.run(hosts)
    assert {name: result["msg"] for name, result in results.items() if result.failed} == {}
    for name, result in results.items():
        this, found = STARTS[name.removesuffix("-again")], result["app"]
        assert (name, result.changed, result.packages) == (name, False, {})
        assert (found["docker"]["path"], found["docker"]["version"]) == (this.docker, this.version), name
        assert (found["lifecycle_config"]["status"], found["lifecycle_config"]["since_app_start"]) == ("done", True), (
            name
        )
        findings = {one["check"]: one for one in report(found, 0, 0, None, {})}
        assert [one for one in findings.values() if one["status"] == "failed"] == [], name
        assert findings["lifecycle_config"]["status"] == "ok"
        client, api = apps.shell(
            name, "docker version --format '{{.Client.Version}} {{.Server.APIVersion}}'", user=""
        ).split()
        assert (client.split("+")[0], api) == (this.version, "1.41")
        assert "v2." in apps.shell(name, "docker compose version", user="")
