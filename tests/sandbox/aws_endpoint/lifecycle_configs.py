# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CreateStudioLifecycleConfig, Describe..., List..., Delete...; the service has no update."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .errors import in_use, invalid, not_found
from .lifecycle import Moment, Resource
from .paging import page, sorted_by_time
from .studio import Studio
from .user_settings import lifecycle_config_arns

_NAME, _TYPE = "StudioLifecycleConfigName", "StudioLifecycleConfigAppType"
_CONTENT = "StudioLifecycleConfigContent"


def create_studio_lifecycle_config(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    name = request[_NAME]
    if name in studio.lifecycle_configs:
        raise in_use(f"StudioLifecycleConfig [{name}] already exists.")
    settings = dict(request)
    tags = settings.pop("Tags", [])
    arn = studio.arn(f"studio-lifecycle-config/{name}")
    studio.lifecycle_configs[name] = Resource(arn, settings, moment.now, "InService", moment.now, tags)
    return {"StudioLifecycleConfigArn": arn}


def describe_studio_lifecycle_config(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    return _shown(_find(studio, request))


def list_studio_lifecycle_configs(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    part, app_type = request.get("NameContains", ""), request.get("AppTypeEquals")
    found = [
        config
        for name, config in studio.lifecycle_configs.items()
        if part in name and app_type in (None, config.settings[_TYPE])
    ]
    summaries = [_shown(config) for config in sorted_by_time(found, request)]
    for summary in summaries:
        del summary[_CONTENT]
    return page(summaries, request, "StudioLifecycleConfigs")


def delete_studio_lifecycle_config(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """botocore's documentation: no running app may use it, no domain and no profile may have it attached."""
    config = _find(studio, request)
    users = [user for user, arn in _uses(studio) if arn == config.arn]
    if users and moment.desk.controls.guard_lifecycle_configs:
        raise in_use(f"StudioLifecycleConfig [{request[_NAME]}] is in use by {users[0]}.")
    del studio.lifecycle_configs[request[_NAME]]
    return {}


OPERATIONS = (
    create_studio_lifecycle_config,
    describe_studio_lifecycle_config,
    list_studio_lifecycle_configs,
    delete_studio_lifecycle_config,
)


def require_lifecycle_configs(studio: Studio, settings: Any) -> None:
    """Refuse settings that name a lifecycle configuration which does not exist."""
    known = {config.arn for config in studio.lifecycle_configs.values()}
    for arn in lifecycle_config_arns(settings):
        if arn not in known:
            raise invalid(f"StudioLifecycleConfig [{arn}] does not exist.")


def _uses(studio: Studio) -> Iterator[tuple[str, str]]:
    """(ARN of the user, ARN of the lifecycle configuration), those of an update under way among them."""
    running = [app for app in studio.apps.values() if app.status != "Deleted"]
    for resource in [*studio.domains.values(), *studio.profiles.values(), *studio.spaces.values(), *running]:
        coming = resource.transition.settings if resource.transition else None
        for arn in lifecycle_config_arns([resource.settings, coming]):
            yield resource.arn, arn


def _find(studio: Studio, request: dict[str, Any]) -> Resource:
    if request[_NAME] not in studio.lifecycle_configs:
        raise not_found(f"StudioLifecycleConfig [{request[_NAME]}] does not exist.")
    return studio.lifecycle_configs[request[_NAME]]


def _shown(config: Resource) -> dict[str, Any]:
    times = {"CreationTime": config.created, "LastModifiedTime": config.modified}
    return {"StudioLifecycleConfigArn": config.arn, **config.settings, **times}
