# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Gather the lifecycle configurations of a region: their content against their names, and what uses them."""

from __future__ import annotations

import hashlib
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.tags import readable_tags
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import names
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.store import contents
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.usage import used_by

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi


def gather(api: SageMakerApi, prefix: str | None) -> list[dict[str, t.Any]]:
    """Return the lifecycle configurations whose names begin with C(prefix), in the module's form, sorted by name.

    An attached configuration that does not exist is one of them. Raises ResourceError.
    """
    try:
        return _gather(api, prefix)
    except (ClientError, BotoCoreError) as error:
        raise ResourceError(explain(error, api.region)) from error


def _gather(api: SageMakerApi, prefix: str | None) -> list[dict[str, t.Any]]:
    listed = {item["StudioLifecycleConfigArn"]: item for item in api.list_lifecycle_configs(prefix)}
    users = used_by(api)
    arns = [arn for arn in {**listed, **users} if names.config_name(arn).startswith(prefix or "")]
    existing = [names.config_name(arn) for arn in arns if arn in listed]
    found = contents(api, existing)
    tags = dict(
        zip(
            arns,
            run_concurrently(
                lambda arn: (readable_tags(api, arn) or {}) if arn in listed else {}, arns, api.concurrency
            ),
        )
    )
    configs = [
        as_dict(arn, listed.get(arn, {}), found.get(names.config_name(arn)), tags[arn], users.get(arn, set()))
        for arn in arns
    ]
    return sorted(configs, key=lambda config: t.cast("str", config["name"]))


def as_dict(
    arn: str, details: dict[str, t.Any], content: bytes | None, tags: dict[str, str], users: t.Iterable[str]
) -> dict[str, t.Any]:
    """Return one lifecycle configuration in the module's form; C(content) is None if it does not exist."""
    name = names.config_name(arn)
    return {
        "name": name,
        "arn": arn,
        "exists": content is not None,
        "app_type": details.get("StudioLifecycleConfigAppType"),
        "creation_time": iso_time(details.get("CreationTime")),
        "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
        "name_matches_content": None if content is None else names.matches_content(name, content),
        "tags": tags,
        "used_by": sorted(users),
    }
