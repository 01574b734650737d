# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The state of a domain and of an app, out of what AWS and the app show. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    WARNING,
    Finding,
    skipped,
)

# An app without Docker access, and an app from before it, fail these checks for that reason.
SYMPTOMS = frozenset({"docker_host", "socket", "engine"})
# Studio Classic's apps are not created again: a restart would be final.
CLASSIC = frozenset({"JupyterServer", "KernelGateway"})
_NO_ACCESS = "Docker access of its domain is off."


def domain_state(domain: model.Domain, is_checked: bool) -> str:
    """Return the state of a domain; C(is_checked) is whether its prerequisites were checked."""
    if domain["docker_access"] is False or _has_failed(domain["findings"]):
        return model.NOT_READY
    if domain["error"] or not is_checked or domain["docker_access"] is None:
        return model.NOT_CHECKED
    return model.READY


def own_findings(app: model.App, is_inspected: bool, not_inspected_because: str) -> list[dict[str, str]]:
    """Return the findings that AWS's answers lead to, and why nobody looked inside."""
    found: list[Finding] = []
    if app["status"] == "Failed":
        found.append(_failed_app())
    if app["docker_access"] is False:
        found.append(_without_access())
    elif app["docker_access"] and needs_restart(app, is_inspected):
        found.append(_predating(app))
    if not is_inspected:
        found.append(skipped("app_checks", not_inspected_because, "an app that Ansible can look into"))
    return [asdict(finding) for finding in found]


def needs_restart(app: model.App, is_inspected: bool) -> bool:
    """Whether the app runs with settings from before Docker access, as far as its times and its engine tell."""
    if not app["predates_domain_update"] or app["status"] not in ("InService", ""):
        return False
    return not is_inspected or any(f["status"] == FAILED and f["check"] in SYMPTOMS for f in app["findings"])


def app_state(app: model.App, is_inspected: bool) -> str:
    failed = {finding["check"] for finding in app["findings"] if finding["status"] == FAILED}
    predates = any(finding["check"] == "app_age" for finding in app["findings"])
    if failed - (SYMPTOMS if predates else set()):
        return model.NOT_READY
    if predates:
        return model.NOT_READY if app["app_type"] in CLASSIC else model.AFTER_RESTART
    return model.READY if is_inspected else model.NOT_CHECKED


def _has_failed(findings: t.Iterable[t.Mapping[str, str]]) -> bool:
    return any(finding["status"] == FAILED for finding in findings)


def _failed_app() -> Finding:
    return Finding(
        "app_status",
        FAILED,
        "Failed",
        "InService",
        "SageMaker could not start the app.",
        "Read its failure reason in Studio or with aws sagemaker describe-app, then run the space again.",
    )


def _without_access() -> Finding:
    return Finding(
        "docker_access",
        FAILED,
        "off",
        "on",
        f"{_NO_ACCESS} The app gets no Docker engine.",
        "Enable Docker access of the domain, then restart the app.",
    )


def _predating(app: model.App) -> Finding:
    classic = app["app_type"] in CLASSIC
    return Finding(
        "app_age",
        WARNING,
        f"created {app['creation_time'] or 'earlier'}, before the last update of its domain",
        "created after it",
        "A running app keeps the settings it was created with.",
        "AWS does not create apps of Studio Classic again: use a JupyterLab or Code Editor space instead."
        if classic
        else "Restart the app, which ends its kernels: in Studio, stop the space, then run it.",
    )
