# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.environment import (
    parse_environ,
    user_environment,
)

APP = {"DOCKER_HOST": "unix:///app", "DOCKER_BUILDKIT": "0", "PATH": "/opt/conda/bin:/usr/bin", "SECRET": "of the app"}


@pytest.mark.parametrize(
    ("own", "app", "option", "docker_host", "source"),
    [
        ({"DOCKER_HOST": "unix:///own"}, APP, None, "unix:///own", "environment"),
        ({}, APP, None, "unix:///app", "app process"),
        ({"DOCKER_HOST": ""}, APP, None, "unix:///app", "app process"),
        ({}, {}, None, None, None),
        ({}, {"DOCKER_HOST": ""}, None, None, None),
        ({"DOCKER_HOST": ""}, {}, None, None, None),
        ({"DOCKER_HOST": "unix:///own"}, APP, "unix:///given", "unix:///given", "option"),
        ({}, {}, "unix:///given", "unix:///given", "option"),
    ],
)
def test_docker_host(own, app, option, docker_host, source):
    found = user_environment(own, app, option)
    assert (found.docker_host, found.docker_host_source) == (docker_host, source)


def test_what_comes_with_the_docker_host_of_the_app():
    found = user_environment({"PATH": "/bin", "DOCKER_BUILDKIT": "1", "HOME": "/h"}, APP, "unix:///given")
    assert found.variables == {
        "PATH": "/opt/conda/bin:/usr/bin",
        "DOCKER_BUILDKIT": "0",
        "HOME": "/h",
        "DOCKER_HOST": "unix:///given",
    }


def test_own_environment_stays_whole_where_it_has_a_docker_host():
    own = {"DOCKER_HOST": "unix:///own", "PATH": "/bin"}
    assert user_environment(own, APP, None).variables == own


@pytest.mark.parametrize(("app", "seen"), [(APP, "unix:///app"), ({}, None), ({"DOCKER_HOST": ""}, None)])
def test_what_the_app_itself_has_is_told_apart(app, seen):
    assert user_environment({"DOCKER_HOST": "unix:///own"}, app, None).app_docker_host == seen


@pytest.mark.parametrize(
    ("path", "folders"),
    [("/a:/b:/a", ["/a", "/b"]), ("", []), ("/a::.:bin:/b", ["/a", "/b"]), (None, [])],
)
def test_path(path, folders):
    own = {} if path is None else {"PATH": path}
    assert user_environment(own, {}, None).path == folders


@pytest.mark.parametrize(
    ("content", "variables"),
    [
        (b"A=1\0B=x=y\0", {"A": "1", "B": "x=y"}),
        (b"A=\0junk\0=x\0", {"A": ""}),
        (b"A=\xff\0", {"A": "\N{REPLACEMENT CHARACTER}"}),
        (b"", {}),
    ],
)
def test_parse_environ(content, variables):
    assert parse_environ(content) == variables
