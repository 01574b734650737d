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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.cli_plugins import SYSTEM_PLUGINS
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.files import release_of_packages

# What YAML makes of an unquoted 20.10, even after a role has converted it to a string. Docker had no 20.1.
_UNQUOTED = "20.1"

# Where the package has its plugin: the last of the CLI's folders.
SYSTEM_PLUGIN = f"{SYSTEM_PLUGINS[-1]}/docker-compose"
SYSTEM_FOLDERS = tuple(f"{folder}/" for folder in SYSTEM_PLUGINS)

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
    """The place that packages are installed to: their versions there, and the paths of their programs."""

    packages: dict[str, str]
    cli_folders: tuple[str, ...]  # names of one folder
    plugin: str
    is_system: bool
    movable: str  # what the user may move without root: the home


class _Client(NamedTuple):
    """One of the two programs: the one that the user gets now, and the requested package."""

    package: str
    requested: str  # series or version
    installed: str | None  # version of the package
    codename: str | None  # of the app's release
    path: str | None
    version: str | None
    missing: str  # why there is no program; empty if there is one
    problem: str  # why the program is incompatible or broken; empty if it is fine
    shadowing: list[str]  # programs that the user would get instead of the package's own
    own_error: str  # why the package's own program is broken; empty if it is not
    behind: tuple[str, ...] = ()  # a compatible program, after the programs that the user would get instead

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
    shadowing: tuple[str, ...] = ()
    unresolved: str = ""  # what neither an installation nor moving a program can solve


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
    shadowing = _to_move_aside(decisions, place)
    texts = refusals.refusals(app, install, place.is_system)
    if not texts and not install and not shadowing:
        texts = _unresolved(decisions, app, place)
    warnings = [_replacement_warning(install, app), *(one.warning for one in decisions), _off_path(app, place, install)]
    return Plan(
        install={} if texts else install,
        keep=[str(client) for client, made in zip(clients, decisions) if not made.install and not made.shadowing],
        shadowing=shadowing,
        reasons=[made.reason for made in decisions],
        warnings=[text for text in warnings if text],
        refusal=" ".join(texts) or None,
    )


def _to_move_aside(decisions: list[_Decision], place: _Scope) -> list[str]:
    # A docker that shadows the home's is the image's, and back at the app's next start: only PATH can solve that.
    cli, compose = decisions
    movable = [path for path in cli.shadowing if place.is_system or path.startswith(place.movable)]
    return [*movable, *compose.shadowing]


def _unresolved(decisions: list[_Decision], app: dict[str, Any], place: _Scope) -> list[str]:
    """Return what remains wrong with nothing left to do; in the home, PATH may lack the CLI, which is a warning."""
    if not place.is_system and _off_path(app, place, {}):
        return []
    return [made.unresolved for made in decisions if made.unresolved]


def _replacement_warning(install: dict[str, str], app: dict[str, Any]) -> str:
    _distribution, codename = release_of_packages(app["os"])
    if not is_replaced(install, codename):
        return ""
    return (
        f"Docker has no {CLI} {DOCUMENTED} for {codename}. The newest that speaks API {API_FLOOR} is installed, "
        f"although AWS documents only {DOCUMENTED}."
    )


def _scope(app: dict[str, Any], scope: str) -> _Scope:
    home = app["home"]["path"]
    if scope == "system":
        return _Scope(app["installed_packages"], ("/usr/bin", "/bin"), SYSTEM_PLUGIN, True, f"{home}/")
    plugin = f"{home}/.docker/cli-plugins/docker-compose"
    return _Scope(app["home_packages"], (f"{home}/.local/bin",), plugin, False, f"{home}/")


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
    docker = app["docker"] or {"path": None, "version": None, "error": None, "all": []}
    error = docker["error"] and f"it is broken: {docker['error']}"
    return _Client(
        package=CLI,
        requested=requested,
        installed=scope.packages.get(CLI),
        codename=release_of_packages(app["os"])[1],
        path=docker["path"],
        version=docker["version"],
        missing="" if app["docker"] else "the user's PATH has no docker",
        problem=error or cli_problem(docker["version"], app["engine"]),
        shadowing=_before(scope.cli_folders, [one["path"] for one in docker["all"]], app["path"]),
        own_error=_cli_error(scope, docker["all"], app["path"]),
        behind=_compatible_behind(scope, docker["all"], app["engine"]),
    )


def _compatible_behind(scope: _Scope, dockers: list[dict[str, Any]], engine: dict[str, Any]) -> tuple[str, ...]:
    """Return the first compatible docker and those before it, if these can be moved; nothing if it is the first."""
    compatible = [not one["error"] and not cli_problem(one["version"], engine) for one in dockers]
    if True not in compatible[1:] or compatible[0]:
        return ()
    at = compatible.index(True)
    before = [one["path"] for one in dockers[:at]]
    movable = scope.is_system or all(path.startswith(scope.movable) for path in before)
    return (dockers[at]["path"], *before) if movable else ()


