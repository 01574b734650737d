# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.client import (
    compose,
    docker_cli,
    sagemaker_sdk,
)

from tests.unit.studio_app import CONDA, OWN_PLUGIN, PLUGIN, SYSTEM, docker, docker_config, studio_app
from tests.unit.studio_app import compose as plugin

INSTALL = "ansible-playbook -i ~/this_app.yml mlops.studio_local_mode.install_docker_cli"
STANDALONE = plugin("2.26.1", "/usr/local/bin/docker-compose")


def broken(path, reason="it is truncated, 6 bytes are left"):
    return [{"path": path, "reason": reason}]


@pytest.mark.parametrize(
    ("path", "remediation"),
    [
        (SYSTEM, f"Install Docker's CLI: {INSTALL}"),
        (CONDA, f"Remove the broken program, and install Docker's CLI: sudo rm {CONDA}; {INSTALL}"),
        ("/home/sagemaker-user/bin/docker", "and install Docker's CLI: rm /home/sagemaker-user/bin/docker; "),
    ],
)
def test_a_broken_cli(path, remediation):
    app = studio_app(docker=docker((path, None)), compose=None, broken_programs=broken(path))
    found = docker_cli(app)
    assert (found.status, found.reason) == ("failed", f"The shell runs {path}, and it is truncated, 6 bytes are left.")
    assert remediation in found.remediation
    assert compose(app).status == "skipped"


def test_a_broken_cli_before_one_that_runs():
    app = studio_app(docker=docker((CONDA, None), (SYSTEM, "20.10.24")), broken_programs=broken(CONDA))
    assert f"{SYSTEM} (20.10.24) is compatible" in docker_cli(app).reason


def test_a_cli_that_the_shell_does_not_find():
    reason = "it is not executable (mode 0644)"
    found = docker_cli(studio_app(docker=None, compose=None, broken_programs=broken(SYSTEM, reason)))
    assert found.observed == f"{SYSTEM} is broken: {reason}"
    assert found.remediation == f"Install Docker's CLI: {INSTALL}"


@pytest.mark.parametrize(
    ("path", "remediation"),
    [
        (PLUGIN, f"Install Compose: {INSTALL}"),
        (OWN_PLUGIN, f"Remove the broken program, and install Compose: rm {OWN_PLUGIN}; {INSTALL}"),
    ],
)
def test_a_broken_plugin(path, remediation):
    reason = "it is not a program, it starts with 'Not Found'"
    found = compose(studio_app(compose=None, broken_programs=broken(path, reason)))
    assert (found.status, found.observed) == ("failed", f"{path} is broken: {reason}")
    assert found.remediation == remediation


def test_programs_that_run_and_are_damaged():
    reason = "it is damaged: its checksum is not that of the file that was installed"
    app = studio_app(docker=docker((SYSTEM, "20.10.24")), compose=plugin("2.29.2", OWN_PLUGIN))
    app["broken_programs"] = broken(SYSTEM, reason) + broken(OWN_PLUGIN, reason)
    assert (docker_cli(app).status, docker_cli(app).reason) == ("failed", f"The shell runs {SYSTEM}, and {reason}.")
    assert (compose(app).status, compose(app).reason) == ("failed", f"{reason.capitalize()}.")


def test_a_plugin_that_docker_config_hides():
    config = docker_config(ignored_compose=OWN_PLUGIN)
    found = compose(studio_app(compose=None, docker_config=config, client_environment={"DOCKER_CONFIG": "/x"}))
    assert f"The CLI ignores {OWN_PLUGIN}, because DOCKER_CONFIG is /x." in found.reason
    assert found.remediation.startswith("Unset DOCKER_CONFIG")


def test_another_compose_in_an_extra_folder():
    config = docker_config(cli_plugins_extra_dirs=["/opt/plugins"])
    found = sagemaker_sdk(studio_app(compose=plugin("5.1.2", "/opt/plugins/docker-compose"), docker_config=config))
    assert found.remediation.startswith("Remove the folder from cliPluginsExtraDirs")
    assert "vi /home/sagemaker-user/.docker/config.json" in found.remediation


@pytest.mark.parametrize("variable", ["DOCKER_TLS_VERIFY", "DOCKER_TLS"])
def test_tls_is_the_cause_of_a_missing_compose(variable):
    facts = {"client_environment": {variable: "1"}, "blocking_variables": [variable]}
    found = compose(studio_app(compose=None, **facts))
    assert found.status == "skipped"
    assert f"with {variable}, see client_environment" in found.reason


# The plugin, the SDK, and whether the SDK then uses a standalone program (sagemaker/local/image.py).
@pytest.mark.parametrize(
    ("found", "sdk", "standalone"),
    [
        (None, "2.245.0", True),
        (None, None, True),
        (plugin("5.1.0"), "2.245.0", True),
        (plugin("5.1.2"), "2.245.0", False),
        (plugin("2.29.2"), "2.245.0", False),
    ],
)
def test_a_standalone_compose(found, sdk, standalone):
    app = studio_app(compose=found, standalone_compose=STANDALONE, sagemaker_sdk_version=sdk)
    result = compose(app)
    assert result.status == "ok"
    assert ("a standalone program" in result.observed) is standalone
    assert sagemaker_sdk(app).status == ("skipped" if sdk is None else "ok")


def test_a_standalone_compose_that_the_sdk_does_not_use():
    app = studio_app(compose=plugin("5.1.0"), standalone_compose=STANDALONE, sagemaker_sdk_version="3.8.0")
    assert compose(app).status == "failed"


def test_a_standalone_compose_1():
    old = {"path": "/usr/bin/docker-compose", "version": "1.29.2", "output": "docker-compose version 1.29.2"}
    found = compose(studio_app(compose=None, standalone_compose=old))
    assert (found.status, found.remediation) == ("failed", f"Install Compose: {INSTALL}")
    assert "older than 2" in found.reason
