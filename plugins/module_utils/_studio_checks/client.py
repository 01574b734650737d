# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Check the user's Docker client: the CLI, Compose, the SDK's detection of Compose, and BuildKit."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import (
    OLDEST_CLI,
    cli_problem,
    compose_problem,
    sdk_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import INSTALL
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import PROGRAM_TIMEOUT

_INSTALL_CLI = f"Install Docker's CLI: {INSTALL}"
_INSTALL_COMPOSE = f"Install Compose: {INSTALL}"
_NO_COMPOSE_IN_SDK = (
    "The SDK fails with 'ImportError: Docker Compose is not installed. Local Mode features will not work without "
    "docker compose.'"
)


def docker_cli(app: dict[str, Any]) -> Finding:
    """The first docker on the user's PATH can communicate with the engine."""
    docker, expected = app["docker"], f"a Docker CLI from {OLDEST_CLI} on that supports the engine's API"
    if docker is None:
        reason = (
            f"The shell fails with 'docker: command not found', and the SDK with FileNotFoundError. PATH is "
            f"{':'.join(app['path'])}."
        )
        return Finding("docker_cli", FAILED, "no docker on the user's PATH", expected, reason, _INSTALL_CLI)
    if unresponsive := _unresponsive(app, "--version", "docker_cli", expected):
        return unresponsive
    observed = ", then ".join(_program(program) for program in docker["all"])
    problem = cli_problem(docker["version"], app["engine"])
    if not problem:
        return Finding("docker_cli", OK, observed, expected)
    reason = f"The shell runs {docker['path']}, and {problem}."
    compatible = next((other for other in docker["all"] if not cli_problem(other["version"], app["engine"])), None)
    if compatible is None:
        return Finding("docker_cli", FAILED, observed, expected, reason, _INSTALL_CLI)
    reason = f"{reason} {_program(compatible)} is compatible, but comes later on PATH."
    remediation = f'{_INSTALL_CLI}. For the current shell only: export PATH="{_folder(compatible)}:$PATH"'
    return Finding("docker_cli", FAILED, observed, expected, reason, remediation)


def compose(app: dict[str, Any]) -> Finding:
    """The CLI finds a Compose that can communicate with the engine."""
    found, expected = app["compose"], "a Compose from 2 on that supports the engine's API"
    if app["docker"] is None:
        return skipped("compose", "Compose is a plugin of the CLI, see docker_cli.", expected)
    if unresponsive := _unresponsive(app, "compose version", "compose", expected):
        return unresponsive
    if found is None:
        reason = f"'docker compose version' fails. {_NO_COMPOSE_IN_SDK}"
        return Finding("compose", FAILED, "no Compose", expected, reason, _INSTALL_COMPOSE)
    observed = f"{found['version'] or 'unknown version'} ({found['path'] or 'path unknown'})"
    problem = compose_problem(found["version"], app["engine"])
    if not problem:
        return Finding("compose", OK, observed, expected)
    return Finding(
        "compose", FAILED, observed, expected, f"{problem[0].upper()}{problem[1:]}.", _replace_compose(found)
    )


def sagemaker_sdk(app: dict[str, Any]) -> Finding:
    """The SageMaker Python SDK recognises Compose by the version that Compose prints."""
    version, found, expected = app["sagemaker_sdk_version"], app["compose"], "an SDK that recognises Compose"
    if version is None:
        python = app["python"]["executable"]
        reason = f"The package sagemaker is not installed for {python}."
        return skipped("sagemaker_sdk", reason, expected, f"Install it: {python} -m pip install 'sagemaker<3'")
    if found is None:
        return skipped("sagemaker_sdk", "The SDK needs Compose, see compose.", expected)
    observed = f"SDK {version}, '{found['output']}'"
    problem = sdk_problem(found["output"], version)
    if not problem:
        return Finding("sagemaker_sdk", OK, observed, expected)
    return Finding("sagemaker_sdk", FAILED, observed, expected, f"{problem}.", _replace_compose(found))


def buildkit(app: dict[str, Any]) -> Finding:
    """Builds do not use BuildKit, which needs the privileged mode that Studio denies."""
    value, buildx, expected = app["docker_buildkit"], app["buildx"], "DOCKER_BUILDKIT=0, or no buildx"
    observed = f"DOCKER_BUILDKIT {'is not set' if value is None else f'is {value!r}'}, {_buildx(buildx)}"
    if value != "0" and (unresponsive := _unresponsive(app, "buildx version", "buildkit", expected)):
        return unresponsive
    if value == "0" or (not value and buildx is None):
        return Finding("buildkit", OK, observed, expected)
    return Finding(
        "buildkit",
        WARNING,
        observed,
        expected,
        "docker build will fail: 'Forbidden. Reason: [ContainerCreate] SageMaker Studio Docker Usage does not allow "
        "privileged mode execution'.",
        "Turn BuildKit off, in ~/.bashrc to keep it off: export DOCKER_BUILDKIT=0",
    )


def _unresponsive(app: dict[str, Any], arguments: str, check: str, expected: str) -> Finding | None:
    """Return the finding on a command of the user's docker that did not end in time, None if it did."""
    command = f"{app['docker']['path']} {arguments}" if app["docker"] else ""
    if command not in app["unresponsive_programs"]:
        return None
    return Finding(
        check,
        FAILED,
        f"no answer within {PROGRAM_TIMEOUT} s",
        expected,
        f"'{command}' does not end: the app is overloaded, or the program hangs.",
        f"Find out what uses the app's CPU and memory (top), and run the command in a terminal of the app: {command}",
    )


def _program(program: dict[str, Any]) -> str:
    return f"{program['path']} ({program['version'] or 'unknown version'})"


def _folder(program: dict[str, Any]) -> str:
    return str(PurePosixPath(program["path"]).parent)


def _buildx(buildx: dict[str, Any] | None) -> str:
    return "no buildx" if buildx is None else f"buildx {buildx['version']}"


def _replace_compose(found: dict[str, Any]) -> str:
    """Return how to get another Compose; a plugin outside the package's folder would shadow the package's."""
    shadows = found["path"] and not found["path"].startswith("/usr/libexec/")
    if shadows:
        return f"Remove the plugin, which shadows the package's, and install Compose: rm {found['path']}; {INSTALL}"
    return _INSTALL_COMPOSE
