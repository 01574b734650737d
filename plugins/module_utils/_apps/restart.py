# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The road of one app: look, decide, delete, wait, create again, wait. What was deleted is never forgotten."""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass, field

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import recreate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import (
    ResourceError,
    explain,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.recreate import AppSelection
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy

# An app's domain or space may be busy with somebody else's change for a while.
_ATTEMPTS = 15
# An app takes longer than a domain, and there are many at a time.
_PAUSE = 3
_STOPPED = ("Deleted", "Deleting")


@dataclass
class AppResult:
    """What became of one app. C(chosen): it is among those to restart or delete.

    C(app) is its description before, C(status) its status now. C(specification) is the CreateApp request that makes it
    again. C(changed): it was deleted, or is to be in check mode.
    """

    domain: dict[str, t.Any]
    app: dict[str, t.Any]
    status: str
    chosen: bool = False
    changed: bool = False
    specification: dict[str, t.Any] | None = None
    error: str | None = None
    warnings: list[str] = field(default_factory=list)


def listed_apps(
    api: SageMakerApi, domains: t.Sequence[ResourceResult], selection: AppSelection
) -> tuple[list[AppResult], dict[str, str]]:
    """Return the apps of a type and owner selected, whatever their status, and each domain's error that has no list."""

    def apps_of(domain: ResourceResult) -> list[AppResult]:
        if domain.error:
            return []
        try:
            apps = api.list_apps(domain.domain_id)
        except (ClientError, BotoCoreError) as error:
            domain.error = explain(error, api.region)
            return []
        return [AppResult(domain.description, app, app["Status"]) for app in apps if selection.has(app)]

    found = [app for apps in run_concurrently(apps_of, domains, api.concurrency) for app in apps]
    return found, {domain.domain_id: domain.error for domain in domains if domain.error}


class AppReconciler:
    """Every app of a task takes it; C(selection) says which of them have to go."""

    def __init__(self, api: SageMakerApi, selection: AppSelection, wait_policy: WaitPolicy, check_mode: bool) -> None:
        self._api = api
        self._selection = selection
        self._patience = wait_policy
        self._check_mode = check_mode

    def restart(self, result: AppResult) -> AppResult:
        """Restart the listed app if it has to be, or finish what an earlier run began; errors end in C(error)."""
        return self._explained(result, self._restart)

    def delete(self, result: AppResult) -> AppResult:
        """Delete the listed app if it has to go, and wait until it is gone; errors end in C(error)."""
        return self._explained(result, self._delete)

    def _explained(self, result: AppResult, journey: t.Callable[[AppResult], None]) -> AppResult:
        try:
            journey(result)
        except ResourceError as error:
            result.error = str(error)
        except (ClientError, BotoCoreError) as error:
            result.error = explain(error, self._api.region)
        if result.error:
            # An app that could not be looked at may be one that has to go.
            result.chosen = True
        return result

    def _restart(self, result: AppResult) -> None:
        if self._is_out_of_question(result) or not self._describe(result):
            return
        app = result.app
        tags = {} if result.status in _STOPPED else self._api.list_tags(app["AppArn"])
        if result.status == "InService":
            result.chosen = self._selection.is_old_enough(app, result.domain, tags)
        else:
            owner_tags = self._api.list_tags(recreate.owner_arn(app)) if result.status in _STOPPED else {}
            result.chosen = recreate.is_half_restarted(app, tags, owner_tags)
        if not result.chosen:
            return
        if result.status in _STOPPED:
            tags = self._tags_of_stopped(result)
        result.specification = recreate.create_request(app, tags, result.domain)
        if self._check_mode:
            result.changed = True
            return
        if result.status in ("InService", "Failed"):
            self._mark(app)
            self._send_deletion(result)
        # Another run may be faster and have it created again already.
        self._wait("app_deleted_or_recreated", result)
        result.status = "Deleted"
        result.changed = True
        self._create(result)
        self._unmark(app)
        self._wait("app_in_service", result)
        result.status = "InService"

    def _delete(self, result: AppResult) -> None:
        if result.status in _STOPPED or self._is_out_of_question(result) or not self._describe(result):
            return
        if result.status in _STOPPED:
            return
        tags = self._api.list_tags(result.app["AppArn"])
        result.chosen = self._selection.is_old_enough(result.app, result.domain, tags)
        if not result.chosen:
            return
        result.specification = recreate.create_request(result.app, tags, result.domain)
        if self._check_mode:
            result.changed = True
            return
        self._send_deletion(result)
        self._wait("app_deleted", result)
        result.status = "Deleted"

    def _is_out_of_question(self, result: AppResult) -> bool:
        """What ListApps said is enough to leave a running app alone that is young enough."""
        running = result.status in recreate.RUNNING
        return running and not self._selection.is_old_enough(result.app, result.domain, {})

    def _describe(self, result: AppResult) -> bool:
        """Describe the app, when it is no longer Pending; False if it is gone since it was listed."""
        if result.status == "Pending":
            self._wait("app_stable", result)
        try:
            result.app = self._api.describe_app(recreate.identity(result.app))
        except is_boto3_error_code("ResourceNotFound"):
            return False
        result.status = result.app["Status"]
        return True

    def _tags_of_stopped(self, result: AppResult) -> dict[str, str]:
        """The tags of a deleted app, if SageMaker still tells them, which is documented nowhere."""
        try:
            return self._api.list_tags(result.app["AppArn"])
        except ClientError as error:
            if not was_refused(error):
                raise
            result.warnings.append("the tags it had of its own cannot be read any more, it is created without them")
            return {}

    def _mark(self, app: dict[str, t.Any]) -> None:
        self._api.add_tags(recreate.owner_arn(app), recreate.restarting_tag(app))

    def _unmark(self, app: dict[str, t.Any]) -> None:
        self._api.delete_tags(recreate.owner_arn(app), list(recreate.restarting_tag(app)))

    def _send_deletion(self, result: AppResult) -> None:
        identity = recreate.identity(result.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # An attempt whose answer was lost may have had its effect.
            if tried and self._status(identity) in ("Deleting", "Deleted", None):
                return
            tried = True
            self._api.delete_app(identity)

        try:
            with_retries(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        except is_boto3_error_code("ResourceNotFound"):
            pass
        except ClientError as error:
            if was_refused(error):
                # It runs on: should its user stop it one day, nobody is to start it again.
                with contextlib.suppress(ClientError, BotoCoreError):
                    self._unmark(result.app)
            raise
        result.status = "Deleting"
        result.changed = True

    def _create(self, result: AppResult) -> None:
        identity = recreate.identity(result.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # Made by an attempt whose answer was lost, by another run, or by the user, who is welcome to be faster.
            if tried and self._status(identity) in recreate.RUNNING:
                return
            tried = True
            self._api.create_app(result.specification or identity)

        with_retries(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        result.status = "Pending"

    def _status(self, identity: dict[str, str]) -> str | None:
        try:
            return t.cast("str", self._api.describe_app(identity)["Status"])
        except is_boto3_error_code("ResourceNotFound"):
            return None

    def _wait(self, waiter_name: str, result: AppResult) -> None:
        wait_for(self._api, waiter_name, recreate.identity(result.app), self._patience, _PAUSE)
