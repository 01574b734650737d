# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as SageMaker's List operations give them: at most MaxResults items and an opaque NextToken."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .errors import invalid
from .lifecycle import Resource

DEFAULT_PAGE = 10
"""botocore's documentation of MaxResults in ListApps: "The default value is 10."."""


def page(items: Sequence[Any], request: dict[str, Any], result_key: str, default: int = DEFAULT_PAGE) -> dict[str, Any]:
    """One page of items under `result_key`, with NextToken if more follow."""
    start = _offset(request.get("NextToken"))
    end = start + request.get("MaxResults", default)
    result: dict[str, Any] = {result_key: list(items[start:end])}
    if end < len(items):
        result["NextToken"] = base64.b64encode(str(end).encode()).decode()
    return result


def sorted_by_time(resources: list[Resource], request: dict[str, Any]) -> list[Resource]:
    """In the order that SortBy and SortOrder ask for; oldest first if they do not."""

    def time_of(resource: Resource) -> datetime:
        return resource.modified if request.get("SortBy") == "LastModifiedTime" else resource.created

    return sorted(resources, key=time_of, reverse=request.get("SortOrder") == "Descending")


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError):
        raise invalid(f"Invalid NextToken [{token}]") from None
