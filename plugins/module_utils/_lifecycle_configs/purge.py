# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Delete lifecycle configurations that a newer one replaced and that nothing uses."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.usage import used_by

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.store import (
        LifecycleConfig,
        LifecycleConfigStore,
    )

# A configuration newer than this run's own may belong to another run that has not attached it yet.
_LONGEST_RUN = timedelta(hours=1)


@dataclass
class PurgeResult:
    """The names of the deleted configurations; and the names of those that are kept, with what uses each."""

    deleted: list[str] = field(default_factory=list)
    used: dict[str, list[str]] = field(default_factory=dict)


def purge(
    api: SageMakerApi,
    store: LifecycleConfigStore,
    result: PurgeResult,
    keep: t.Collection[str],
    detached_from: t.Collection[str],
) -> None:
    """Delete the configurations of the store, except those named in C(keep), unless something uses them.

    C(detached_from) has the ARNs of the domains and profiles that use none of them after this run.
    """
    replaced = [config for config in store.configs.values() if _is_replaced(config, store, keep)]
    if not replaced:
        return
    users = used_by(api)
    for config in sorted(replaced, key=lambda config: config.name):
        using = sorted(users.get(config.arn, set()) - set(detached_from))
        if using:
            result.used[config.name] = using
        elif store.check_mode or _delete(api, config.name):
            result.deleted.append(config.name)
            del store.configs[config.name]
        else:
            result.used[config.name] = ["an app or a setting that SageMaker does not name"]


def _is_replaced(config: LifecycleConfig, store: LifecycleConfigStore, keep: t.Collection[str]) -> bool:
    if config.name in keep:
        return False
    kept = [store.configs[name].creation_time for name in keep if name in store.configs]
    if not kept:
        return True
    created, known = config.creation_time, [time for time in kept if time]
    if not created:
        # It may be newer.
        return False
    if known and created <= min(known):
        return True
    return created < datetime.now(timezone.utc) - _LONGEST_RUN


def _delete(api: SageMakerApi, name: str) -> bool:
    """Delete the configuration; return False if SageMaker refuses because it is in use."""
    try:
        with_retries(lambda: api.delete_lifecycle_config(name))
    except is_boto3_error_code("ResourceInUse"):
        return False
    except is_boto3_error_code("ResourceNotFound"):
        return True
    return True
