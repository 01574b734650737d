# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Decides from the facts of an app why the packages cannot be installed there, each reason with its next step."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import (
    cli_problem,
    compose_problem,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.documented_cli import (
    CLI,
    DOCUMENTED,
    is_published,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.files import release_of_packages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import PROGRAM_TIMEOUT

COMPOSE = "docker-compose-plugin"

# The releases of Studio's images that Docker builds for.
_SUPPORTED = {"ubuntu": ("focal", "jammy", "noble"), "debian": ("bullseye", "bookworm", "trixie")}
_ARCHITECTURES = ("amd64", "arm64")
_NEWEST_COMPATIBLE = "28"  # 29 begins with versions that cannot speak API 1.41.


def is_replaced(install: dict[str, str], codename: str | None) -> bool:
    """Tell whether a newer CLI is installed instead of the documented series, which Docker lacks for the release."""
    return install.get(CLI) == DOCUMENTED and not is_published(DOCUMENTED, codename)


def refusals(app: dict[str, Any], install: dict[str, str], in_system: bool) -> list[str]:
    """Return why the packages cannot be installed; nothing if they can, or if there are none to install.

    Args:
        app: as studio_app_info returns it.
        install: series or version by package.
        in_system: whether the packages are to be installed as root.
    """
    unresponsive = list(_unresponsive(app))
    if unresponsive:
        return unresponsive
    blocking = list(_blocking_variables(app, in_system))
    if blocking or not install:
        return blocking
    return [
        *_incompatible_versions(install, app),
        *_unsupported(app, install),
        *(() if in_system else _other_configuration(app, install)),
        *(_without_root(app, install) if in_system else ()),
    ]


def _unresponsive(app: dict[str, Any]) -> Iterable[str]:
    """A program that gives no output in time would otherwise count as missing."""
    if app["unresponsive_programs"]:
        programs = " and ".join(f"'{command}'" for command in app["unresponsive_programs"])
        yield (
            f"{programs} gave no output within {PROGRAM_TIMEOUT} s, so that the user's programs are not known. Either "
            "the app is too busy (see top there) or the program hangs (try it in a terminal). Then run this again."
        )


def _blocking_variables(app: dict[str, Any], in_system: bool) -> Iterable[str]:
    # Another folder of plugins does not matter once the plugin is in the system's.
    names = [name for name in app["blocking_variables"] if not (in_system and name == "DOCKER_CONFIG")]
    if names:
        variables = " and ".join(names)
        yield (
            f"'docker compose version' fails with {variables} set ({app['compose_error']}), and works without. Unset "
            f"{variables}, also where it is set: in ~/.bashrc, in the image or in the space."
        )


def _other_configuration(app: dict[str, Any], install: dict[str, str]) -> Iterable[str]:
    expected, used = f"{app['home']['path']}/.docker", str(PurePosixPath(app["docker_config"]["path"]).parent)
    if COMPOSE in install and used != expected:
        yield (
            f"DOCKER_CONFIG is {used}, so that the CLI does not search {expected}/cli-plugins, where "
            f"{COMPOSE} is installed in the home. Unset DOCKER_CONFIG, or set docker_cli_scope: system."
        )


def _incompatible_versions(install: dict[str, str], app: dict[str, Any]) -> Iterable[str]:
    """A requested series counts as its newest version would."""
    _distribution, codename = release_of_packages(app["os"])
    versions = {**install, CLI: _NEWEST_COMPATIBLE} if is_replaced(install, codename) else install
    for package, problem, remediation in (
        (CLI, cli_problem, f"docker_cli_version: '{_NEWEST_COMPATIBLE}'"),
        (COMPOSE, compose_problem, "docker_cli_compose_version: '2'"),
    ):
        text = package in versions and problem(f"{package_versions.number(versions[package])}.999", app["engine"])
        if text:
            yield f"{package} {install[package]} is incompatible: {text}. Set {remediation}."
    if install.get(CLI, DOCUMENTED) != DOCUMENTED and not is_published(install[CLI], codename):
        yield f"Docker has no {install[CLI]} for {codename}. Set docker_cli_version: '{_NEWEST_COMPATIBLE}'."


def _unsupported(app: dict[str, Any], install: dict[str, str]) -> Iterable[str]:
    system = app["os"]
    distribution, codename = release_of_packages(system)
    if codename not in _SUPPORTED.get(distribution or "", ()):
        supported = "; ".join(f"{name} {', '.join(codenames)}" for name, codenames in _SUPPORTED.items())
        name = system["pretty_name"] or system["id"] or "unknown"
        yield (
            f"The operating system is {name}, which {' and '.join(install)} cannot be installed on. Supported: "
            f"{supported}."
        )
    if app["architecture"] not in _ARCHITECTURES:
        yield f"This machine is {app['architecture']}; Docker has packages for {' and '.join(_ARCHITECTURES)}."


def _without_root(app: dict[str, Any], install: dict[str, str]) -> Iterable[str]:
    if CLI in install and "docker.io" in app["installed_packages"]:
        yield (
            f"docker.io {app['installed_packages']['docker.io']} is installed and conflicts with {CLI}. If nothing "
            "needs it: sudo apt-get remove docker.io. Or set docker_cli_scope: home, which leaves it in place."
        )
    if not app["sudo"]:
        yield (
            f"{app['user']['name']} is not root and cannot use sudo without a password, which installing "
            f"{' and '.join(install)} requires. Set docker_cli_scope: home, which needs no root."
        )
