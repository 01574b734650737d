# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Decides what to install so that the user of an app gets a docker and a Compose that speak to Studio's engine."""

from __future__ import annotations

from collections.abc import Iterable
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
    is_published,
    satisfies,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import PROGRAM_TIMEOUT

COMPOSE = "docker-compose-plugin"

# What Docker builds for, of what Studio's images are made of.
_SUPPORTED = {"ubuntu": ("focal", "jammy", "noble"), "debian": ("bullseye", "bookworm", "trixie")}
_ARCHITECTURES = ("amd64", "arm64")
# What becomes of a 20.10 without quotes, also where a role has made a string of it again. Docker had no such version.
_UNQUOTED = "20.1"
_NEWEST_THAT_FITS = "28"  # 29 begins with versions that cannot speak API 1.41.

ON_PATH = "echo 'export PATH=\"$HOME/.local/bin:$PATH\"' >> ~/.bashrc"


class _Scope(NamedTuple):
    """Where packages go: the versions that are there, the folders of their programs, and whose they are."""

    packages: dict[str, str]
    cli_folders: tuple[str, ...]  # names of one folder
    plugin_folder: str
    is_system: bool


class _Client(NamedTuple):
    """One of the two programs: what the user has now, and what the package would bring."""

    package: str
    wanted: str  # series or version
    packaged: str | None  # the version dpkg has
    codename: str | None  # of the app's release
    path: str | None
    version: str | None
    missing: str  # why there is none, for people; empty when there is one
    problem: str  # why the present one is no good; empty when it is
    hides: str | None  # the present one, where it would still come first once the package is installed

    @property
    def has_wanted_package(self) -> bool:
        return self.packaged is not None and satisfies(self.package, self.packaged, self.wanted, self.codename)

    @property
    def is_wanted(self) -> bool:
        return (
            self.has_wanted_package
            and self.version is not None
            and satisfies(self.package, self.version, self.wanted, self.codename)
        )

    def __str__(self) -> str:
        if self.missing:
            return f"{self.package} {self.packaged or self.wanted}"
        return f"{self.path or self.package} ({self.version or 'version unknown'})"


class _Verdict(NamedTuple):
    install: bool
    reason: str
    warning: str = ""
    shadowed_by: str | None = None


def check_versions(version: Any, compose_version: Any) -> None:
    """Raise ValueError for what is no version; the name of the option is in the message."""
    for name, value in (("version", version), ("compose_version", compose_version)):
        if not isinstance(value, str) or not package_versions.number(value) or value == _UNQUOTED:
            raise ValueError(
                f'{name} is {value!r}, which is no version such as "20.10". Put it in quotes: YAML reads 20.10 as 20.1.'
            )


def cli_plan(
    app: dict[str, Any], version: str, compose_version: str, keep_existing: bool, scope: str = "system"
) -> dict[str, Any]:
    """Return what the filter docker_cli_plan documents; on a refusal there is nothing to install.

    Args:
        app: as studio_app_info returns it.
        version: series or version of docker-ce-cli.
        compose_version: series or version of docker-compose-plugin.
        keep_existing: whether programs that can speak to the engine stay, whatever their version and origin.
        scope: C(system), or C(home) for programs under the user's home.
    """
    place = _scope(app, scope)
    clients = [_cli(app, version, place), _compose(app, compose_version, place)]
    verdicts = [_decide(client, keep_existing) for client in clients]
    install = {client.package: client.wanted for client, v in zip(clients, verdicts) if v.install}
    refusals = [*_misfits(install, app), *(_refusals(app, install) if install else ())]
    if install and place.is_system:
        refusals += _system_refusals(app, install)
    refusals = list(_silence(app)) or refusals
    cli_warning = _replacement(install, app)
    return {
        "install": {} if refusals else install,
        "keep": [str(client) for client, v in zip(clients, verdicts) if not v.install and not v.shadowed_by],
        "reasons": [v.reason for v in verdicts],
        "warnings": [
            text for text in (cli_warning, *(v.warning for v in verdicts), _unreachable(app, place, install)) if text
        ],
        "refuse": " ".join(refusals) or None,
        # What hides a program of the home is the image's, and back at the app's next start: the PATH has to change.
        "shadowed_by": verdicts[0].shadowed_by if place.is_system else None,
        "compose_shadowed_by": verdicts[1].shadowed_by,
    }


def _replacement(install: dict[str, str], app: dict[str, Any]) -> str:
    """Return a warning where Docker does not have the documented CLI for the app's release."""
    codename = app["os"]["codename"]
    if install.get(CLI) != DOCUMENTED or is_published(DOCUMENTED, codename):
        return ""
    return (
        f"Docker has no {CLI} {DOCUMENTED} for {codename}. The newest that speaks API {API_FLOOR} is installed, "
        f"although AWS documents {DOCUMENTED} only."
    )


def _scope(app: dict[str, Any], scope: str) -> _Scope:
    if scope == "system":
        return _Scope(app["installed_packages"], ("/usr/bin", "/bin"), "/usr/libexec/docker/cli-plugins", True)
    home = app["home"]["path"]
    return _Scope(app["home_packages"], (f"{home}/.local/bin",), f"{home}/.docker/cli-plugins", False)


def _unreachable(app: dict[str, Any], scope: _Scope, install: dict[str, str]) -> str:
    """Return what to do where the CLI is, or will be, in the home and the user's PATH does not lead to it first."""
    folder = scope.cli_folders[-1]
    first = app["docker"] and str(PurePosixPath(app["docker"]["path"]).parent)
    if scope.is_system or first == folder or not (CLI in install or CLI in scope.packages):
        return ""
    if app["docker"] is None and folder in app["path"]:
        return ""
    return f"The user's PATH does not find the docker in {folder}, or finds another one before it. Change it: {ON_PATH}"


