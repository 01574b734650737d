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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.client_settings import (
    blocking_variables,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.symptoms import INSTALL
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import PROGRAM_TIMEOUT

# Programs of Docker's packages, which an installation replaces.
_OF_PACKAGES = ("/usr/bin/", "/usr/libexec/")
_NO_COMPOSE_IN_SDK = (
    "The SDK fails with 'ImportError: Docker Compose is not installed. Local Mode features will not work without "
    "docker compose.'"
)


def docker_cli(app: dict[str, Any]) -> Finding:
    """The first docker on the user's PATH runs and can communicate with the engine."""
    docker, expected = app["docker"], f"a Docker CLI from {OLDEST_CLI} on that supports the engine's API"
    if docker is None:
        return _no_cli(app, expected)
    if unresponsive := _unresponsive(app, "--version", "docker_cli", expected):
        return unresponsive
    observed = ", then ".join(_program(program) for program in docker["all"])
    problem = _broken(app, docker["path"]) or cli_problem(docker["version"], app["engine"])
    if not problem:
        return Finding("docker_cli", OK, observed, expected)
    reason = f"The shell runs {docker['path']}, and {problem}."
    remediation = _install(app, "Docker's CLI", docker["path"] if _broken(app, docker["path"]) else None)
    works = (
        one for one in docker["all"] if not _broken(app, one["path"]) and not cli_problem(one["version"], app["engine"])
    )
    compatible = next(works, None)
    if compatible:
        reason = f"{reason} {_program(compatible)} is compatible, but comes later on PATH."
        remediation = f'{remediation}. For the current shell only: export PATH="{_folder(compatible)}:$PATH"'
    return Finding("docker_cli", FAILED, observed, expected, reason, remediation)


def compose(app: dict[str, Any]) -> Finding:
    """The Compose of the SDK, which is the CLI's plugin or a standalone program, can communicate with the engine."""
    plugin, expected = app["compose"], "a Compose from 2 on that supports the engine's API"
    if app["docker"] is None or not app["docker"]["version"]:
        return skipped("compose", "Compose is a plugin of the CLI, see docker_cli.", expected)
    if variables := blocking_variables(app):
        reason = f"The CLI does not run Compose with {', '.join(variables)}, see client_environment."
        return skipped("compose", reason, expected)
    if unresponsive := _unresponsive(app, "compose version", "compose", expected):
        return unresponsive
    problem = _compose_problem(app, plugin) if plugin else "the CLI finds no Compose"
    if not problem:
        return Finding("compose", OK, _program(plugin), expected)
    standalone = app["standalone_compose"]
    if standalone and not _sdk_uses_plugin(app):
        return _standalone(app, standalone, problem, expected)
    if plugin:
        return Finding("compose", FAILED, _program(plugin), expected, _sentence(problem), _replace_compose(app, plugin))
    return _no_compose(app, expected)


def sagemaker_sdk(app: dict[str, Any]) -> Finding:
    """The SageMaker Python SDK recognises Compose by the version that Compose prints."""
    version, plugin, expected = app["sagemaker_sdk_version"], app["compose"], "an SDK that recognises Compose"
    if version is None:
        python = app["python"]["executable"]
        reason = f"The package sagemaker is not installed for {python}."
        return skipped("sagemaker_sdk", reason, expected, f"Install it: {python} -m pip install 'sagemaker<3'")
    standalone = app["standalone_compose"]
    if standalone and not _sdk_uses_plugin(app):
        return Finding("sagemaker_sdk", OK, f"SDK {version}, standalone {_program(standalone)}", expected)
    if plugin is None:
        return skipped("sagemaker_sdk", "The SDK needs Compose, see compose.", expected)
    observed = f"SDK {version}, '{plugin['output']}'"
    problem = sdk_problem(plugin["output"], version)
    if not problem:
        return Finding("sagemaker_sdk", OK, observed, expected)
    return Finding("sagemaker_sdk", FAILED, observed, expected, f"{problem}.", _replace_compose(app, plugin))


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
    return f"{program['path'] or 'unknown path'} ({program['version'] or 'unknown version'})"


def _folder(program: dict[str, Any]) -> str:
    return str(PurePosixPath(program["path"]).parent)


def _buildx(buildx: dict[str, Any] | None) -> str:
    return "no buildx" if buildx is None else f"buildx {buildx['version']}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _broken(app: dict[str, Any], path: str) -> str:
    """Return why a program is broken, empty if it is not."""
    return next((one["reason"] for one in app["broken_programs"] if one["path"] == path), "")


def _first_broken(app: dict[str, Any], name: str) -> dict[str, str] | None:
    return next((one for one in app["broken_programs"] if PurePosixPath(one["path"]).name == name), None)


def _compose_problem(app: dict[str, Any], plugin: dict[str, Any]) -> str:
    return _broken(app, plugin["path"]) or compose_problem(plugin["version"], app["engine"])


def _sdk_uses_plugin(app: dict[str, Any]) -> bool:
    """Return whether the SDK uses the CLI's plugin; otherwise it uses any program docker-compose on PATH."""
    plugin = app["compose"]
    return plugin is not None and not sdk_problem(plugin["output"], app["sagemaker_sdk_version"])


def _no_cli(app: dict[str, Any], expected: str) -> Finding:
    broken = _first_broken(app, "docker")
    observed = f"{broken['path']} is broken: {broken['reason']}" if broken else "no docker on the user's PATH"
    reason = (
        "The shell fails with 'docker: command not found', and the SDK with FileNotFoundError. "
        f"PATH is {':'.join(app['path'])}."
    )
    remediation = _install(app, "Docker's CLI", broken["path"] if broken else None)
    return Finding("docker_cli", FAILED, observed, expected, reason, remediation)


def _no_compose(app: dict[str, Any], expected: str) -> Finding:
    """Return the finding about a CLI without Compose: it ignores those in later folders than a broken one."""
    broken = _first_broken(app, "docker-compose")
    ignored = app["docker_config"]["ignored_compose"]
    observed, reason = "no Compose", "'docker compose version' fails."
    remediation = _install(app, "Compose", broken["path"] if broken else None)
    if broken:
        observed = f"{broken['path']} is broken: {broken['reason']}"
    elif ignored:
        reason = f"The CLI ignores {ignored}, because DOCKER_CONFIG is {app['client_environment']['DOCKER_CONFIG']}."
        remediation = f"Unset DOCKER_CONFIG, or install Compose for this folder: {INSTALL}"
    return Finding("compose", FAILED, observed, expected, f"{reason} {_NO_COMPOSE_IN_SDK}", remediation)


def _standalone(app: dict[str, Any], standalone: dict[str, Any], problem: str, expected: str) -> Finding:
    """Return the finding about a standalone Compose that the SDK uses instead of the plugin."""
    observed = f"{_program(standalone)}, a standalone program"
    reason = f"{_sentence(problem)} The SDK uses the standalone program instead, 'docker compose' fails."
    of_standalone = compose_problem(standalone["version"], app["engine"])
    if of_standalone:
        return Finding("compose", FAILED, observed, expected, _sentence(of_standalone), _install(app, "Compose", None))
    return Finding("compose", OK, observed, expected, reason, _install(app, "the plugin", None))


def _install(app: dict[str, Any], what: str, broken: str | None) -> str:
    """Return the installation's command, with the removal of a broken program that the installation does not own."""
    if broken is None or broken.startswith(_OF_PACKAGES):
        return f"Install {what}: {INSTALL}"
    sudo = "" if broken.startswith(f"{app['home']['path']}/") or app["user"]["uid"] == 0 else "sudo "
    return f"Remove the broken program, and install {what}: {sudo}rm {broken}; {INSTALL}"


def _replace_compose(app: dict[str, Any], plugin: dict[str, Any]) -> str:
    """Return how to get another Compose; a plugin in an earlier folder would shadow the package's."""
    path, config = plugin["path"], app["docker_config"]
    if path and str(PurePosixPath(path).parent) in config["cli_plugins_extra_dirs"]:
        return f"Remove the folder from cliPluginsExtraDirs, and install Compose: vi {config['path']}; {INSTALL}"
    if path and not path.startswith(_OF_PACKAGES):
        return f"Remove the plugin, which shadows the package's, and install Compose: rm {path}; {INSTALL}"
    return f"Install Compose: {INSTALL}"
