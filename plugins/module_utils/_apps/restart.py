# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Restart or delete one selected app: delete, wait, create, wait. A deleted app is always remembered."""

from __future__ import annotations

import contextlib
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import failures, recreate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import identity, owner_arn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import STOPPED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stale_reads import for_a_while
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import Stopped, stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus, wait_for
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import RUNNING

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.resource_polls import IsStale
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy

# Another change may keep the app's domain or space busy for a while.
_ATTEMPTS = 15
# Seconds between two polls: an app takes longer than a domain, and many are polled at the same time.
_PAUSE = 3


class AppReconciler:
    """Restarts or deletes apps that AppInspector selected; a failure sets C(error).

    C(before_creation) is called while a restarted app does not exist. It must not raise, so that the app is created.
    """

    def __init__(
        self,
        api: SageMakerApi,
        wait_policy: WaitPolicy,
        before_creation: t.Callable[[AppResult], None] = lambda result: None,
    ) -> None:
        self._api = api
        self._wait_policy = wait_policy
        self._before_creation = before_creation

    def restart(self, result: AppResult) -> None:
        """Restart the app, or finish the restart that an earlier run began."""
        self._run(result, self._restart)

    def delete(self, result: AppResult) -> None:
        """Delete the app and wait until it is gone."""
        self._run(result, self._delete)

    def _run(self, result: AppResult, reconcile: t.Callable[[AppResult], None]) -> None:
        try:
            with time_limit(self._wait_policy.timeout):
                reconcile(result)
        except (ResourceError, ClientError, BotoCoreError) as error:
            if isinstance(error, UnexpectedStatus):
                result.status = error.description["Status"]
            if isinstance(error, Stopped) and not result.changed:
                result.skip_reason = str(error)
                return
            result.fail(error, self._api.region)
            result.error = failures.explain_creation(error, result.specification or {}) or result.error

    def _restart(self, result: AppResult) -> None:
        if not result.unfinished and not self._still_runs(result):
            result.skip_reason = f"it is {result.status} by now"
            return
        before = {**result.app, "Status": result.status}
        if result.status in ("InService", "Failed"):
            self._tag_owner(result, recreate.restarting_tag(result.app))
            self._send_deletion(result)
        with stop.finishing():
            # Another run may have created it again already.
            self._wait("app_deleted_or_recreated", result, _is_app_before_deletion(before))
            result.status = "Deleted"
            result.changed = True
            self._before_creation(result)
            self._create(result)
        self._wait("app_in_service", result, for_a_while(_is_gone))
        result.status = "InService"
        self._untag_owner(result)

    def _still_runs(self, result: AppResult) -> bool:
        """Whether the app still runs: its user may have stopped it since it was selected."""
        if result.status == "Pending":
            self._wait("app_stable", result)
        result.status = self._status(identity(result.app)) or "Deleted"
        return result.status == "InService"

    def _delete(self, result: AppResult) -> None:
        before = result.app
        if result.status == "Pending":
            before = self._wait("app_stable", result) or before
        self._send_deletion(result)
        self._wait("app_deleted", result, _is_app_before_deletion(before))
        result.status = "Deleted"

    def _tag_owner(self, result: AppResult, tag: dict[str, str]) -> None:
        self._api.add_tags(owner_arn(result.app, result.domain), tag)

    def _untag_owner(self, result: AppResult) -> None:
        self._api.delete_tags(owner_arn(result.app, result.domain), list(recreate.restarting_tag(result.app)))

    def _send_deletion(self, result: AppResult) -> None:
        app = identity(result.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # An attempt without an answer may have had its effect.
            if tried and self._status(app) in (*STOPPED, None):
                return
            tried = True
            self._api.delete_app(app)

        try:
            with_retries(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        except is_boto3_error_code("ResourceNotFound"):
            pass
        except (ClientError, Stopped) as error:
            if isinstance(error, Stopped) or was_refused(error):
                # The app still runs. If its user stops it one day, no run may start it again.
                with contextlib.suppress(ClientError, BotoCoreError), stop.finishing():
                    self._untag_owner(result)
            raise
        result.status = "Deleting"
        result.changed = True

    def _create(self, result: AppResult) -> None:
        app = identity(result.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # An attempt without an answer, another run or the user may have created it.
            if tried and self._status(app) in RUNNING:
                return
            tried = True
            self._api.create_app(result.specification or app)

        with_retries(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        result.status = "Pending"
        # From now on only a failure of the new app is a reason to create it again.
        self._tag_owner(result, recreate.recreated_tag(result.app))

    def _status(self, app: dict[str, str]) -> str | None:
        try:
            return t.cast("str", self._api.describe_app(app)["Status"])
        except is_boto3_error_code("ResourceNotFound"):
            return None

    def _wait(
        self, waiter_name: str, result: AppResult, is_stale: IsStale = lambda answer: False
    ) -> dict[str, t.Any] | None:
        return wait_for(self._api, waiter_name, identity(result.app), self._wait_policy, _PAUSE, is_stale)


def _is_app_before_deletion(before: dict[str, t.Any]) -> IsStale:
    """Return whether an answer shows the app as it was before it was deleted, and not one that was created since."""

    def is_failed_as_before(app: dict[str, t.Any]) -> bool:
        return bool(app["Status"] == before["Status"] == "Failed")

    is_stale_failure = for_a_while(is_failed_as_before)

    def is_app_before(app: dict[str, t.Any] | None) -> bool:
        if app is None:
            return False
        if app["Status"] == "InService":
            # Without both creation times nobody can tell.
            created, created_before = app.get("CreationTime"), before.get("CreationTime")
            return not (created and created_before and created != created_before)
        return is_stale_failure(app)

    return is_app_before


def _is_gone(app: dict[str, t.Any] | None) -> bool:
    """Whether an answer shows that the app does not exist."""
    return app is None or app["Status"] in STOPPED
