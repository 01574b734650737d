# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment without base images: its definition, build context, dependencies and check playbook."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.awx.checkout import VERSION
from tests.awx.job import Controller

pytestmark = pytest.mark.xdist_group("execution_environment")

CHECK = "playbooks/check_execution_environment.yml"
ENABLE = "playbooks/enable_local_mode.yml"


def builder(*arguments, cwd=None):
    program = Path(sys.executable).with_name("ansible-builder")
    done = subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def context(project):
    """Create the build context by the commands of the Makefile."""
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    folder = project / ".execution-environment"
    build = [galaxy, "collection", "build", "--force", "--output-path", folder]
    subprocess.run(build, cwd=project, check=True, capture_output=True, timeout=600)
    builder("create", "--context", folder / "context", "--output-filename", "Containerfile", cwd=project)
    return folder / "context"


def test_the_image_gets_the_collection_of_this_checkout(context):
    requirements = yaml.safe_load((context / "_build/requirements.yml").read_text())
    [collection, amazon_aws] = requirements["collections"]
    assert amazon_aws["name"] == "amazon.aws"
    assert re.fullmatch(r"[0-9.]+", amazon_aws["version"])
    tarball = context / "_build" / Path(collection["name"]).relative_to("/build")
    with tarfile.open(tarball) as archive:
        assert CHECK in archive.getnames()
    # The stage of the build that installs it copies it there.
    assert "COPY _build /build\n" in (context / "Containerfile").read_text()


def test_the_image_gets_the_locked_versions(context):
    steps = (context / "Containerfile").read_text().splitlines()
    assert "RUN $PYCMD -m pip install --no-cache-dir $ANSIBLE_INSTALL_REFS" in " ".join(steps)
    locked = steps.index("ENV PIP_CONSTRAINT=/etc/pip-versions.txt")
    assert locked < next(index for index, step in enumerate(steps) if "$ANSIBLE_INSTALL_REFS" in step)
    [copy] = [step.split()[1] for step in steps if step.endswith(" /etc/pip-versions.txt")]
    versions = (context / copy).read_text().splitlines()
    assert any(line.startswith("ansible-core==2.21.") for line in versions)
    assert any(line.startswith("boto3==") for line in versions)


@pytest.fixture
def controller_with_image(context, project, tmp_path):
    """Return an AWX whose project update installed nothing, so that the image provides the collection."""
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    [tarball] = context.parent.glob("*.tar.gz")
    install = [galaxy, "collection", "install", "--no-deps", "--collections-path", tmp_path / "image", tarball]
    subprocess.run(install, check=True, capture_output=True, timeout=600)
    return Controller(project, tmp_path / "image", tmp_path / "jobs")


def test_the_image_provides_the_collection_if_the_project_installs_none(controller_with_image, endpoint, aws):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    answers = {"domain_docker_access_domains": "research", "domain_docker_access_region": "eu-west-1"}
    assert controller_with_image.run(ENABLE, answers, environment=aws).changed == {"localhost": 1}
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    assert settings["EnableDockerAccess"] == "ENABLED"


def test_ansible_builder_finds_the_requirements(collections):
    found = yaml.safe_load(builder("introspect", collections))
    python, system = ([line.partition("#")[0].strip() for line in found[kind]] for kind in ("python", "system"))
    assert {"boto3>=1.40.16", "botocore>=1.40.16"} <= set(python)
    assert {"gpgv [platform:dpkg]", "gnupg2 [platform:rpm]"} <= set(system)


def test_the_check_passes_in_a_complete_environment(controller):
    job = controller.run(CHECK, {})
    assert job.changed == {}
    assert job.hosts == {"localhost"}


def test_the_check_passes_in_the_image(controller_with_image):
    assert f"mlops.studio_local_mode {VERSION}" in controller_with_image.run(CHECK, {}).output


@pytest.mark.parametrize(("installed", "shown"), [(None, "no version"), ("9.9.9", "9.9.9")])
def test_the_check_requires_the_collection_of_the_project(project, tmp_path, installed, shown):
    folder = tmp_path / "image/ansible_collections/mlops/studio_local_mode"
    folder.mkdir(parents=True)
    if installed:
        (folder / "MANIFEST.json").write_text(json.dumps({"collection_info": {"version": installed}}, indent=1))
    job = Controller(project, tmp_path / "image", tmp_path / "jobs").launch(CHECK, {})
    assert job.status == "failed"
    assert f"mlops.studio_local_mode {VERSION} is required, {shown} is installed." in job.shown()


def test_the_check_names_everything_that_is_missing(controller, tmp_path):
    # A minimal image has only Python.
    (tmp_path / "bin").mkdir()
    for program in ("python3", "ansible-playbook"):
        (tmp_path / "bin" / program).symlink_to(Path(sys.executable).with_name(program))
    for program in ("sh", "rm", "sleep", "mkdir", "chmod", "cat", "env", "ssh"):
        (tmp_path / "bin" / program).symlink_to(f"/usr/bin/{program}")
    for package in ("botocore", "websocket"):
        (tmp_path / "shadow" / package).mkdir(parents=True)
        (tmp_path / "shadow" / package / "__init__.py").write_text(f"raise ImportError('no {package}')\n")
    job = controller.launch(
        CHECK, {}, environment={"PATH": str(tmp_path / "bin"), "PYTHONPATH": str(tmp_path / "shadow")}
    )
    assert job.status == "failed"
    assert "botocore 1.40.16 or later is required, no version is installed" in job.shown()
    assert "websocket-client 1.8 or later is required, no version is installed" in job.shown()
    assert "gpgv 2 or later is required, no version is installed. It is needed for stage_docker_debs" in job.shown()
    assert "ssh 7 or later is required" not in job.shown()
