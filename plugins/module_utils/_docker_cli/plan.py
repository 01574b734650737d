# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Decides from the facts of an app which packages to install, so that its user has a working docker and Compose."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import (
    API_FLOOR,
    cli_problem,
    compose_problem,
    sdk_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.documented_cli import (
    CLI,
    DOCUMENTED,
    satisfies,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import refusals
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.refusals import (
    COMPOSE,
    is_replaced,
)

# What YAML makes of an unquoted 20.10, even after a role has converted it to a string. Docker had no 20.1.
_UNQUOTED = "20.1"

ON_PATH = "echo 'export PATH=\"$HOME/.local/bin:$PATH\"' >> ~/.bashrc"


class Plan(NamedTuple):
    """The packages to install, and the reasons, as sentences."""

    install: dict[str, str]  # series or version by package
    keep: list[str]  # the programs that stay
    shadowing: list[str]  # programs that the user would get instead of the packages' own
    reasons: list[str]  # one for the CLI, one for Compose
    warnings: list[str]
    refusal: str | None  # why nothing can be installed, or why it is not known what the user has


class _Scope(NamedTuple):
    """The place that packages are installed to: their versions there, and the folders of their programs."""

    packages: dict[str, str]
    cli_folders: tuple[str, ...]  # names of one folder
    plugin_folder: str
    is_system: bool


class _Client(NamedTuple):
    """One of the two programs: the one that the user gets now, and the requested package."""

    package: str
    requested: str  # series or version
    installed: str | None  # version of the package
    codename: str | None  # of the app's release
    path: str | None
    version: str | None
    missing: str  # why there is no program; empty if there is one
    problem: str  # why the program is incompatible; empty if it is not
    shadowing: str | None  # the program, if the user would still get it once the package is installed

    @property
    def has_requested_package(self) -> bool:
        return self.installed is not None and satisfies(self.package, self.installed, self.requested, self.codename)

    @property
    def is_requested(self) -> bool:
        return (
            self.has_requested_package
            and self.version is not None
            and satisfies(self.package, self.version, self.requested, self.codename)
        )

    def __str__(self) -> str:
        if self.missing:
            return f"{self.package} {self.installed or self.requested}"
        return f"{self.path or self.package} ({self.version or 'version unknown'})"


class _Decision(NamedTuple):
    install: bool
    reason: str
    warning: str = ""
    shadowing: str | None = None


def check_versions(version: Any, compose_version: Any) -> None:
    """Raise ValueError if an option is not a version; the message names the option."""
    for name, value in (("version", version), ("compose_version", compose_version)):
        if not isinstance(value, str) or not package_versions.number(value) or value == _UNQUOTED:
            raise ValueError(
                f'{name} is {value!r}, which is not a version such as "20.10". Put it in quotes: YAML reads 20.10 as '
                "20.1."
            )


def plan_installation(
    app: dict[str, Any], version: str, compose_version: str, keep_existing: bool, scope: str = "system"
) -> Plan:
    """Return the plan for an app; with a refusal it installs nothing.

    Args:
        app: as studio_app_info returns it.
        version: series or version of docker-ce-cli.
        compose_version: series or version of docker-compose-plugin.
        keep_existing: whether programs that are compatible with the engine stay, whatever their version and origin.
        scope: C(system), or C(home) for programs under the user's home.
    """
    place = _scope(app, scope)
    clients = [_cli(app, version, place), _compose(app, compose_version, place)]
    decisions = [_decide(client, keep_existing) for client in clients]
    install = {client.package: client.requested for client, made in zip(clients, decisions) if made.install}
    refusal = " ".join(refusals.refusals(app, install, place.is_system))
    texts = [_replacement_warning(install, app), *(made.warning for made in decisions), _off_path(app, place, install)]
    return Plan(
        install={} if refusal else install,
        keep=[str(client) for client, made in zip(clients, decisions) if not made.install and not made.shadowing],
        shadowing=_to_move_aside(decisions, place),
        reasons=[made.reason for made in decisions],
        warnings=[text for text in texts if text],
        refusal=refusal or None,
    )


def _to_move_aside(decisions: list[_Decision], place: _Scope) -> list[str]:
    # A docker that shadows the home's is the image's, and back at the app's next start: only PATH can solve that.
    cli, compose = decisions
    return [made.shadowing for made in ([cli] if place.is_system else []) + [compose] if made.shadowing]


def _replacement_warning(install: dict[str, str], app: dict[str, Any]) -> str:
    codename = app["os"]["codename"]
    if not is_replaced(install, codename):
        return ""
    return (
        f"Docker has no {CLI} {DOCUMENTED} for {codename}. The newest that speaks API {API_FLOOR} is installed, "
        f"although AWS documents only {DOCUMENTED}."
    )


def _scope(app: dict[str, Any], scope: str) -> _Scope:
    if scope == "system":
        return _Scope(app["installed_packages"], ("/usr/bin", "/bin"), "/usr/libexec/docker/cli-plugins", True)
    home = app["home"]["path"]
    return _Scope(app["home_packages"], (f"{home}/.local/bin",), f"{home}/.docker/cli-plugins", False)


def _off_path(app: dict[str, Any], scope: _Scope, install: dict[str, str]) -> str:
    """Return a warning if the CLI is installed in the home and the user's PATH does not find it first."""
    folder = scope.cli_folders[-1]
    first = app["docker"] and str(PurePosixPath(app["docker"]["path"]).parent)
    if scope.is_system or first == folder or not (CLI in install or CLI in scope.packages):
        return ""
    if app["docker"] is None and folder in app["path"]:
        return ""
    return f"The user's PATH does not find the docker in {folder} first. Change it: {ON_PATH}"


def _cli(app: dict[str, Any], requested: str, scope: _Scope) -> _Client:
    docker = app["docker"] or {"path": None, "version": None}
    return _Client(
        package=CLI,
        requested=requested,
        installed=scope.packages.get(CLI),
        codename=app["os"]["codename"],
        path=docker["path"],
        version=docker["version"],
        missing="" if app["docker"] else "the user's PATH has no docker",
        problem=cli_problem(docker["version"], app["engine"]),
        shadowing=_if_before(scope.cli_folders, docker["path"], app["path"]),
    )


def _compose(app: dict[str, Any], requested: str, scope: _Scope) -> _Client:
    compose = app["compose"] or {"path": None, "version": None, "output": ""}
    problem = compose_problem(compose["version"], app["engine"])
    in_folder = compose["path"] and str(PurePosixPath(compose["path"]).parent)
    return _Client(
        package=COMPOSE,
        requested=requested,
        installed=scope.packages.get(COMPOSE),
        codename=app["os"]["codename"],
        path=compose["path"],
        version=compose["version"],
        missing="" if app["compose"] else "the CLI has no Compose",
        problem=problem or sdk_problem(compose["output"], app["sagemaker_sdk_version"]),
        shadowing=compose["path"] if scope.is_system and in_folder != scope.plugin_folder else None,
    )


def _if_before(folders: tuple[str, ...], program: str | None, path: list[str]) -> str | None:
    """Return the program if PATH has its folder before those folders."""
    if program is None:
        return None
    folder = str(PurePosixPath(program).parent)
    first = next((at for at, name in enumerate(path) if name in folders), len(path))
    return program if folder in path[:first] else None


def _decide(client: _Client, keep_existing: bool) -> _Decision:
    if client.is_requested:
        warning = f"{client} is the requested version, but {client.problem}." if client.problem else ""
        return _Decision(False, f"Keep {client}: {client.package} {client.requested} is requested.", warning)
    if keep_existing and not client.missing and not client.problem:
        return _Decision(False, f"Keep {client}: it can speak to the engine.")
    cause = client.missing or client.problem or "keep_existing is false"
    if client.has_requested_package:
        reason = f"Nothing to install: {client.package} {client.installed} is installed, although {cause}."
        return _Decision(False, reason, _shadowing_warning(client), client.shadowing)
    in_place_of = "" if client.missing else f" in place of {client}"
    reason = f"Install {client.package} {client.requested}{in_place_of}: {cause}."
    return _Decision(True, reason, _shadowing_warning(client), client.shadowing)


def _shadowing_warning(client: _Client) -> str:
    return f"{client} is found before the program of {client.package} and shadows it." if client.shadowing else ""
