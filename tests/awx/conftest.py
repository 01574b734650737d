# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.awx import checkout, galaxy_stand_in
from tests.awx.job import Controller
from tests.endpoint import endpoint, endpoint_url
from tests.sandbox import inventory

__all__ = ["endpoint", "endpoint_url"]


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """Return the project as AWX clones it."""
    return checkout.copy(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def collections(project, tmp_path_factory):
    """Install collections/requirements.yml into an empty folder, as a project update does."""
    folder = tmp_path_factory.mktemp("requirements_collections")
    program = Path(sys.executable).with_name("ansible-galaxy")
    with galaxy_stand_in.serving() as url:
        environment = {
            "HOME": str(tmp_path_factory.mktemp("home")),
            "PATH": os.environ["PATH"],
            "ANSIBLE_COLLECTIONS_PATH": str(folder),
            # A project update of AWX has no collections of an ansible bundle.
            "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
            "ANSIBLE_GALAXY_SERVER_LIST": "server0",
            "ANSIBLE_GALAXY_SERVER_SERVER0_URL": url,
        }
        installed = subprocess.run(
            [program, "collection", "install", "-r", "collections/requirements.yml", "-p", folder],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return folder


@pytest.fixture
def aws(endpoint):
    """Return what a credential of the type Amazon Web Services injects, with the URL of the sandbox's AWS endpoint."""
    return {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/survey",
        "AWS_ENDPOINT_URL": endpoint.url,
    }


@pytest.fixture
def mirror():
    """Return a function that returns the answers for the sandbox's mirror: of a role, with the path of the CA."""

    def answers(prefix, ca_path):
        return {
            f"{prefix}_key_fingerprint": inventory.environment(None)["SANDBOX_KEY_FINGERPRINT"],
            f"{prefix}_ca_path": str(ca_path),
        }

    return answers


@pytest.fixture
def controller(project, collections, tmp_path):
    (tmp_path / "jobs").mkdir()
    return Controller(project, collections, tmp_path / "jobs")
