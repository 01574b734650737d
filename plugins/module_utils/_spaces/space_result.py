# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The result of sagemaker_studio_space for each space, and its messages. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import (
    RUNNING,
    app_as_dict,
    iso_time,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import reachability
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import owner_of

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult

    Description = t.Dict[str, t.Any]


@dataclass
class SpaceResult:
    """The result for one space.

    C(summary) and C(app) are the items of ListSpaces and ListApps before the task. C(update) is the result of the
    reconcile loop, C(restart) that of the app's restart, if one was requested and is due. C(skip_reason): the reason
    why a space was not switched, or its app not restarted.
    """

    domain: Description
    summary: Description
    app: t.Mapping[str, t.Any] | None
    update: ResourceResult
    restart: AppResult | None = None
    skip_reason: str | None = None

    @classmethod
    def of(cls, domain: Description, summary: Description, app: t.Mapping[str, t.Any] | None) -> SpaceResult:
        description = {**summary, "SpaceSettings": summary.get("SpaceSettingsSummary") or {}}
        return cls(domain, summary, app, ResourceResult(domain["DomainId"], description))

    @property
    def identifier(self) -> dict[str, str]:
        """The parameters by which DescribeSpace and UpdateSpace identify the space."""
        return {"DomainId": self.summary["DomainId"], "SpaceName": self.summary["SpaceName"]}

    @property
    def arn(self) -> str:
        """Derived from the domain's ARN, because ListSpaces returns none."""
        prefix, _colon, domain_id = self.domain["DomainArn"].partition(":domain/")
        return f"{prefix}:space/{domain_id}/{self.summary['SpaceName']}"

    @property
    def app_runs(self) -> bool:
        return bool(self.app and self.app.get("Status") in RUNNING)

    @property
    def error(self) -> str | None:
        return self.update.error or (self.restart.error if self.restart else None)

    @property
    def aws_error(self) -> dict[str, str] | None:
        return self.update.aws_error or (self.restart.aws_error if self.restart else None)

    @property
    def restarted(self) -> bool:
        return bool(self.restart and self.restart.changed)

    @property
    def changed(self) -> bool:
        return self.update.changed or self.restarted

    @property
    def remote_access(self) -> bool:
        """The setting after the task, or the predicted one in check mode."""
        if self.update.after is not None:
            return bool(self.update.after.enabled)
        return reachability.is_enabled(self.update.description)

    @property
    def too_small_next(self) -> str | None:
        """The instance type on which the next app of the space would start, if that has too little memory."""
        return None if self.app_runs else reachability.too_small(self.update.description, self.app)

    @property
    def restart_required(self) -> bool:
        """Whether the running app does not have the present setting, because it started before that."""
        if not self.app_runs or self.restarted:
            return False
        predates = reachability.predates_space_update(self.update.description, self.app)
        return self.update.changed or (self.remote_access and predates)

    def obstacles(self) -> list[str]:
        """Return what prevents a session after the task."""
        space = {
            **self.update.description,
            "SpaceSettings": {
                **(self.update.description.get("SpaceSettings") or {}),
                "AppType": reachability.app_type(self.summary, self.app),
                "RemoteAccess": "ENABLED" if self.remote_access else "DISABLED",
            },
            "SpaceSettingsSummary": None,
        }
        app = self.app
        if app and self.restart:
            # A restarted app is newer than every change.
            app = {**app, "Status": self.restart.status, **({"CreationTime": None} if self.restarted else {})}
        found = reachability.obstacles(space, app)
        if self.restart_required and self.remote_access and not found:
            found.append("its app started before this change: restart it")
        return found


def label(result: SpaceResult) -> str:
    """Return the space's name for messages."""
    return f"{result.summary['SpaceName']} in {result.domain['DomainName']} ({result.domain['DomainId']})"


