# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations of the region with the task's name prefix: list them, and create a missing one."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix


@dataclass(frozen=True)
class LifecycleConfig:
    """One lifecycle configuration, without its content."""

    name: str
    arn: str
    app_type: str
    creation_time: datetime


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

        def attempt() -> None:
            try:
                self._api.create_lifecycle_config(name, app_type, content)
            except is_boto3_error_code("ResourceInUse"):
                # An attempt without an answer or another run created it: the name says that it has this content.
                return

        with_retries(attempt)
        self.created.append(name)
        described = self._api.describe_lifecycle_config(name)
        if described["StudioLifecycleConfigContent"] != content:
            raise ResourceError(
                f"The content of the lifecycle configuration {name} does not match the hash in its name: someone else "
                "created it. Choose another name, or delete it: `aws sagemaker delete-studio-lifecycle-config "
                f"--studio-lifecycle-config-name {name}`"
            )
        arn, creation_time = described["StudioLifecycleConfigArn"], described["CreationTime"]
        self.configs[name] = LifecycleConfig(name, arn, app_type, creation_time)
        return self.configs[name].arn


def _list(api: SageMakerApi, prefix: NamePrefix, app_types: t.Sequence[str]) -> dict[str, LifecycleConfig]:
    """Return the configurations with the prefix for these app types, by name."""
    configs = [
        LifecycleConfig(
            item["StudioLifecycleConfigName"],
            item["StudioLifecycleConfigArn"],
            item["StudioLifecycleConfigAppType"],
            item["CreationTime"],
        )
        for item in api.list_lifecycle_configs(prefix.text)
    ]
    return {
        config.name: config
        for config in configs
        if config.app_type in app_types and prefix.matches(config.name, config.app_type)
    }
