# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the user's side needs: the CLI, Compose, the SDK's view of it, BuildKit, and room in the home."""

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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import PROGRAM_TIMEOUT

_GIB = 1 << 30
_INSTALL = "ansible-playbook mlops.studio_local_mode.install_docker_cli"
_NO_COMPOSE_IN_SDK = (
    "The SDK fails with 'ImportError: Docker Compose is not installed. Local Mode features will not work without "
    "docker compose.'"
)


def docker_cli(app: dict[str, Any]) -> Finding:
    """The docker that the user's shell finds first can speak to the engine."""
    docker, expected = app["docker"], f"a docker from {OLDEST_CLI} on that can speak to the engine"
    if docker is None:
        reason = (
            f"'docker: command not found'; the SDK fails with FileNotFoundError. PATH has {', '.join(app['path'])}."
        )
        return Finding("docker_cli", FAILED, "no docker on the user's PATH", expected, reason, _INSTALL)
    if silent := _silent(app, "--version", "docker_cli", expected):
        return silent
    observed = ", then ".join(_program(program) for program in docker["all"])
    problem = cli_problem(docker["version"], app["engine"])
    if not problem:
        return Finding("docker_cli", OK, observed, expected)
    reason = f"The shell takes {docker['path']}, and {problem}."
    fitting = next((other for other in docker["all"] if not cli_problem(other["version"], app["engine"])), None)
    if fitting is None:
        return Finding("docker_cli", FAILED, observed, expected, reason, _INSTALL)
    reason = f"{reason} {_program(fitting)} could, but it comes later on PATH."
    remediation = f'{_INSTALL}. For this shell alone: export PATH="{_folder(fitting)}:$PATH"'
    return Finding("docker_cli", FAILED, observed, expected, reason, remediation)


def compose(app: dict[str, Any]) -> Finding:
    """The CLI finds a Compose that can speak to the engine."""
    found, expected = app["compose"], "a Compose from 2 on that can speak to the engine"
    if app["docker"] is None:
        return skipped("compose", "It is a plugin of the CLI, see docker_cli.", expected)
    if silent := _silent(app, "compose version", "compose", expected):
        return silent
    if found is None:
        reason = f"'docker compose version' finds none. {_NO_COMPOSE_IN_SDK}"
        return Finding("compose", FAILED, "no Compose", expected, reason, _INSTALL)
    observed = f"{found['version'] or 'version unknown'} ({found['path'] or 'found by the CLI'})"
    problem = compose_problem(found["version"], app["engine"])
    if not problem:
        return Finding("compose", OK, observed, expected)
    return Finding(
        "compose", FAILED, observed, expected, f"{problem[0].upper()}{problem[1:]}.", _replace_compose(found)
    )


def sagemaker_sdk(app: dict[str, Any]) -> Finding:
    """The SageMaker Python SDK recognises that Compose by what it prints."""
    version, found, expected = app["sagemaker_sdk_version"], app["compose"], "an SDK that recognises Compose"
    if version is None:
        python = app["python"]["executable"]
        because = f"There is no package sagemaker in {python}."
        return skipped("sagemaker_sdk", because, expected, f"{python} -m pip install 'sagemaker<3'")
    if found is None:
        return skipped("sagemaker_sdk", "There is no Compose to recognise, see compose.", expected)
    observed = f"SDK {version}, '{found['output']}'"
    problem = sdk_problem(found["output"], version)
    if not problem:
        return Finding("sagemaker_sdk", OK, observed, expected)
    return Finding("sagemaker_sdk", FAILED, observed, expected, f"{problem}.", _replace_compose(found))


