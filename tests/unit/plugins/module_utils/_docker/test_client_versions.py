# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import client_versions

STUDIO = {"api_version": "1.41", "min_api_version": "1.12"}
ENGINE_29 = {"api_version": "1.52", "min_api_version": "1.44"}
UNKNOWN = {"api_version": None, "min_api_version": None}


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("20.10.24", (20, 10, 24)), ("v2.29.2", (2, 29, 2)), ("20.10.24+dfsg1", (20, 10, 24)), ("dev", ()), ("", ())],
)
def test_numbers(version, numbers):
    assert client_versions.numbers(version) == numbers


@pytest.mark.parametrize(
    ("version", "highest", "lowest"),
    [
        ("18.09.1", "1.39", "1.24"),
        ("19.03.15", "1.40", "1.24"),
        ("20.10.24", "1.41", "1.24"),
        ("27.1.1", "1.46", "1.24"),
        ("27.5.1", "1.47", "1.24"),
        ("28.5.2", "1.51", "1.24"),
        ("29.0.0", "1.52", "1.44"),
        ("29.2.1", None, "1.44"),
        ("29.3.0", None, "1.40"),
        ("30.0.0", None, "1.40"),
    ],
)
def test_cli_api(version, highest, lowest):
    assert client_versions.cli_api(version) == {"version": highest, "min_version": lowest}


@pytest.mark.parametrize("engine", [STUDIO, UNKNOWN])
@pytest.mark.parametrize("version", ["20.10.0", "20.10.24", "23.0.1", "27.5.1", "28.5.2", "29.3.0", "29.7.1"])
def test_compatible_cli(version, engine):
    assert client_versions.cli_problem(version, engine) == ""


@pytest.mark.parametrize(
    ("version", "engine", "words"),
    [
        (
            "29.0.0",
            STUDIO,
            "API version 1.41 is not supported by this client: the minimum supported API version is 1.44",
        ),
        ("29.2.1", UNKNOWN, "the minimum supported API version is 1.44"),
        ("20.10.24", ENGINE_29, "client version 1.41 is too old. Minimum supported API version is 1.44"),
        ("19.03.15", STUDIO, "older than 20.10"),
        ("20.1", STUDIO, "older than 20.10"),
        (None, STUDIO, "does not print its version"),
    ],
)
def test_incompatible_cli(version, engine, words):
    assert words in client_versions.cli_problem(version, engine)


def test_newer_engine_and_newer_cli():
    assert client_versions.cli_problem("29.1.0", ENGINE_29) == ""


@pytest.mark.parametrize("version", ["2.0.0", "2.40.3", "5.0.2", "5.1.1", "5.1.2"])
def test_compatible_compose(version):
    assert client_versions.compose_problem(version, STUDIO) == ""


@pytest.mark.parametrize(
    ("version", "words"), [("5.1.0", "1.44"), ("1.29.2", "older than 2"), (None, "does not print its version")]
)
def test_incompatible_compose(version, words):
    assert words in client_versions.compose_problem(version, STUDIO)


@pytest.mark.parametrize(
    ("output", "sdk", "accepted"),
    [
        ("Docker Compose version v2.29.2", "2.245.0", True),
        ("Docker Compose version v2.29.2", "3.7.1", True),
        ("Docker Compose version v2.29.2", "3.8.0", True),
        ("Docker Compose version v2.29.2", None, True),
        ("Docker Compose version 2.26.1", "2.245.0", False),
        ("Docker Compose version 2.26.1", "3.12.0", False),
        ("Docker Compose version v5.1.2", "2.257.6", False),
        ("Docker Compose version v5.1.2", "3.7.1", False),
        ("Docker Compose version v5.1.2", None, False),
        ("Docker Compose version v5.1.2", "3.8.0", True),
        ("Docker Compose version v10.0.0", "3.12.0", True),
        ("Docker Compose version 2.26.1", "3.20.9", False),
        ("Docker Compose version 2.26.1", "3.21.0", True),
        ("Docker Compose version v5.1.2", "3.27.0", True),
        ("docker-compose version 1.29.2", "3.27.0", False),
        ("Docker Compose version v1.29.0", "3.12.0", False),
        ("", "3.12.0", False),
    ],
)
def test_sdk(output, sdk, accepted):
    problem = client_versions.sdk_problem(output, sdk)
    assert (problem == "") is accepted
    assert accepted or "ImportError: Docker Compose is not installed" in problem


def test_sdk_problem_names_the_sdk():
    assert client_versions.sdk_problem("Docker Compose version v5.1.2", "3.7.1").startswith("SageMaker SDK 3.7.1 looks")


def test_incompatible_versions_as_ranges():
    assert client_versions.incompatible_clis() == [("29", "29.3")]
    assert client_versions.incompatible_composes() == [("5.1", "5.1.1")]


def test_last_range_has_no_upper_bound():
    assert client_versions._above_floor((("0", "1.24"), ("31", "1.44"))) == [("31", "9999")]
