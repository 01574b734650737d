# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Find out which of the listed apps are to be restarted or deleted, and the request that creates each again.

The description of an app costs a call, and so do its tags: a running app that is too new costs none, and the stopped
apps of an owner cost one call together.
"""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps import recreate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import identity, owner_arn
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.lifecycle_config import (
    update_lifecycle_config,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import STOPPED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import was_refused
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import RUNNING

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.app_result import AppResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi

    # The tags of each owner, by its ARN, or the error of the call that reads them.
    OwnerTags = t.Dict[str, t.Union[t.Dict[str, str], Exception]]

_RECOVERY_MODE = (
    "it runs in recovery mode, where its home directory is temporary. Its user leaves recovery mode by stopping the "
    "space and running it again"
)


class AgeSelection(t.Protocol):
    """Which running apps are selected by their age; AppSelection is one."""

    def matches_age(self, app: dict[str, t.Any], domain: dict[str, t.Any], tags: dict[str, str]) -> bool:
        """Whether the app is selected; C(tags) are its own, as far as they are known."""


class AppInspector:
    """Sets C(selected) and C(specification) of each app; a failed call sets C(error)."""

    def __init__(self, api: SageMakerApi, selection: AgeSelection) -> None:
        self._api = api
        self._selection = selection

    def find_apps_to_restart(self, results: t.Sequence[AppResult]) -> None:
        """Select the running apps by age, and the apps that an earlier run deleted and did not get into service."""
        tags = self._tags_of_owners(results)
        run_concurrently(lambda result: self._inspect(result, tags), results, self._api.concurrency)
        for result in results:
            if result.selected and result.app.get("RecoveryMode"):
                result.skip_reason = _RECOVERY_MODE
                result.warnings.append(f"it is not restarted, because {_RECOVERY_MODE}")

    def find_apps_to_delete(self, results: t.Sequence[AppResult]) -> None:
        """Select the apps that are not deleted yet by age."""
        present = [result for result in results if result.status not in STOPPED]
        run_concurrently(lambda result: self._inspect(result, None), present, self._api.concurrency)

    def _tags_of_owners(self, results: t.Iterable[AppResult]) -> OwnerTags:
        arns = {owner_arn(result.app, result.domain) for result in results if result.status not in RUNNING}

        def read(arn: str) -> dict[str, str] | Exception:
            try:
                return self._api.list_tags(arn)
            except is_boto3_error_code(["ValidationException", "ResourceNotFound"]):
                # The space or profile is deleted, so that its apps cannot be created again.
                return {}
            except (ClientError, BotoCoreError) as error:
                return error

        ordered = sorted(arns)
        return dict(zip(ordered, run_concurrently(read, ordered, self._api.concurrency)))

    def _inspect(self, result: AppResult, owner_tags: OwnerTags | None) -> None:
        try:
            if result.status in RUNNING or owner_tags is None:
                self._inspect_present(result)
            else:
                self._inspect_stopped(result, owner_tags[owner_arn(result.app, result.domain)])
        except (ClientError, BotoCoreError) as error:
            result.fail(error, self._api.region)

    def _inspect_present(self, result: AppResult) -> None:
        # The answer of ListApps suffices to exclude an app that is too new.
        if not self._selection.matches_age(result.app, result.domain, {}) or not self._describe(result):
            return
        tags = self._tags_of_present(result)
        if tags is None:
            return
        result.selected = self._selection.matches_age(result.app, result.domain, tags)
        if result.selected:
            self._specify(result, tags)

    def _tags_of_present(self, result: AppResult) -> dict[str, str] | None:
        """Return the tags of the described app, or None if it does not exist any more.

        ListTags refuses those of a Failed app, and of one that was stopped since it was described.
        """
        if result.status in STOPPED:
            return None
        if result.status == "Failed":
            return {}
        try:
            return self._api.list_tags(result.app["AppArn"])
        except is_boto3_error_code(["ValidationException", "ResourceNotFound"]):
            if self._describe(result) and result.status in RUNNING:
                raise
            return self._tags_of_present(result) if result.status == "Failed" else None

    def _inspect_stopped(self, result: AppResult, owner_tags: dict[str, str] | Exception) -> None:
        if isinstance(owner_tags, Exception):
            raise owner_tags
        if not recreate.is_half_restarted(result.app, owner_tags) or not self._describe(result):
            return
        if not recreate.is_half_restarted(result.app, owner_tags):
            return
        result.selected = result.unfinished = True
        self._specify(result, self._tags_of_stopped(result))

    def _specify(self, result: AppResult, tags: dict[str, str]) -> None:
        result.specification = recreate.create_request(result.app, tags, result.domain)
        update_lifecycle_config(self._api, result.specification, result.domain)

    def _describe(self, result: AppResult) -> bool:
        """Describe the app; return False if it no longer exists."""
        try:
            result.app = self._api.describe_app(identity(result.app))
        except is_boto3_error_code("ResourceNotFound"):
            return False
        result.status = result.app["Status"]
        return True

    def _tags_of_stopped(self, result: AppResult) -> dict[str, str]:
        """Return the tags of the app; AWS does not document whether ListTags returns those of a deleted app."""
        try:
            return self._api.list_tags(result.app["AppArn"])
        except ClientError as error:
            if not was_refused(error):
                raise
            result.warnings.append("its own tags can no longer be read, so it is created without them")
            return {}
