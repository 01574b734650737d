# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The answers of SageMaker that the inventory is made of, in the form that is cached.

A region costs the pages of ListDomains, ListSpaces and ListApps. Any other call is made only if an option requests it.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.concurrency import run_concurrently
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import time_limit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.tags import readable_tags
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.place import Place
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.region import Region

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
    from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.select import Selection

    Answers = t.Dict[str, t.Any]


@dataclass(frozen=True)
class Request:
    """The options that decide which calls are made; answers to another request are not reused."""

    places: t.Sequence[Place]
    selection: Selection
    space_tags: bool
    docker_access: bool


def read_region(api: SageMakerApi, request: Request, timeout: int) -> Answers:
    """Return the answers of one region. Raises botocore's exceptions, TimeLimitExceeded among them."""
    with time_limit(timeout):
        lists = run_concurrently(lambda read: read(), [api.list_domains, api.list_spaces, api.list_apps])
        answers: Answers = dict(zip(("domains", "spaces", "apps"), _as_json(lists)))
        if request.selection.domain_tags:
            arns = {domain["DomainId"]: domain["DomainArn"] for domain in Region(Place(api.region), answers).domains}
            answers["domain_tags"] = _for_each(api, arns, lambda arn: readable_tags(api, arn) or {})
        selected = list(Region(Place(api.region), answers).selected(request.selection))
        if request.docker_access:
            ids = {space.domain["DomainId"]: space.domain["DomainId"] for space in selected}
            answers["docker_access"] = _for_each(api, ids, lambda domain_id: _has_docker_access(api, domain_id))
        if request.space_tags:
            arns = {space.arn: space.arn for space in selected}
            answers["space_tags"] = _for_each(api, arns, lambda arn: readable_tags(api, arn) or {})
        return answers


def _for_each(api: SageMakerApi, items: dict[str, str], read: t.Callable[[str], t.Any]) -> dict[str, t.Any]:
    return dict(zip(items, run_concurrently(read, list(items.values()), api.concurrency)))


def _has_docker_access(api: SageMakerApi, domain_id: str) -> bool | None:
    """Whether the domain's apps may use Docker; None if it was deleted since it was listed."""
    try:
        settings = api.describe_domain(domain_id).get("DomainSettings") or {}
    except is_boto3_error_code("ResourceNotFound"):
        return None
    return bool((settings.get("DockerSettings") or {}).get("EnableDockerAccess") == "ENABLED")


def _as_json(value: t.Any) -> t.Any:
    """Return the value with times as text: a cache in files keeps JSON only."""
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items() if key != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [_as_json(item) for item in value]
    return value.astimezone(timezone.utc).isoformat() if isinstance(value, datetime) else value
