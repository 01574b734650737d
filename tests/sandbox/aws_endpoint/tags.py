# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AddTags, ListTags and DeleteTags for what this endpoint keeps; every other ARN is moto's."""

from __future__ import annotations

from itertools import chain
from typing import Any

from .errors import invalid, invalid_without_message, not_found
from .lifecycle import Moment, Resource
from .paging import page
from .studio import Studio

_MOST_TAGS = 50
_KINDS = ("domain", "user-profile", "space", "app", "studio-lifecycle-config")


def keeps(arn: str) -> bool:
    return arn.rpartition(":")[2].partition("/")[0] in _KINDS


def add_tags(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    """A tag of the same key is replaced."""
    resource = _tagged(studio, request["ResourceArn"])
    values = {tag["Key"]: tag["Value"] for tag in [*resource.tags, *request["Tags"]]}
    if len(values) > _MOST_TAGS:
        raise invalid(f"A resource can have at most {_MOST_TAGS} tags.")
    resource.tags = [{"Key": key, "Value": value} for key, value in values.items()]
    return {"Tags": resource.tags}


def list_tags(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    """The issue is about failed apps. What AWS answers for others that failed or leave is not known: here, no tags."""
    resource = _tagged(studio, request["ResourceArn"])
    if resource.status == "Failed":
        raise invalid_without_message()  # terraform-provider-aws#27265
    if resource.status == "Deleting" and ":app/" not in resource.arn:
        raise not_found(f"Could not find resource [{resource.arn}].")
    return page(resource.tags, request, "Tags", default=_MOST_TAGS)


def delete_tags(studio: Studio, request: dict[str, Any], _moment: Moment) -> dict[str, Any]:
    resource = _tagged(studio, request["ResourceArn"])
    resource.tags = [tag for tag in resource.tags if tag["Key"] not in request["TagKeys"]]
    return {}


OPERATIONS = (add_tags, list_tags, delete_tags)


def _tagged(studio: Studio, arn: str) -> Resource:
    """Return the resource. AWS does not document whether the tags of a deleted app can be read; here they cannot."""
    kept = (studio.domains, studio.profiles, studio.spaces, studio.apps, studio.lifecycle_configs)
    for resource in chain.from_iterable(resources.values() for resources in kept):
        if resource.arn == arn and resource.status != "Deleted":
            return resource
    raise invalid(f"Could not find resource [{arn}].")
