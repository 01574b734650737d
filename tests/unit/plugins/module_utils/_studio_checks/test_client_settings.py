# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.client_settings import (
    client_environment,
    docker_config,
)

from tests.unit.studio_app import docker_config as config
from tests.unit.studio_app import engine, studio_app, unreachable_engine

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def app_with(**variables):
    return studio_app(client_environment=variables)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DOCKER_BUILDKIT": "0", "DOCKER_CONFIG": "/home/u/docker", "DOCKER_CERT_PATH": "/x"},
        {"DOCKER_API_VERSION": "1.41"},
        {"DOCKER_API_VERSION": "1.24"},
        {"DOCKER_DEFAULT_PLATFORM": "linux/amd64"},
        {"DOCKER_DEFAULT_PLATFORM": "linux/x86_64"},
        {"DOCKER_DEFAULT_PLATFORM": "amd64"},
        {"DOCKER_DEFAULT_PLATFORM": "linux"},
        {"DOCKER_CONTENT_TRUST": "0"},
    ],
)
def test_variables_with_which_the_client_works(variables):
    assert client_environment(app_with(**variables)).status == "ok"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DOCKER_API_VERSION": "1.47"}, "1.47 is too new. Maximum supported API version is 1.41"),
        ({"DOCKER_API_VERSION": "1.11"}, "1.11 is too old. Minimum supported API version is 1.12"),
        ({"DOCKER_API_VERSION": "v1.41"}, "'v1.41' is not a version of Docker's API"),
        ({"DOCKER_DEFAULT_PLATFORM": "linux/arm64"}, "The engine is for amd64: images for linux/arm64"),
        ({"DOCKER_DEFAULT_PLATFORM": "linux/arm64/v8"}, "linux/arm64/v8"),
        ({"DOCKER_DEFAULT_PLATFORM": "windows/amd64"}, "windows/amd64"),
        ({"DOCKER_TLS_VERIFY": "0"}, "does not support TLS"),
        ({"DOCKER_TLS": "1"}, "does not support TLS"),
    ],
)
def test_variables_with_which_the_client_fails(variables, words):
    found = client_environment(app_with(DOCKER_BUILDKIT="0", **variables))
    [(name, value)] = variables.items()
    assert (found.status, found.observed) == ("failed", f"{name}={value}")
    assert words in found.reason
    assert found.remediation.endswith(f": unset {name}")


def test_an_engine_that_does_not_answer_is_taken_for_studio_s():
    facts = {"client_environment": {"DOCKER_API_VERSION": "1.42"}}
    unreachable = unreachable_engine("hanging", "No answer.")
    assert client_environment(studio_app(**facts, engine=unreachable)).status == "failed"
    assert client_environment(studio_app(**facts, engine=engine(api_version="1.44"))).status == "ok"


def test_several_variables_are_one_finding():
    found = client_environment(app_with(DOCKER_API_VERSION="1.47", DOCKER_CONTENT_TRUST="1"))
    assert (found.status, found.observed) == ("failed", "DOCKER_API_VERSION=1.47, DOCKER_CONTENT_TRUST=1")
    assert found.remediation.endswith("unset DOCKER_API_VERSION DOCKER_CONTENT_TRUST")


def test_another_variable_that_keeps_compose_from_running():
    """Its value may be a secret."""
    found = client_environment(studio_app(client_environment={}, blocking_variables=["DOCKER_AUTH_CONFIG"]))
    assert (found.status, found.observed) == ("failed", "DOCKER_AUTH_CONFIG")
    assert found.reason == "Without DOCKER_AUTH_CONFIG, docker compose works."


def test_a_folder_without_compose_is_a_finding_of_compose():
    variables = {"DOCKER_CONFIG": "/x"}
    app = studio_app(client_environment=variables, blocking_variables=["DOCKER_CONFIG"])
    assert client_environment(app).status == "ok"


def test_content_trust_alone_is_a_warning():
    assert client_environment(app_with(DOCKER_CONTENT_TRUST="1")).status == "warning"


def helper(name="desktop", registry=None, path=None):
    return {"name": name, "registry": registry, "path": path}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "ok"),
        ({"credential_helpers": [helper("ecr-login", ECR, "/usr/bin/docker-credential-ecr-login")]}, "ok"),
        ({"credential_helpers": [helper()]}, "failed"),
        ({"credential_helpers": [helper("ecr-login", ECR)]}, "failed"),
        ({"credential_helpers": [helper("gcloud", "gcr.io")]}, "warning"),
        ({"credential_helpers": [helper("gcloud", "gcr.io"), helper()]}, "failed"),
        ({"error": "not valid JSON"}, "warning"),
        ({"writable": False}, "failed"),
    ],
)
def test_docker_login(changes, status):
    found = docker_config(studio_app(docker_config=config(**changes)))
    assert found.status == status
    assert bool(found.reason and found.remediation) is (status != "ok")


def test_a_missing_helper_is_named_with_its_setting():
    helpers = [helper("gcloud", "gcr.io"), helper("ecr-login", ECR)]
    found = docker_config(studio_app(docker_config=config(credential_helpers=helpers)))
    assert found.observed == "docker-credential-ecr-login is not on the user's PATH"
    assert f"as credHelpers of {ECR}" in found.reason
    assert found.remediation.endswith(": vi /home/sagemaker-user/.docker/config.json")


@pytest.mark.parametrize(
    ("variables", "command"),
    [
        ({}, "sudo chown -R sagemaker-user /home/sagemaker-user/.docker"),
        ({"DOCKER_CONFIG": "/x"}, "unset DOCKER_CONFIG"),
    ],
)
def test_a_folder_that_the_user_may_not_write_to(variables, command):
    found = docker_config(studio_app(docker_config=config(writable=False), client_environment=variables))
    assert found.remediation.endswith(command)
