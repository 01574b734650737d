# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Switch remote access of spaces, and restart their apps in between if requested.

AWS Toolkit for VS Code deletes the app, updates the space, waits and creates the app again; so does this. AWS does not
document whether UpdateSpace works beside a running app: without a restart it is sent, and a refusal is explained.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.inspect import AppInspector
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.recreate import RESTARTED_FOR_SPACE
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.restart import AppReconciler
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.rolling_restart import RollingRestart
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import reconcile
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces import reachability
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.remote_access import (
    RemoteAccess,
    SpaceRemoteAccess,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.space_result import SpaceResult


@dataclass(frozen=True)
class Switch:
    """The request of a task for one account and region. C(restarts): running apps are restarted for it."""

    api: SageMakerApi
    desired: RemoteAccess
    wait_policy: WaitPolicy
    check_mode: bool
    restarts: bool = False

    def run(self, results: t.Sequence[SpaceResult]) -> list[SpaceResult]:
        """Switch the spaces whose apps are not to be restarted, and return the others; failures go to their results."""
        pending = [result for result in results if not result.error and not self._is_skipped(result)]
        if self.desired.enabled:
            # Only the description has the instance type on which the next app starts.
            run_concurrently(
                self._describe, [result for result in pending if not result.app_runs], self.api.concurrency
            )
            pending = [result for result in pending if not result.error]
        if self.restarts:
            self._select_restarts(pending)
        updated = [result for result in pending if not result.restart]
        restarted = [result for result in pending if result.restart and not _has_ended(result.restart)]
        if self.check_mode:
            run_concurrently(self._update, [*updated, *restarted], self.api.concurrency)
            for result in restarted:
                t.cast("AppResult", result.restart).changed = True
            return []
        run_concurrently(self._update, updated, counted="spaces")
        return restarted

    def _is_skipped(self, result: SpaceResult) -> bool:
        kind = reachability.app_type(result.summary, result.app)
        if kind not in reachability.REMOTE_APPS:
            supported = " and ".join(reachability.REMOTE_APPS)
            other = f"not for {kind}" if kind else "and its app type is unknown"
            result.skip_reason = f"it is skipped, because remote access exists for {supported} only, {other}"
        elif self.desired.enabled and result.app_runs and (name := reachability.too_small(result.summary, result.app)):
            result.skip_reason = (
                f"its instance type {name} has less than the 8 GiB of memory that "
                "remote access requires, so that its app is not restarted. Its owner selects a larger instance type "
                "when the space is started the next time"
            )
            return False
        return bool(result.skip_reason)

    def _resource(self, result: SpaceResult) -> SpaceRemoteAccess:
        return SpaceRemoteAccess(self.api, result.identifier, result.app_runs and not result.restarted)

    def _describe(self, result: SpaceResult) -> None:
        try:
            result.update.describe(self._resource(result).describe())
        except (ClientError, BotoCoreError) as error:
            result.update.fail(error, self.api.region)

    def _update(self, result: SpaceResult) -> None:
        reconcile(
            self._resource(result), result.update, lambda current: self.desired, self.wait_policy, self.check_mode
        )

    def _select_restarts(self, results: t.Sequence[SpaceResult]) -> None:
        """Find the running apps that need a restart, and those that an earlier run deleted and did not create again."""
        candidates = [
            result
            for result in results
            if result.app and not result.skip_reason and (not result.app_runs or self._may_need_restart(result))
        ]
        for result in candidates:
            app = dict(result.app or {})
            result.restart = AppResult(result.domain, app, app.get("Status") or "unknown")
        restarts = {(result.domain["DomainId"], result.summary["SpaceName"]): result for result in candidates}
        AppInspector(self.api, _Age(self, restarts)).find_apps_to_restart(
            [result.restart for result in candidates if result.restart]
        )
        for result in candidates:
            if result.restart and not result.restart.selected:
                result.restart = None

    def _may_need_restart(self, result: SpaceResult) -> bool:
        if reachability.is_enabled(result.summary) != self.desired.enabled:
            return True
        return self.desired.enabled and reachability.predates_space_update(result.summary, result.app)

    def needs_restart(self, result: SpaceResult, app_tags: dict[str, str]) -> bool:
        """Whether the running app needs a restart; an app that was restarted for the last update does not."""
        if reachability.is_enabled(result.summary) != self.desired.enabled:
            return True
        return app_tags.get(RESTARTED_FOR_SPACE) != iso_time(result.summary.get("LastModifiedTime"))

    def restart(self, result: SpaceResult) -> None:
        """Restart the app of a space that run() returned, and switch the space in between."""

        def before_creation(app: AppResult) -> None:
            self._update(result)
            modified = iso_time(result.update.description.get("LastModifiedTime"))
            if app.specification and modified:
                app.specification["Tags"].append({"Key": RESTARTED_FOR_SPACE, "Value": modified})

        if result.restart:
            AppReconciler(self.api, self.wait_policy, before_creation).restart(result.restart)


def restart(switches: t.Iterable[tuple[Switch, list[SpaceResult]]], batch_size: int, max_failures: int) -> None:
    """Restart the apps of the spaces that each switch left to restart, one first and then in batches of all."""
    by_app = {id(space.restart): (switch, space) for switch, spaces in switches for space in spaces}

    def restart_one(app: AppResult) -> None:
        switch, space = by_app[id(app)]
        switch.restart(space)

    pending = [space.restart for _switch, space in by_app.values() if space.restart]
    RollingRestart(restart_one, batch_size, max_failures).run(pending)


@dataclass(frozen=True)
class _Age:
    """Selects apps for AppInspector: by the setting and the last update of their spaces, not of their domains."""

    switch: Switch
    results: dict[tuple[str, str], SpaceResult]

    def matches_age(self, app: dict[str, t.Any], domain: dict[str, t.Any], tags: dict[str, str]) -> bool:
        return self.switch.needs_restart(self.results[domain["DomainId"], app["SpaceName"]], tags)


def _has_ended(app: AppResult) -> bool:
    return bool(app.error or app.skip_reason)