def as_dict(result: SpaceResult) -> dict[str, t.Any]:
    """Return one element of the module's return value C(spaces)."""
    obstacles = result.obstacles()
    values = {
        "domain_id": result.domain["DomainId"],
        "domain_name": result.domain["DomainName"],
        "space_name": result.summary["SpaceName"],
        "space_arn": result.arn,
        "status": result.update.description.get("Status"),
        "sharing_type": (result.summary.get("SpaceSharingSettingsSummary") or {}).get("SharingType"),
        "owner": owner_of(result.summary),
        "app_type": reachability.app_type(result.summary, result.app),
        "remote_access": result.remote_access,
        "app": _app(result),
        "reachable": not obstacles and not result.error,
        "unreachable_because": "; ".join(obstacles),
        "restart_required": result.restart_required,
        "restarted": result.restarted,
        "changed": result.changed,
    }
    if result.skip_reason:
        values["skip_reason"] = result.skip_reason
    if result.error:
        values |= {"error": result.error, "error_code": (result.aws_error or {}).get("code")}
    return values


def _app(result: SpaceResult) -> dict[str, t.Any] | None:
    if not result.app:
        return None
    return {
        "name": result.app.get("AppName"),
        "status": result.restart.status if result.restart else result.app.get("Status"),
        "instance_type": reachability.instance_type(result.app),
        "creation_time": iso_time(result.app.get("CreationTime")),
    }


def apps_to_restart(results: t.Iterable[SpaceResult]) -> dict[str, list[dict[str, t.Any]]]:
    """Return the running apps that do not have the present setting, by domain ID, as sagemaker_domain_info has them."""
    found: dict[str, list[dict[str, t.Any]]] = {result.domain["DomainId"]: [] for result in results}
    for result in results:
        if result.restart_required and result.app:
            app = app_as_dict(dict(result.app), result.domain.get("LastModifiedTime"))
            found[result.domain["DomainId"]].append(app)
    return found


def diff(result: SpaceResult) -> dict[str, t.Any]:
    """Return the difference of one space in Ansible's form."""
    before: dict[str, t.Any] = {key: old for key, old, _new in result.update.differences}
    after: dict[str, t.Any] = {key: new for key, _old, new in result.update.differences}
    if result.restarted and result.app:
        before["app_created"] = iso_time(result.app.get("CreationTime"))
        after["app_created"] = "by this task"
    header = label(result)
    return {"before_header": header, "after_header": header, "before": before, "after": after}


def warnings(results: t.Iterable[SpaceResult]) -> list[str]:
    """Return the warnings of the restarts, of the spaces that were skipped, and of those that start too small."""
    found = [f"{label(result)}: {result.skip_reason}." for result in results if result.skip_reason]
    found += [
        f"{label(result)}: {reachability.too_small_because(result.too_small_next)}."
        for result in results
        if result.update.after and result.update.after.enabled and result.too_small_next
    ]
    for result in results:
        if result.restart:
            found += [f"{label(result)}: {warning}." for warning in result.restart.warnings]
    return found


def failure_message(results: t.Sequence[SpaceResult], domains: t.Mapping[str, str]) -> str:
    """Name the domains and spaces that failed, each with its reason, and the spaces that did not fail."""
    parts = [f"{domain}: {error}." for domain, error in domains.items()]
    failed = [result for result in results if result.error]
    if failed:
        parts.append(f"{len(failed)} of {len(results)} space(s) failed.")
        parts += [f"{label(result)}: {result.error}." for result in failed]
    done = [label(result) for result in results if result.changed and not result.error]
    parts.append(f"Changed: {', '.join(done) or 'none'}.")
    left: dict[str, list[str]] = {}
    for result in results:
        if result.restart and result.restart.skip_reason:
            left.setdefault(result.restart.skip_reason, []).append(label(result))
    parts += [f"Not restarted: {', '.join(names)} ({reason})." for reason, names in left.items()]
    if any(result.restart and result.restart.status in ("Deleted", "Deleting", "Failed") for result in failed):
        parts.append("Finish the restart of a deleted app by running this task again within 24 hours.")
    return " ".join(part.replace("..", ".") for part in parts)
