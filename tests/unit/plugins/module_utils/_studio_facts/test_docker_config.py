# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.docker_config import (
    client_environment,
    docker_config,
)


@pytest.fixture
def write(tmp_path):
    def write_config(content, folder=".docker"):
        file = tmp_path / folder / "config.json"
        file.parent.mkdir(parents=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(file)

    return write_config


def test_only_the_client_s_variables_that_are_set():
    variables = {"DOCKER_API_VERSION": "1.47", "DOCKER_TLS_VERIFY": "", "DOCKER_AUTH_CONFIG": "secret", "HOME": "/"}
    assert client_environment(variables) == {"DOCKER_API_VERSION": "1.47"}


def test_no_file(tmp_path):
    assert docker_config({}, tmp_path, []) == {
        "path": str(tmp_path / ".docker/config.json"),
        "error": None,
        "writable": True,
        "credential_helpers": [],
        "cli_plugins_extra_dirs": [],
        "ignored_compose": None,
    }


def test_credential_helpers_are_searched_on_path(tmp_path, write):
    write({"credsStore": "desktop", "credHelpers": {"a.example": "ecr-login", "b.example": ""}})
    program = tmp_path / "bin/docker-credential-ecr-login"
    program.parent.mkdir()
    program.touch(mode=0o755)
    assert docker_config({}, tmp_path, [str(program.parent)])["credential_helpers"] == [
        {"name": "ecr-login", "registry": "a.example", "path": str(program)},
        {"name": "desktop", "registry": None, "path": None},
    ]


def test_another_folder_and_the_compose_that_it_hides(tmp_path, write):
    file = write({"cliPluginsExtraDirs": ["/opt/plugins"]}, folder="elsewhere")
    plugin = tmp_path / ".docker/cli-plugins/docker-compose"
    plugin.parent.mkdir(parents=True)
    plugin.touch()
    facts = docker_config({"DOCKER_CONFIG": str(tmp_path / "elsewhere")}, tmp_path, [])
    assert (facts["path"], facts["cli_plugins_extra_dirs"]) == (file, ["/opt/plugins"])
    assert facts["ignored_compose"] == str(plugin)
    assert docker_config({}, tmp_path, [])["ignored_compose"] is None


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a JSON object"),
        ({"credHelpers": [], "credsStore": {}, "cliPluginsExtraDirs": "/x"}, None),
    ],
)
def test_malformed_files(tmp_path, write, content, error):
    write(content)
    facts = docker_config({}, tmp_path, [])
    assert (facts["error"] or "").startswith(error or "")
    assert (facts["credential_helpers"], facts["cli_plugins_extra_dirs"]) == ([], [])


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / ".docker").touch()
    facts = docker_config({}, tmp_path, [])
    assert (facts["error"], facts["writable"]) == ("Not a directory", False)
