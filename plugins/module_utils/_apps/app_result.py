# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The result of sagemaker_studio_app for each app, and its messages. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.failures import capacity_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import owner_name, owner_type
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    aws_error,
    explain,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import (
    RUNNING,
    app_as_dict,
    iso_time,
)


@dataclass
class AppResult:
    """The result for one app. C(selected): it is one of the apps to restart or delete.

    C(app) is its description before the task, C(status) its status now. C(specification) is the CreateApp request that
    creates it again. C(space_owner) is the user profile that owns its private space. C(unfinished): an earlier run
    deleted it and did not get it into service. C(changed): it was deleted, or would be in check mode. C(skip_reason):
    the reason why a selected app was not restarted.
    """

    domain: dict[str, t.Any]
    app: dict[str, t.Any]
    status: str
    space_owner: str | None = None
    selected: bool = False
    unfinished: bool = False
    changed: bool = False
    skip_reason: str | None = None
    specification: dict[str, t.Any] | None = None
    error: str | None = None
    aws_error: dict[str, str] | None = None
    warnings: list[str] = field(default_factory=list)

    def fail(self, error: Exception, region: str) -> None:
        """Record the failure. The app counts as selected: it may be one to restart or delete."""
        self.error = str(error) if isinstance(error, ResourceError) else explain(error, region)
        self.aws_error = aws_error(error)
        if code := capacity_code(error):
            self.aws_error = {"code": code, "message": str(error)}
        self.selected = True


def label(result: AppResult) -> str:
    """Return the app's name for messages."""
    app = result.app
    owner = f"{owner_type(app).replace('_', ' ')} {owner_name(app)}"
    return f"{app['AppType']} {app['AppName']} of {owner} in {_domain(result)}"


def _domain(result: AppResult) -> str:
    return f"{result.domain['DomainName']} ({result.domain['DomainId']})"


def as_dict(result: AppResult) -> dict[str, t.Any]:
    """Return one element of the module's return value C(apps)."""
    values = {
        "domain_id": result.domain["DomainId"],
        "domain_name": result.domain["DomainName"],
        **_names(result),
        "changed": result.changed,
        "status": result.status,
        "specification": result.specification,
    }
    if result.skip_reason:
        values["skip_reason"] = result.skip_reason
    if not result.error:
        return values
    return {**values, "error": result.error, "error_code": (result.aws_error or {}).get("code")}


def apps_to_restart(results: t.Iterable[AppResult], domain_ids: t.Iterable[str]) -> dict[str, list[dict[str, t.Any]]]:
    """Return the selected apps that were not restarted, by domain ID, in the form of sagemaker_domain_info.

    C(domain_ids) are the domains whose apps are known; each has a list, if only an empty one.
    """
    apps: dict[str, list[dict[str, t.Any]]] = {domain_id: [] for domain_id in domain_ids}
    for result in results:
        if result.selected and (result.error or not result.changed):
            app = {**result.app, "Status": result.status}
            apps[result.domain["DomainId"]].append(app_as_dict(app, result.domain.get("LastModifiedTime")))
    return apps


def _names(result: AppResult) -> dict[str, t.Any]:
    app = app_as_dict(result.app, None)
    return {key: app[key] for key in ("type", "name", "owner", "owner_type", "creation_time")}


def diff(result: AppResult, state: str) -> dict[str, t.Any]:
    """Return the difference of one app in Ansible's form."""
    app = result.app
    before = {"status": app["Status"], "created": iso_time(app.get("CreationTime"))}
    # The diff of a failed restart has the actual status, not the intended one.
    end = result.status if result.error else {"restarted": "InService", "absent": "Deleted"}[state]
    after = {"status": end, "created": "by this task"} if end in RUNNING else {"status": end}
    header = label(result)
    return {"before_header": header, "after_header": header, "before": before, "after": after}


def warnings(results: t.Iterable[AppResult], owners: t.Iterable[str] | None) -> list[str]:
    """Return the warnings of the apps, and one for the C(owners) that have no app among the C(results)."""
    results = list(results)
    found = [f"{label(result)}: {warning}." for result in results for warning in result.warnings]
    known = {owner for result in results for owner in (owner_name(result.app), result.space_owner)}
    missing = [owner for owner in owners or [] if owner not in known]
    if missing:
        found.append(f"No selected app belongs to a space or user profile named {', '.join(missing)}.")
    return found


def failure_message(selected: t.Sequence[AppResult], domains: t.Mapping[str, str], state: str) -> str:
    """Name the apps that failed, the reason of each, the apps that did not fail, and how to finish a restart.

    C(domains) has the error of each domain whose apps could not be listed.
    """
    failed = [result for result in selected if result.error]
    parts = []
    if domains:
        parts.append(f"The apps of {len(domains)} domain(s) could not be listed.")
        parts += [f"{domain}: {error}." for domain, error in domains.items()]
    if failed:
        parts.append(f"{len(failed)} of {len(selected)} app(s) failed.")
        parts += [f"{label(result)}: {result.error}." for result in failed]
    skipped = [result for result in selected if result.skip_reason]
    for reason in dict.fromkeys(result.skip_reason for result in skipped):
        names = [label(result) for result in skipped if result.skip_reason == reason]
        parts.append(f"Not restarted: {', '.join(names)} ({reason}).")
    done = [label(result) for result in selected if result.changed and not result.error]
    parts.append(f"{state.capitalize()}: {', '.join(done) or 'none'}.")
    if any(result.changed for result in failed) and state == "restarted":
        parts.append(
            "Finish the restart of a deleted app by running this task again within 24 hours. Or save its specification "
            "from this result as app.json: aws sagemaker create-app --cli-input-json file://app.json"
        )
    return " ".join(part.replace("..", ".") for part in parts)
