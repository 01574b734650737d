# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Restart or delete one app: describe, decide, delete, wait, create, wait. A deleted app is always remembered."""

from __future__ import annotations

import contextlib
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import recreate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import identity, owner_arn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import RUNNING, STOPPED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import AppSelection
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy

# Another change may keep the app's domain or space busy for a while.
_ATTEMPTS = 15
# Seconds between two polls: an app takes longer than a domain, and many are polled at the same time.
_PAUSE = 3


class AppReconciler:
    """Restarts or deletes the apps of one task that C(selection) selects by their age."""

    def __init__(self, api: SageMakerApi, selection: AppSelection, wait_policy: WaitPolicy, check_mode: bool) -> None:
        self._api = api
        self._selection = selection
        self._wait_policy = wait_policy
        self._check_mode = check_mode

    def restart(self, result: AppResult) -> AppResult:
        """Restart the listed app if it is selected, or finish an earlier restart; a failure sets C(error)."""
        return self._run(result, self._restart)

    def delete(self, result: AppResult) -> AppResult:
        """Delete the listed app if it is selected, and wait until it is gone; a failure sets C(error)."""
        return self._run(result, self._delete)

    def _run(self, result: AppResult, reconcile: t.Callable[[AppResult], None]) -> AppResult:
        try:
            reconcile(result)
        except (ResourceError, ClientError, BotoCoreError) as error:
            result.fail(error, self._api.region)
        return result

    def _restart(self, result: AppResult) -> None:
        if self._is_excluded_by_age(result) or not self._describe(result):
            return
        app = result.app
        tags = {} if result.status in STOPPED else self._api.list_tags(app["AppArn"])
        if result.status == "InService":
            result.selected = self._selection.matches_age(app, result.domain, tags)
        else:
            owner_tags = self._api.list_tags(owner_arn(app)) if result.status in STOPPED else {}
            result.selected = recreate.is_half_restarted(app, tags, owner_tags)
        if not result.selected:
            return
        if result.status in STOPPED:
            tags = self._tags_of_stopped(result)
        result.specification = recreate.create_request(app, tags, result.domain)
        if self._check_mode:
            result.changed = True
            return
        if result.status in ("InService", "Failed"):
            self._tag_owner(app)
            self._send_deletion(result)
        # Another run may have created it again already.
        self._wait("app_deleted_or_recreated", result)
        result.status = "Deleted"
        result.changed = True
        self._create(result)
        self._untag_owner(app)
        self._wait("app_in_service", result)
        result.status = "InService"

    def _delete(self, result: AppResult) -> None:
        if result.status in STOPPED or self._is_excluded_by_age(result) or not self._describe(result):
            return
        if result.status in STOPPED:
            return
        tags = self._api.list_tags(result.app["AppArn"])
        result.selected = self._selection.matches_age(result.app, result.domain, tags)
        if not result.selected:
            return
        result.specification = recreate.create_request(result.app, tags, result.domain)
        if self._check_mode:
            result.changed = True
            return
        self._send_deletion(result)
        self._wait("app_deleted", result)
        result.status = "Deleted"

    def _is_excluded_by_age(self, result: AppResult) -> bool:
        """Whether the answer of ListApps suffices to exclude a running app."""
        running = result.status in RUNNING
        return running and not self._selection.matches_age(result.app, result.domain, {})

    def _describe(self, result: AppResult) -> bool:
        """Describe the app once it is no longer Pending; return False if it no longer exists."""
        if result.status == "Pending":
            self._wait("app_stable", result)
        try:
            result.app = self._api.describe_app(identity(result.app))
        except is_boto3_error_code("ResourceNotFound"):
            return False
        result.status = result.app["Status"]
        return True

    def _tags_of_stopped(self, result: AppResult) -> dict[str, str]:
        """Return the tags of a deleted app; AWS does not document whether ListTags still returns them."""
        try:
            return self._api.list_tags(result.app["AppArn"])
        except ClientError as error:
            if not was_refused(error):
                raise
            result.warnings.append("its own tags can no longer be read, so it is created without them")
            return {}

    def _tag_owner(self, app: dict[str, t.Any]) -> None:
        self._api.add_tags(owner_arn(app), recreate.restarting_tag(app))

    def _untag_owner(self, app: dict[str, t.Any]) -> None:
        self._api.delete_tags(owner_arn(app), list(recreate.restarting_tag(app)))

    def _send_deletion(self, result: AppResult) -> None:
        app = identity(result.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # An attempt without an answer may have had its effect.
            if tried and self._status(app) in ("Deleting", "Deleted", None):
                return
            tried = True
            self._api.delete_app(app)

        try:
            with_retries(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        except is_boto3_error_code("ResourceNotFound"):
            pass
        except ClientError as error:
            if was_refused(error):
                # The app still runs. If its user stops it one day, no run may start it again.
                with contextlib.suppress(ClientError, BotoCoreError):
                    self._untag_owner(result.app)
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

    def _status(self, app: dict[str, str]) -> str | None:
        try:
            return t.cast("str", self._api.describe_app(app)["Status"])
        except is_boto3_error_code("ResourceNotFound"):
            return None

    def _wait(self, waiter_name: str, result: AppResult) -> None:
        wait_for(self._api, waiter_name, identity(result.app), self._wait_policy, _PAUSE)
