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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker import app_decisions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import retrying
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import (
    DomainError,
    explain,
    was_refused,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.fleet import concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import wait_for

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.app_decisions import AppSelection
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.update_road import (
        Outcome,
    )
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.waiting import Patience

# An app's domain or space may be busy with somebody else's change for a while.
_ATTEMPTS = 15
# An app takes longer than a domain, and there are many at a time.
_PAUSE = 3
_STOPPED = ("Deleted", "Deleting")


@dataclass
class AppOutcome:
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
    api: DomainApi, domains: t.Sequence[Outcome], selection: AppSelection
) -> tuple[list[AppOutcome], dict[str, str]]:
    """Return the apps of a type and owner selected, whatever their status, and each domain's error that has no list."""

    def apps_of(domain: Outcome) -> list[AppOutcome]:
        if domain.error:
            return []
        try:
            apps = api.list_apps(domain.domain_id)
        except (ClientError, BotoCoreError) as error:
            domain.error = explain(error, api.region)
            return []
        return [AppOutcome(domain.description, app, app["Status"]) for app in apps if selection.has(app)]

    found = [app for apps in concurrently(apps_of, domains, api.places) for app in apps]
    return found, {domain.domain_id: domain.error for domain in domains if domain.error}


class AppRoad:
    """Every app of a task takes it; C(selection) says which of them have to go."""

    def __init__(self, api: DomainApi, selection: AppSelection, patience: Patience, check_mode: bool) -> None:
        self._api = api
        self._selection = selection
        self._patience = patience
        self._check_mode = check_mode

    def restart(self, outcome: AppOutcome) -> AppOutcome:
        """Restart the listed app if it has to be, or finish what an earlier run began; errors end in C(error)."""
        return self._explained(outcome, self._restart)

    def delete(self, outcome: AppOutcome) -> AppOutcome:
        """Delete the listed app if it has to go, and wait until it is gone; errors end in C(error)."""
        return self._explained(outcome, self._delete)

    def _explained(self, outcome: AppOutcome, journey: t.Callable[[AppOutcome], None]) -> AppOutcome:
        try:
            journey(outcome)
        except DomainError as error:
            outcome.error = str(error)
        except (ClientError, BotoCoreError) as error:
            outcome.error = explain(error, self._api.region)
        if outcome.error:
            # An app that could not be looked at may be one that has to go.
            outcome.chosen = True
        return outcome

    def _restart(self, outcome: AppOutcome) -> None:
        if self._is_out_of_question(outcome) or not self._describe(outcome):
            return
        app = outcome.app
        tags = {} if outcome.status in _STOPPED else self._api.list_tags(app["AppArn"])
        if outcome.status == "InService":
            outcome.chosen = self._selection.is_old_enough(app, outcome.domain, tags)
        else:
            owner_tags = self._api.list_tags(app_decisions.owner_arn(app)) if outcome.status in _STOPPED else {}
            outcome.chosen = app_decisions.is_half_restarted(app, tags, owner_tags)
        if not outcome.chosen:
            return
        if outcome.status in _STOPPED:
            tags = self._tags_of_stopped(outcome)
        outcome.specification = app_decisions.create_request(app, tags, outcome.domain)
        if self._check_mode:
            outcome.changed = True
            return
        if outcome.status in ("InService", "Failed"):
            self._mark(app)
            self._send_deletion(outcome)
        # Another run may be faster and have it created again already.
        self._wait("app_deleted_or_recreated", outcome)
        outcome.status = "Deleted"
        outcome.changed = True
        self._create(outcome)
        self._unmark(app)
        self._wait("app_in_service", outcome)
        outcome.status = "InService"

    def _delete(self, outcome: AppOutcome) -> None:
        if outcome.status in _STOPPED or self._is_out_of_question(outcome) or not self._describe(outcome):
            return
        if outcome.status in _STOPPED:
            return
        tags = self._api.list_tags(outcome.app["AppArn"])
        outcome.chosen = self._selection.is_old_enough(outcome.app, outcome.domain, tags)
        if not outcome.chosen:
            return
        outcome.specification = app_decisions.create_request(outcome.app, tags, outcome.domain)
        if self._check_mode:
            outcome.changed = True
            return
        self._send_deletion(outcome)
        self._wait("app_deleted", outcome)
        outcome.status = "Deleted"

    def _is_out_of_question(self, outcome: AppOutcome) -> bool:
        """What ListApps said is enough to leave a running app alone that is young enough."""
        running = outcome.status in app_decisions.RUNNING
        return running and not self._selection.is_old_enough(outcome.app, outcome.domain, {})

    def _describe(self, outcome: AppOutcome) -> bool:
        """Describe the app, when it is no longer Pending; False if it is gone since it was listed."""
        if outcome.status == "Pending":
            self._wait("app_settled", outcome)
        try:
            outcome.app = self._api.describe_app(app_decisions.identity(outcome.app))
        except is_boto3_error_code("ResourceNotFound"):
            return False
        outcome.status = outcome.app["Status"]
        return True

    def _tags_of_stopped(self, outcome: AppOutcome) -> dict[str, str]:
        """The tags of a deleted app, if SageMaker still tells them, which is documented nowhere."""
        try:
            return self._api.list_tags(outcome.app["AppArn"])
        except ClientError as error:
            if not was_refused(error):
                raise
            outcome.warnings.append("the tags it had of its own cannot be read any more, it is created without them")
            return {}

    def _mark(self, app: dict[str, t.Any]) -> None:
        self._api.add_tags(app_decisions.owner_arn(app), app_decisions.restarting_tag(app))

    def _unmark(self, app: dict[str, t.Any]) -> None:
        self._api.delete_tags(app_decisions.owner_arn(app), list(app_decisions.restarting_tag(app)))

    def _send_deletion(self, outcome: AppOutcome) -> None:
        identity = app_decisions.identity(outcome.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # An attempt whose answer was lost may have had its effect.
            if tried and self._status(identity) in ("Deleting", "Deleted", None):
                return
            tried = True
            self._api.delete_app(identity)

        try:
            retrying(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        except is_boto3_error_code("ResourceNotFound"):
            pass
        except ClientError as error:
            if was_refused(error):
                # It runs on: should its user stop it one day, nobody is to start it again.
                with contextlib.suppress(ClientError, BotoCoreError):
                    self._unmark(outcome.app)
            raise
        outcome.status = "Deleting"
        outcome.changed = True

    def _create(self, outcome: AppOutcome) -> None:
        identity = app_decisions.identity(outcome.app)
        tried = False

        def attempt() -> None:
            nonlocal tried
            # Made by an attempt whose answer was lost, by another run, or by the user, who is welcome to be faster.
            if tried and self._status(identity) in app_decisions.RUNNING:
                return
            tried = True
            self._api.create_app(outcome.specification or identity)

        retrying(attempt, "ResourceInUse", attempts=_ATTEMPTS)
        outcome.status = "Pending"

    def _status(self, identity: dict[str, str]) -> str | None:
        try:
            return t.cast("str", self._api.describe_app(identity)["Status"])
        except is_boto3_error_code("ResourceNotFound"):
            return None

    def _wait(self, waiter_name: str, outcome: AppOutcome) -> None:
        wait_for(self._api, waiter_name, app_decisions.identity(outcome.app), self._patience, _PAUSE)