def _cli_error(scope: _Scope, dockers: list[dict[str, Any]], path: list[str]) -> str:
    """Return why the package's own docker is broken; outside of PATH, that is not known."""
    own = [one for one in dockers if str(PurePosixPath(one["path"]).parent) in scope.cli_folders]
    if own:
        program, error = own[0]["path"], own[0]["error"]
        return f"{program} is broken: {error}" if error else _foreign(CLI, program, own[0]["version"], scope)
    if scope.is_system and any(folder in path for folder in scope.cli_folders):
        return f"{scope.cli_folders[0]}/docker is missing or not executable"
    return ""


def _compose(app: dict[str, Any], requested: str, scope: _Scope) -> _Client:
    compose = app["compose"] or {"path": None, "version": None, "output": ""}
    files = {one["path"]: one["error"] for one in app["compose_plugins"]}
    error = files.get(compose["path"]) and f"it is broken: {files[compose['path']]}"
    problem = error or compose_problem(compose["version"], app["engine"])
    before = [path for path in files if path != scope.plugin]
    return _Client(
        package=COMPOSE,
        requested=requested,
        installed=scope.packages.get(COMPOSE),
        codename=release_of_packages(app["os"])[1],
        path=compose["path"],
        version=compose["version"],
        missing="" if app["compose"] else _no_compose(app, files),
        problem=problem or sdk_problem(compose["output"], app["sagemaker_sdk_version"]),
        shadowing=before[: list(files).index(scope.plugin)] if scope.plugin in files else _not_after(before, scope),
        own_error=_plugin_error(scope, files, compose),
    )


def _plugin_error(scope: _Scope, files: dict[str, str | None], compose: dict[str, Any]) -> str:
    plugin = scope.plugin
    if plugin not in files:
        return f"{plugin} is missing"
    if files[plugin]:
        return f"{plugin} is broken: {files[plugin]}"
    return _foreign(COMPOSE, plugin, compose["version"], scope) if compose["path"] == plugin else ""


def _foreign(package: str, path: str, version: str | None, scope: _Scope) -> str:
    """Return that the program in a package's place is another one; empty if it has the version of the package."""
    expected = package_versions.number(scope.packages[package]) if package in scope.packages else version
    if version == expected:
        return ""
    return f"{path} is not the program of the package: it prints the version {version or '(none)'}, not {expected}"


def _no_compose(app: dict[str, Any], files: dict[str, str | None]) -> str:
    first = next(iter(files), None)
    if first is not None and files[first]:
        return f"{first} is broken: {files[first]}"
    if first is not None and app["compose_error"]:
        return f"'docker compose version' fails: {app['compose_error']}"
    return "the CLI has no Compose"


def _not_after(files: list[str], scope: _Scope) -> list[str]:
    """Return the files that the CLI finds before the plugin that will be installed: in the system, it is the last."""
    return files if scope.is_system else [path for path in files if not path.startswith(SYSTEM_FOLDERS)]


def _before(folders: tuple[str, ...], programs: list[str], path: list[str]) -> list[str]:
    """Return the programs whose folder is in PATH before those folders."""
    first = next((at for at, name in enumerate(path) if name in folders), len(path))
    return [program for program in programs if str(PurePosixPath(program).parent) in path[:first]]


def _decide(client: _Client, keep_existing: bool) -> _Decision:
    if client.is_requested:
        warning = f"{client} is the requested version, but {client.problem}." if client.problem else ""
        return _Decision(False, f"Keep {client}: {client.package} {client.requested} is requested.", warning)
    if keep_existing and not client.missing and not client.problem:
        return _Decision(False, f"Keep {client}: it can speak to the engine.")
    if keep_existing and client.behind:
        path, *before = client.behind
        reason = f"Keep {path}, which can speak to the engine, in place of {client}: {client.problem}."
        return _Decision(False, reason, f"{path} is shadowed by {' and '.join(before)}.", tuple(before))
    cause = client.missing or client.problem or "keep_existing is false"
    shadowing = tuple(client.shadowing)
    if client.has_requested_package and not client.own_error:
        reason = f"Nothing to install: {client.package} {client.installed} is installed, although {cause}."
        on_path = " Add the folder of its docker to PATH." if client.missing and client.package == CLI else ""
        unresolved = f"{client.package} {client.installed} is installed, but {cause}.{on_path}"
        return _Decision(False, reason, _shadowing_warning(client), shadowing, unresolved)
    in_place_of = "" if client.missing else f" in place of {client}"
    if client.has_requested_package:
        reason = f"Install {client.package} {client.requested} again: {client.own_error}."
    else:
        reason = f"Install {client.package} {client.requested}{in_place_of}: {cause}."
    return _Decision(True, reason, _shadowing_warning(client), shadowing)


def _shadowing_warning(client: _Client) -> str:
    if not client.shadowing:
        return ""
    return f"The program of {client.package} is shadowed by {' and '.join(client.shadowing)}."