def buildkit(app: dict[str, Any]) -> Finding:
    """Builds do not go through BuildKit, which needs the privileged mode that Studio denies."""
    value, buildx, expected = app["docker_buildkit"], app["buildx"], "DOCKER_BUILDKIT=0, or no buildx"
    observed = f"DOCKER_BUILDKIT {'not set' if value is None else f'is {value!r}'}, {_buildx(buildx)}"
    if value != "0" and (silent := _silent(app, "buildx version", "buildkit", expected)):
        return silent
    if value == "0" or (not value and buildx is None):
        return Finding("buildkit", OK, observed, expected)
    return Finding(
        "buildkit",
        WARNING,
        observed,
        expected,
        "docker build will fail: 'Forbidden. Reason: [ContainerCreate] SageMaker Studio Docker Usage does not allow "
        "privileged mode execution'.",
        "export DOCKER_BUILDKIT=0 (in ~/.bashrc, to keep it). 'The legacy builder is deprecated' is harmless then.",
    )


def home_space(app: dict[str, Any], min_free_gib: float, enough_free_gib: float) -> Finding:
    """The home has room for a job's input and model; the images are the engine's and not kept there."""
    home, expected = app["home"], f"{enough_free_gib:g} GiB free, {min_free_gib:g} at least"
    if home["free_bytes"] is None:
        remediation = "Run the check as the user that the terminal of the app has."
        reason = "The SDK keeps a job's files in the home."
        return Finding("home_space", FAILED, f"there is no {home['path']}", expected, reason, remediation)
    free = home["free_bytes"] / _GIB
    observed = f"{free:.1f} GiB free in {home['path']}"
    if free >= enough_free_gib:
        return Finding("home_space", OK, observed, expected)
    return Finding(
        "home_space",
        WARNING if free >= min_free_gib else FAILED,
        observed,
        expected,
        "The SDK copies a job's input and model to ~/tmp: 'No space left on device'.",
        f"See what takes it: du -xh --max-depth=2 {home['path']} | sort -h | tail. Or give the space a larger volume.",
    )


def home_tmp(app: dict[str, Any]) -> Finding:
    """The user may write to ~/tmp, where the SDK keeps the files of local jobs in Studio."""
    home, expected = app["home"], "~/tmp belongs to the user, or can be made"
    folder = PurePosixPath(home["path"], "tmp")
    observed = f"{folder} belongs to {home['tmp_owner']}" if home["tmp_exists"] else f"no {folder} yet"
    if home["tmp_writable"]:
        return Finding("home_tmp", OK, observed, expected)
    name = app["user"]["name"]
    return Finding(
        "home_tmp",
        FAILED,
        observed,
        expected,
        f"The SDK keeps a job's files there, and {name} may not write to it: PermissionError.",
        f"sudo chown -R {name} {folder if home['tmp_exists'] else folder.parent}",
    )


def _silent(app: dict[str, Any], question: str, check: str, expected: str) -> Finding | None:
    """Return the finding on a question to the user's docker that had no answer in time, None where it had one."""
    command = f"{app['docker']['path']} {question}" if app["docker"] else ""
    if command not in app["unresponsive_programs"]:
        return None
    reason = f"'{command}' gave no answer: the app is too busy, or that program hangs."
    remediation = (
        f"See what keeps the app busy: top. Try '{command}' in a terminal of the app. Then run this check again."
    )
    return Finding(check, FAILED, f"no answer within {PROGRAM_TIMEOUT} s", expected, reason, remediation)


def _program(program: dict[str, Any]) -> str:
    return f"{program['path']} ({program['version'] or 'version unknown'})"


def _folder(program: dict[str, Any]) -> str:
    return str(PurePosixPath(program["path"]).parent)


def _buildx(buildx: dict[str, Any] | None) -> str:
    return "no buildx" if buildx is None else f"buildx {buildx['version']}"


def _replace_compose(found: dict[str, Any]) -> str:
    """Return how to get another Compose; one in the user's own folder would hide what a package brings."""
    own = found["path"] and not found["path"].startswith("/usr/libexec/")
    return f"rm {found['path']} (it hides the package's), then: {_INSTALL}" if own else _INSTALL