def _cli(app: dict[str, Any], wanted: str, scope: _Scope) -> _Client:
    docker = app["docker"] or {"path": None, "version": None}
    return _Client(
        package=CLI,
        wanted=wanted,
        packaged=scope.packages.get(CLI),
        codename=app["os"]["codename"],
        path=docker["path"],
        version=docker["version"],
        missing="" if app["docker"] else "the user's PATH has no docker",
        problem=cli_problem(docker["version"], app["engine"]),
        hides=_before(scope.cli_folders, docker["path"], app["path"]),
    )


def _compose(app: dict[str, Any], wanted: str, scope: _Scope) -> _Client:
    compose = app["compose"] or {"path": None, "version": None, "output": ""}
    problem = compose_problem(compose["version"], app["engine"])
    in_folder = compose["path"] and str(PurePosixPath(compose["path"]).parent)
    return _Client(
        package=COMPOSE,
        wanted=wanted,
        packaged=scope.packages.get(COMPOSE),
        codename=app["os"]["codename"],
        path=compose["path"],
        version=compose["version"],
        missing="" if app["compose"] else "the CLI has no Compose",
        problem=problem or sdk_problem(compose["output"], app["sagemaker_sdk_version"]),
        hides=compose["path"] if scope.is_system and in_folder != scope.plugin_folder else None,
    )


def _before(folders: tuple[str, ...], program: str | None, path: list[str]) -> str | None:
    """Return the program if the user's shell would find it before one of the same name in those folders."""
    if program is None:
        return None
    folder = str(PurePosixPath(program).parent)
    first = next((at for at, name in enumerate(path) if name in folders), len(path))
    return program if folder in path[:first] else None


def _decide(client: _Client, keep_existing: bool) -> _Verdict:
    if client.is_wanted:
        warning = f"{client} is what was asked for, but {client.problem}." if client.problem else ""
        return _Verdict(False, f"Keep {client}: {client.package} {client.wanted} was asked for.", warning)
    if keep_existing and not client.missing and not client.problem:
        return _Verdict(False, f"Keep {client}: it can speak to the engine.")
    why = client.missing or client.problem or "what is there shall not be kept"
    if client.has_wanted_package:
        reason = f"Nothing to install: {client.package} {client.packaged} is there already, though {why}."
        return _Verdict(False, reason, _hidden(client), client.hides)
    in_place_of = "" if client.missing else f" in place of {client}"
    reason = f"Install {client.package} {client.wanted}{in_place_of}: {why}."
    return _Verdict(True, reason, _hidden(client), client.hides)


def _hidden(client: _Client) -> str:
    return f"{client} comes before what {client.package} brings, and hides it." if client.hides else ""


def _misfits(install: dict[str, str], app: dict[str, Any]) -> Iterable[str]:
    """Yield what is wrong with the versions asked for, as far as the newest of each series would be."""
    judged = {**install, CLI: _NEWEST_THAT_FITS} if _replacement(install, app) else install
    for package, problem, way_out in (
        (CLI, cli_problem, f"docker_cli_version: '{_NEWEST_THAT_FITS}'"),
        (COMPOSE, compose_problem, "docker_cli_compose_version: '2'"),
    ):
        text = package in judged and problem(f"{package_versions.number(judged[package])}.999", app["engine"])
        if text:
            yield f"{package} {install[package]} cannot be used: {text}. Set {way_out}."
    codename = app["os"]["codename"]
    if install.get(CLI, DOCUMENTED) != DOCUMENTED and not is_published(install[CLI], codename):
        yield f"Docker has no {install[CLI]} for {codename}: set docker_cli_version: '{_NEWEST_THAT_FITS}'."


def _silence(app: dict[str, Any]) -> Iterable[str]:
    """Yield that what the user has is not known: a program without an answer would be taken for one not there."""
    if app["unresponsive_programs"]:
        programs = " and ".join(f"'{command}'" for command in app["unresponsive_programs"])
        yield (
            f"{programs} gave no answer within {PROGRAM_TIMEOUT} s: the app is too busy (see top there), or it hangs "
            "(try it in a terminal). What the user has is not known: run this again afterwards."
        )


def _refusals(app: dict[str, Any], install: dict[str, str]) -> Iterable[str]:
    """Yield why nothing can be installed in this app."""
    system = app["os"]
    if system["codename"] not in _SUPPORTED.get(system["id"], ()):
        supported = "; ".join(f"{name} {', '.join(codenames)}" for name, codenames in _SUPPORTED.items())
        name = system["pretty_name"] or system["id"] or "an operating system that does not tell its name"
        yield f"This is {name}, for which {' and '.join(install)} cannot be installed. Supported: {supported}."
    if app["architecture"] not in _ARCHITECTURES:
        yield f"This machine is {app['architecture']}; Docker has packages for {' and '.join(_ARCHITECTURES)}."


def _system_refusals(app: dict[str, Any], install: dict[str, str]) -> Iterable[str]:
    """Yield why nothing can be installed as root in this app."""
    if CLI in install and "docker.io" in app["installed_packages"]:
        yield (
            f"docker.io {app['installed_packages']['docker.io']} is installed and conflicts with {CLI}. If nothing "
            "needs it: sudo apt-get remove docker.io. Or set docker_cli_scope: home, which leaves it where it is."
        )
    if not app["sudo"]:
        yield (
            f"{app['user']['name']} is neither root nor may become it without a password, which "
            f"{' and '.join(install)} need. Set docker_cli_scope: home, which needs no root."
        )
