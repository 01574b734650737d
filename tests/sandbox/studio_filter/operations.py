# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of Docker's API that Studio supports: AWS's table, and what is let through besides.

AWS guide, studio-updated-local.md, "Docker operations supported": "If an API endpoint is missing from the table, Studio
doesn't support it." The IDs are those of Docker's API 1.43, as in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from . import limits
from .call import Call
from .policy import EXCEPTIONS, Policy

NOT_ALLOWED = "The request for current resource is not allowed on SageMaker Studio."

Limit = Callable[[Call, Policy], str | None]
_CONTAINER = "/containers/[^/]+"
# The name of an image may have slashes.
_IMAGE = "/images/.+"


class Operation(NamedTuple):
    """A row of the table. The first limit that denies a call has the message: buildx asks for a privileged container on
    the default network, and is told the former."""

    id: str
    method: str
    path: str  # a regular expression
    limits: tuple[Limit, ...] = ()


TABLE = (
    Operation("SystemAuth", "POST", "/auth"),
    Operation("SystemEvents", "GET", "/events"),
    Operation("SystemVersion", "GET", "/version"),
    Operation("SystemPing", "GET", "/_ping"),
    Operation("SystemPingHead", "HEAD", "/_ping"),
    Operation(
        "ContainerCreate",
        "POST",
        "/containers/create",
        (
            limits.not_privileged,
            limits.default_seccomp,
            limits.container_network,
            limits.bind_mounts,
            limits.no_published_ports,
            limits.trusted_images,
        ),
    ),
    Operation("ContainerStart", "POST", f"{_CONTAINER}/start"),
    Operation("ContainerStop", "POST", f"{_CONTAINER}/stop"),
    Operation("ContainerKill", "POST", f"{_CONTAINER}/kill"),
    Operation("ContainerDelete", "DELETE", _CONTAINER),
    Operation("ContainerList", "GET", "/containers/json"),
    Operation("ContainerLogs", "GET", f"{_CONTAINER}/logs"),
    Operation("ContainerInspect", "GET", f"{_CONTAINER}/json"),
    Operation("ContainerWait", "POST", f"{_CONTAINER}/wait"),
    Operation("ContainerAttach", "POST", f"{_CONTAINER}/attach"),
    Operation("ContainerPrune", "POST", "/containers/prune"),
    Operation("ContainerResize", "POST", f"{_CONTAINER}/resize"),
    Operation("ImageCreate", "POST", "/images/create", (limits.trusted_images,)),
    Operation("ImagePrune", "POST", "/images/prune"),
    Operation("ImagePush", "POST", f"{_IMAGE}/push", (limits.trusted_images,)),
    Operation("ImageList", "GET", "/images/json"),
    Operation("ImageInspect", "GET", f"{_IMAGE}/json"),
    Operation("ImageGet", "GET", f"{_IMAGE}/get"),
    Operation("ImageDelete", "DELETE", _IMAGE),
    Operation("ImageBuild", "POST", "/build", (limits.build_network, limits.trusted_images)),
)
# Each is one of policy.EXCEPTIONS, which has the reason.
NOT_IN_TABLE = (
    Operation("SystemInfo", "GET", "/info"),
    Operation("ContainerRename", "POST", f"{_CONTAINER}/rename"),
)


def find(call: Call) -> Operation | None:
    """Return the operation, None for one that no row has."""
    rows = (*TABLE, *NOT_IN_TABLE)
    return next((row for row in rows if row.method == call.method and re.fullmatch(row.path, call.path)), None)


def denial(call: Call, policy: Policy) -> str | None:
    """Return the message of a denial, None for an allowed call."""
    operation = find(call)
    if operation is None or operation.id in EXCEPTIONS.keys() - policy.exceptions:
        return NOT_ALLOWED
    reasons = (limit(call, policy) for limit in operation.limits)
    reason = next(filter(None, reasons), None)
    return f"Forbidden. Reason: {reason}" if reason else None


def reads(call: Call, policy: Policy) -> str | None:
    """Return the part of a call's body that its limits need: "body", "base images" or nothing."""
    operation = find(call)
    if operation and operation.id == "ContainerCreate":
        return "body"
    return "base images" if operation and operation.id == "ImageBuild" and policy.restricts_images else None
