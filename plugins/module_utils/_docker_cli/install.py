# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Reconciles the Docker CLI and Compose of an app in one process: gather, plan, get packages, install, gather again."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import folder
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.deb import Deb
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_home import (
    HomeScope,
    lock_file,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_system import SystemScope
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.lock import exclusive
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.moved_aside import REPLACED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.plan import Plan, plan_installation
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import lifecycle_state
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.app_user import user_instead
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.files import release_of_packages
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.gather import app_facts
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

_LEFT_OUT = (
    "If dpkg leaves a program out, find the rule with 'dpkg-divert --list' or in /etc/dpkg/dpkg.cfg.d (path-exclude). "
    "Or set docker_cli_scope: home, which changes nothing in the system."
)
_TIMEOUT = 5  # seconds for each response of the engine


class Packages(NamedTuple):
    """The packages to install, by name: their verified files, and their versions with those that they replace."""

    debs: dict[str, Deb]
    installed: dict[str, Installed]


class Step(NamedTuple):
    """The facts of an app, and what to do there."""

    app: dict[str, Any]
    plan: Plan
    required: dict[str, str]  # series or version by package

    @property
    def is_needed(self) -> bool:
        return bool(self.required or self.plan.shadowing)


def check_source(params: dict[str, Any]) -> None:
    """Raise PackageError if the bundle is to be staged and no option names its folder."""
    if params["source"] == "staged" and not (params["path"] or params["copy_from"]):
        raise PackageError(
            "source is staged, but neither path nor copy_from names a folder. In the role docker_cli, set "
            "docker_cli_staged_path to the bundle's folder in the app, or docker_cli_staged_copy_from to its folder on "
            "the controller."
        )


def ensure_present(module: AnsibleModule) -> dict[str, Any]:
    """Install what is missing or broken and verify the result; in check mode, predict it.

    Raises PackageError, and BundleNeededError where the action plugin has to copy a bundle first.
    """
    step = _next_step(module)
    packages = _packages(module, step)
    after = step.app
    if step.is_needed and not module.check_mode:
        with exclusive(lock_file(_home(step.app)), module.params["lock_timeout"]) as waited:
            if waited:  # for an installation that may have done the same
                step = _next_step(module)
                packages = _packages(module, step)
            if step.is_needed:
                _install(module, step, packages)
        after = app_facts(None, _TIMEOUT)
        plan = _verified(_plan(after, module.params), module.params["scope"] == "system")
        step = step._replace(plan=plan._replace(reasons=step.plan.reasons, shadowing=step.plan.shadowing))
    for warning in step.plan.warnings:
        module.warn(warning)
    return {"app": after, "removed": [], **_changes(step.plan, packages.installed)}


def ensure_absent(module: AnsibleModule) -> dict[str, Any]:
    """Remove from system, home and cache what this collection has installed. Raises PackageError."""
    before = app_facts(None, _TIMEOUT)
    _refuse_another_user(before)
    home = _home(before)
    with _unless_check_mode(module, home):
        system = SystemScope(module, module.params["lock_timeout"])
        removed = system.remove()
        programs = HomeScope(module, home).remove()
        removed += [*programs, *system.remove_link(programs)]
        removed += lifecycle_state.remove(home, module.check_mode)
        removed += folder.remove(Path(module.params["cache_path"]), module.check_mode)
    return {
        "changed": bool(removed),
        "app": before if module.check_mode or not removed else app_facts(None, _TIMEOUT),
        "packages": [],
        "removed": removed,
        "reasons": [],
        "diff": {"before": dict.fromkeys(removed, "present"), "after": {}},
    }


def _unless_check_mode(module: AnsibleModule, home: Path) -> AbstractContextManager[bool]:
    # Without a record there is nothing of this collection in the home, and no lock to leave behind.
    if module.check_mode or not lock_file(home).parent.exists():
        return nullcontext(False)
    return exclusive(lock_file(home), module.params["lock_timeout"])


def _next_step(module: AnsibleModule) -> Step:
    """Return what to do in the app as it is now. Raises PackageError for a refusal."""
    app = app_facts(None, _TIMEOUT)
    _refuse_another_user(app)
    plan = _plan(app, module.params)
    if plan.refusal:
        raise PackageError(plan.refusal)
    in_system = module.params["scope"] == "system"
    unfinished = SystemScope(module, module.params["lock_timeout"]).unfinished() if in_system else {}
    return Step(app, plan, {**unfinished, **plan.install})


def _refuse_another_user(app: dict[str, Any]) -> None:
    app_user = user_instead(app)
    if app_user is None:
        return
    name = app["user"]["name"]
    cause, user = ("become is on, so that this", "") if app["become"] else ("This", f"ansible_user: {app_user} and ")
    raise PackageError(
        f"{cause} runs as {name}. The app's user is {app_user}, whose PATH, home and DOCKER_HOST matter. "
        f"Set {user}become: false; the installation uses sudo where it needs root."
    )


def _install(module: AnsibleModule, step: Step, packages: Packages) -> None:
    home = HomeScope(module, _home(step.app))
    if module.params["scope"] == "home":
        home.install(packages.debs, packages.installed, step.plan.shadowing)
        return
    # What is in the home outlives the record of the system.
    own = [path for path in step.plan.shadowing if home.may_move(path)]
    others = [path for path in step.plan.shadowing if path not in own]
    SystemScope(module, module.params["lock_timeout"]).install(packages.debs, packages.installed, others)
    if own:
        home.install({}, {}, own)


def _home(app: dict[str, Any]) -> Path:
    return Path(app["home"]["path"])


def _plan(app: dict[str, Any], params: dict[str, Any]) -> Plan:
    return plan_installation(
        app, params["version"], params["compose_version"], params["keep_existing"], params["scope"]
    )


def _packages(module: AnsibleModule, step: Step) -> Packages:
    """Return the verified .debs of the required packages. Raises PackageError."""
    if not step.required:
        return Packages({}, {})
    app = step.app
    distribution, codename = release_of_packages(app["os"])
    bundle = _bundle(module, step.required, Target(distribution or "", codename or "", app["architecture"]))
    present = app["home_packages" if module.params["scope"] == "home" else "installed_packages"]
    chosen = [package for package in bundle["packages"] if package["name"] in step.required]
    return Packages(
        {package["name"]: Deb(Path(bundle["path"], package["file"]), package["sha256"]) for package in chosen},
        {package["name"]: Installed(package["version"], present.get(package["name"])) for package in chosen},
    )


def _bundle(module: AnsibleModule, required: dict[str, str], target: Target) -> dict[str, Any]:
    params = {**module.params, **target._asdict(), "packages": required, "key_url": None}
    params["dest"] = str(module.params["path"] or module.params["cache_path"])
    # Imported here, because an app compiles whatever a module imports each time anew.
    if params["source"] == "internet":
        from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import create

        return create.create_bundle(module, {**params, "dest": params["cache_path"]})["bundle"]
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import staged

    if params["copy_from"]:
        from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import copied_bundle

        manifest = copied_bundle.manifest_for(target, params["copy_from"], params["bundles"] or {})
        if module.check_mode:
            return staged.predict(params, manifest)
        copied_bundle.take_over(Path(params["dest"]), target, manifest, params["copied_to"])
    else:
        params["dest"] = str(folder.of_target(Path(params["dest"]), target))
    verified = staged.verify(params, allow_unlisted=True)
    for warning in verified["warnings"]:
        module.warn(warning)
    return verified["bundle"]


def _verified(plan: Plan, in_system: bool) -> Plan:
    """Return the plan for the app after the installation, which must be empty. Raises PackageError."""
    if plan.refusal:
        raise PackageError(f"The packages are installed. {plan.refusal}")
    if plan.install or plan.shadowing:
        raise PackageError(
            "The packages are installed, but the user does not get the requested programs: "
            + " ".join([*plan.reasons, *plan.warnings, *([_LEFT_OUT] if in_system else [])])
        )
    return plan


def _changes(plan: Plan, installed: dict[str, Installed]) -> dict[str, Any]:
    return {
        "changed": bool(installed or plan.shadowing),
        "packages": [{"name": name, "version": one.version, "before": one.before} for name, one in installed.items()],
        "reasons": [*plan.reasons, *plan.warnings],
        "diff": {
            "before": {
                **{name: one.before for name, one in installed.items()},
                **dict.fromkeys(plan.shadowing, "present"),
            },
            "after": {
                **{name: one.version for name, one in installed.items()},
                **{path: f"moved to {path}{REPLACED}" for path in plan.shadowing},
            },
        },
    }
