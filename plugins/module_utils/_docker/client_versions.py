# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which Docker clients can speak to Studio's engine, and which Compose the SageMaker Python SDK accepts."""

from __future__ import annotations

import re
from typing import Any

# AWS guide: Studio supports 20.10, whose API is 1.41. Newer engines have been seen, so it is a minimum.
API_FLOOR = "1.41"
OLDEST_CLI = "20.10"
OLDEST_COMPOSE = "2"  # the first that is a plugin of the CLI

# The highest API version that a CLI speaks, from this CLI version up to the next line (Docker's API version matrix).
_CLI_HIGHEST = (
    ("0", "1.39"),
    ("19.3", "1.40"),
    ("20.10", "1.41"),
    ("23", "1.42"),
    ("24", "1.43"),
    ("25", "1.44"),
    ("26", "1.45"),
    ("27", "1.46"),
    ("27.2", "1.47"),
    ("28", "1.48"),
    ("28.1", "1.49"),
    ("28.2", "1.50"),
    ("28.3", "1.51"),
    ("29", "1.52"),
    ("29.2", None),
)
# The lowest API version that a client accepts (docker/cli, docker/compose, moby/client at their tags; moby#52067
# lowered it again).
_CLI_LOWEST = (("0", "1.24"), ("29", "1.44"), ("29.3", "1.40"))
_COMPOSE_LOWEST = (("0", "1.24"), ("5.1", "1.44"), ("5.1.1", "1.40"))

_NO_UPPER_BOUND = "9999"  # higher than any version

# sagemaker-python-sdk#5739: from here on the SDK reads the number after the "v".
SDK_THAT_READS_THE_NUMBER = "3.8.0"
# sagemaker-python-sdk#6231: from here on the number may stand without the "v", as in builds of distributions.
SDK_WITHOUT_THE_V = "3.21.0"
_SDK_CONSEQUENCE = (
    "does not see it and fails with 'ImportError: Docker Compose is not installed. "
    "Local Mode features will not work without docker compose.'"
)


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, for comparing: (20, 10, 24) for C(v20.10.24+dfsg1)."""
    found = re.match(r"v?([0-9]+(?:\.[0-9]+)*)", version)
    return tuple(map(int, found.group(1).split("."))) if found else ()


def cli_api(version: str) -> dict[str, str | None]:
    """Return the API versions a CLI speaks: from C(min_version) to C(version), which is None if unknown."""
    return {"version": _lookup(_CLI_HIGHEST, version), "min_version": _lookup(_CLI_LOWEST, version)}


def incompatible_clis() -> list[tuple[str, str]]:
    """Return the CLIs that cannot speak API 1.41 as ranges of versions: (first incompatible, next compatible)."""
    return _above_floor(_CLI_LOWEST)


def incompatible_composes() -> list[tuple[str, str]]:
    """Return the versions of Compose that cannot speak API 1.41, as ranges like those of incompatible_clis."""
    return _above_floor(_COMPOSE_LOWEST)


def _above_floor(lowest: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    following = [since for since, _api in lowest[1:]] + [_NO_UPPER_BOUND]
    return [(since, until) for (since, api), until in zip(lowest, following) if numbers(api) > numbers(API_FLOOR)]


def cli_problem(version: str | None, engine: dict[str, Any]) -> str:
    """Return why a CLI of this version is incompatible with an engine, or an empty text.

    Args:
        version: of the CLI, None if it does not print one.
        engine: C(api_version) and C(min_api_version) as studio_app_info returns them; API 1.41 where they are None.
    """
    if not version:
        return "it does not print its version as Docker's CLI does"
    if numbers(version) < numbers(OLDEST_CLI):
        return f"it is older than {OLDEST_CLI}, the oldest that Studio supports"
    return _mismatch(cli_api(version), engine)


def compose_problem(version: str | None, engine: dict[str, Any]) -> str:
    """Return why a Compose of this version is incompatible with an engine, or an empty text; see cli_problem."""
    if not version:
        return "it does not print its version"
    if numbers(version) < numbers(OLDEST_COMPOSE):
        return f"it is older than {OLDEST_COMPOSE}, the first that is a plugin of the CLI"
    return _mismatch({"version": None, "min_version": _lookup(_COMPOSE_LOWEST, version)}, engine)


def sdk_problem(compose_output: str, sdk_version: str | None) -> str:
    """Return why the SageMaker Python SDK does not accept a Compose, or an empty text.

    Source: sagemaker-python-sdk, detection of Compose in local mode. Before 3.8.0 the output must contain "v2"; later
    it must contain a "v" followed by a number of at least 2, from 3.21.0 on the "v" is optional. An unknown SDK
    (None) is treated as one before 3.8.0.

    Args:
        compose_output: what C(docker compose version) prints.
        sdk_version: of the package sagemaker.
    """
    name = f"SageMaker SDK {sdk_version}" if sdk_version else "the SageMaker SDK before 3.8"
    if sdk_version and numbers(sdk_version) >= numbers(SDK_THAT_READS_THE_NUMBER):
        needs_v = numbers(sdk_version) < numbers(SDK_WITHOUT_THE_V)
        found = re.search(r"v(\d+)" if needs_v else r"version\s+v?(\d+)", compose_output)
        accepted = found is not None and int(found.group(1)) >= 2
        expected = f"a version from {'v2' if needs_v else '2'} on"
    else:
        accepted, expected = "v2" in compose_output, '"v2"'
    return "" if accepted else f"{name} looks for {expected} in '{compose_output}', {_SDK_CONSEQUENCE}"


def _lookup(table: tuple, version: str) -> str | None:
    return [api for since, api in table if numbers(since) <= numbers(version)][-1]


def _mismatch(client: dict[str, Any], engine: dict[str, Any]) -> str:
    """Return why client and engine have no API version in common, with the message Docker prints, or an empty text."""
    api = engine.get("api_version") or API_FLOOR
    engine_lowest = engine.get("min_api_version")
    if numbers(client["min_version"]) > numbers(api):
        return (
            f"it speaks API {client['min_version']} and later, the engine {api}: 'API version {api} is not supported "
            f"by this client: the minimum supported API version is {client['min_version']}'"
        )
    if client["version"] and engine_lowest and numbers(client["version"]) < numbers(engine_lowest):
        return (
            f"it speaks API {client['version']} at most, the engine {engine_lowest} and later: 'client version "
            f"{client['version']} is too old. Minimum supported API version is {engine_lowest}'"
        )
    return ""
