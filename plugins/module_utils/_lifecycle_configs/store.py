# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations of the region with the task's name prefix: list them, and create a missing one."""

from __future__ import annotations

import base64
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, was_refused
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stale_reads import SECONDS, read_after_write
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import names

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix


_TAGS = {"studio_local_mode:created_by": "mlops.studio_local_mode.sagemaker_studio_lifecycle_config"}


@dataclass(frozen=True)
class LifecycleConfig:
    """One lifecycle configuration, without its content."""

    name: str
    arn: str
    app_type: str
    creation_time: datetime | None


class LifecycleConfigStore:
    """The lifecycle configurations with one prefix; C(created) has the names of those that this run created.

    In check mode nothing is created, and both properties predict the result.
    """

    def __init__(self, api: SageMakerApi, prefix: NamePrefix, app_types: t.Sequence[str], check_mode: bool) -> None:
        self.created: list[str] = []
        self.check_mode = check_mode
        self.configs = _list(api, prefix, app_types)
        self._api = api

    @property
    def names(self) -> list[str]:
        return sorted(self.configs)

    def contents(self, requested: t.Iterable[str]) -> dict[str, bytes]:
        """Return the content of each of these configurations that exists."""
        return contents(self._api, set(requested) & set(self.configs))

    def ensure(self, name: str, app_type: str, content: str, domain_arn: str) -> str:
        """Return the ARN of the configuration with this name; create it if it does not exist.

        In check mode the ARN is predicted from the region and account of C(domain_arn).
        """
        if name in self.configs:
            return self.configs[name].arn
        if self.check_mode:
            self.created.append(name)
            arn = f"{domain_arn.partition(':domain/')[0]}:studio-lifecycle-config/{name}"
            self.configs[name] = LifecycleConfig(name, arn, app_type, datetime.now(timezone.utc))
            return arn

        unanswered = False

        def creates() -> bool:
            nonlocal unanswered
            try:
                self._api.create_lifecycle_config(name, app_type, content, _TAGS)
            except is_boto3_error_code("ResourceInUse"):
                # An attempt without an answer or someone else created it; it is compared below.
                return unanswered
            except (ClientError, BotoCoreError) as error:
                unanswered = unanswered or not isinstance(error, ClientError) or not was_refused(error)
                raise
            return True

        if with_retries(creates):
            self.created.append(name)
        described = read_after_write(lambda: self._describe(name), lambda found: found is None)
        if described is None:
            raise ResourceError(
                f"SageMaker created the lifecycle configuration {name}, and does not describe it {SECONDS:g} s later. "
                "Run this again."
            )
        refuse_foreign(
            name,
            described["StudioLifecycleConfigContent"] == content,
            described.get("StudioLifecycleConfigAppType", app_type) == app_type,
        )
        arn = described["StudioLifecycleConfigArn"]
        self.configs[name] = LifecycleConfig(name, arn, app_type, described.get("CreationTime"))
        return self.configs[name].arn

    def _describe(self, name: str) -> dict[str, t.Any] | None:
        try:
            return self._api.describe_lifecycle_config(name)
        except is_boto3_error_code("ResourceNotFound"):
            return None


def contents(api: SageMakerApi, requested: t.Iterable[str]) -> dict[str, bytes]:
    """Return the content of each of these lifecycle configurations that exists."""

    def read(name: str) -> bytes | None:
        try:
            text = api.describe_lifecycle_config(name)["StudioLifecycleConfigContent"]
        except is_boto3_error_code("ResourceNotFound"):
            return None
        try:
            return base64.b64decode(text)
        except ValueError:
            return t.cast("str", text).encode()

    ordered = sorted(requested)
    found = zip(ordered, run_concurrently(read, ordered, api.concurrency))
    return {name: content for name, content in found if content is not None}


def refuse_foreign(name: str, matching_content: bool, matching_app_type: bool) -> None:
    """Raise ResourceError for a configuration that is not what its name says."""
    contradiction = names.contradiction(f"lifecycle configuration {name}", matching_content, matching_app_type)
    if contradiction:
        raise ResourceError(
            f"{contradiction}, so someone else created it (CloudTrail has the CreateStudioLifecycleConfig call). "
            "Review it, remove it by running this task with state=absent, then run this again; or choose another name."
        )


def _list(api: SageMakerApi, prefix: NamePrefix, app_types: t.Sequence[str]) -> dict[str, LifecycleConfig]:
    """Return the configurations with the prefix and one of these app types in the name, by name.

    The name alone makes them the task's: somebody else may have created one for another app type under it.
    """
    configs = [
        LifecycleConfig(
            item["StudioLifecycleConfigName"],
            item["StudioLifecycleConfigArn"],
            item["StudioLifecycleConfigAppType"],
            item.get("CreationTime"),
        )
        for item in api.list_lifecycle_configs(prefix.text)
    ]
    return {
        config.name: config
        for config in configs
        if any(prefix.matches(config.name, app_type) for app_type in app_types)
    }
