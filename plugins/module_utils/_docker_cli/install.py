# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The whole way in one process: look, decide, get the packages, install what is missing, look again, prove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import folder
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_home import HomeScope
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_system import (
    REPLACED,
    SystemScope,
    unfinished,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import cli_plan
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import lifecycle_state
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.gather import app_facts
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

_TIMEOUT = 5  # Seconds for each of the engine's answers.


def check_path(params: dict[str, Any]) -> None:
    """Raise PackageError where the packages shall come from a folder that is not named."""
    if params["source"] == "staged" and params["state"] == "present" and not params["path"]:
        raise PackageError(
            "source is staged and path names no folder. In the role docker_cli, set docker_cli_staged_path to the "
            "folder in the app that the bundle was carried to, or docker_cli_staged_copy_from to the one on the "
            "controller that it is copied from."
        )


def bring(module: AnsibleModule) -> dict[str, Any]:
    """Bring the user what is missing; in check mode, tell it. Raises PackageError."""
    params = module.params
    before = app_facts(None, _TIMEOUT)
    plan = _plan(before, params)
    if plan["refuse"]:
        raise PackageError(plan["refuse"])
    hiding = [path for path in (plan["shadowed_by"], plan["compose_shadowed_by"]) if path]
    wanted = {**(unfinished() if params["scope"] == "system" else {}), **plan["install"]}
    files, packages = _packages(module, wanted, before) if wanted else ({}, {})
    after = before
    if (packages or hiding) and not module.check_mode:
        _scope(module, before).install(files, packages, hiding)
        after = app_facts(None, _TIMEOUT)
        plan = {**_proven(_plan(after, params)), "reasons": plan["reasons"]}
    for warning in plan["warnings"]:
        module.warn(warning)
    there = {path: "there" for path in hiding}
    return {
        "changed": bool(packages or hiding),
        "app": after,
        "packages": [{"name": name, "version": one.version, "before": one.before} for name, one in packages.items()],
        "removed": [],
        "reasons": [*plan["reasons"], *plan["warnings"]],
        "diff": {
            "before": {**{name: one.before for name, one in packages.items()}, **there},
            "after": {
                **{name: one.version for name, one in packages.items()},
                **{path: f"moved to {path}{REPLACED}" for path in hiding},
            },
        },
    }


def take_away(module: AnsibleModule) -> dict[str, Any]:
    """Take away what bring has brought, from the system, the home and the folder of downloads. Raises PackageError."""
    before = app_facts(None, _TIMEOUT)
    removed = SystemScope(module, module.params["lock_timeout"]).remove()
    home = Path(before["home"]["path"])
    removed += HomeScope(module, home).remove()
    removed += lifecycle_state.remove(home, module.check_mode)
    if module.params["source"] == "internet":
        removed += folder.remove(Path(module.params["path"]), module.check_mode)
    return {
        "changed": bool(removed),
        "app": before if module.check_mode or not removed else app_facts(None, _TIMEOUT),
        "packages": [],
        "removed": removed,
        "reasons": [],
        "diff": {"before": dict.fromkeys(removed, "there"), "after": {}},
    }


def _plan(app: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    return cli_plan(app, params["version"], params["compose_version"], params["keep_existing"], params["scope"])


def _scope(module: AnsibleModule, app: dict[str, Any]) -> SystemScope | HomeScope:
    if module.params["scope"] == "home":
        return HomeScope(module, Path(app["home"]["path"]))
    return SystemScope(module, module.params["lock_timeout"])


def _packages(
    module: AnsibleModule, wanted: dict[str, str], app: dict[str, Any]
) -> tuple[dict[str, Path], dict[str, Installed]]:
    """Return the verified .deb of each wanted package, and what is in it with what it replaces. Raises PackageError."""
    found = _bundle(module, wanted, Target(app["os"]["id"], app["os"]["codename"], app["architecture"]))
    there = app["home_packages" if module.params["scope"] == "home" else "installed_packages"]
    chosen = [package for package in found["packages"] if package["name"] in wanted]
    return (
        {package["name"]: Path(found["path"], package["file"]) for package in chosen},
        {package["name"]: Installed(package["version"], there.get(package["name"])) for package in chosen},
    )


def _bundle(module: AnsibleModule, wanted: dict[str, str], target: Target) -> dict[str, Any]:
    params = {**module.params, **target._asdict(), "packages": wanted, "key_url": None, "dest": module.params["path"]}
    # Both imported where they are used: an app compiles anew whatever it imports of a module.
    if params["source"] == "internet":
        from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import create

        return create.create_bundle(module, params)["bundle"]
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import staged

    if module.check_mode and params["manifest"]:
        # What is being carried over is not there yet.
        return staged.predict(params, params["manifest"])
    params["dest"] = str(folder.of_target(Path(params["path"]), target))
    return staged.verify(params, allow_unlisted=True)["bundle"]


def _proven(left: dict[str, Any]) -> dict[str, Any]:
    """Return the plan for the app as it is now, of which nothing may be left. Raises PackageError."""
    if left["refuse"]:
        raise PackageError(f"The packages are installed. {left['refuse']}")
    if left["install"] or left["shadowed_by"] or left["compose_shadowed_by"]:
        raise PackageError(
            "The packages are installed, but the user does not get what was asked for: "
            + " ".join([*left["reasons"], *left["warnings"]])
        )
    return left
