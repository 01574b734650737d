# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's responses as an app of Studio gets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .call import Call
from .limits import NETWORK
from .policy import Policy

_CONTAINERS = re.compile(r"/containers/(json|[^/]+/json)")
# As the engine describes a container that is connected to a network without an address of its own.
_ENDPOINT = {
    **dict.fromkeys(("IPAMConfig", "Links", "Aliases", "DriverOpts")),
    **dict.fromkeys(("NetworkID", "EndpointID", "Gateway", "IPAddress", "IPv6Gateway", "MacAddress"), ""),
    **{"GlobalIPv6Address": "", "IPPrefixLen": 0, "GlobalIPv6PrefixLen": 0},
}


def rewritten(call: Call, policy: Policy) -> Callable[[bytes], bytes] | None:
    """Return the function that changes the engine's response, None to forward it unchanged."""
    if call.method != "GET":
        return None
    if _CONTAINERS.fullmatch(call.path):
        return _on_sagemaker
    return _as_rootless if policy.rootless and call.path == "/info" else None


def _on_sagemaker(answer: bytes) -> bytes:
    """Name the network that the app asked for, and not the container whose namespace the filter chose."""
    described = json.loads(answer)
    for container in described if isinstance(described, list) else [described]:
        _rename_network(container)
    return json.dumps(described).encode()


def _rename_network(container: dict[str, Any]) -> None:
    host_config = container.get("HostConfig") or {}
    if host_config.get("NetworkMode", "").startswith("container:"):
        host_config["NetworkMode"] = NETWORK
        container.setdefault("NetworkSettings", {})["Networks"] = {NETWORK: dict(_ENDPOINT)}


def _as_rootless(answer: bytes) -> bytes:
    """Describe a rootless engine, which the sandbox's is not."""
    info = json.loads(answer)
    # From 2.248.2 on, the SDK searches for "Cgroup Driver: none" in `docker info`.
    info |= {"CgroupDriver": "none", "SecurityOptions": [*(info.get("SecurityOptions") or []), "name=rootless"]}
    return json.dumps(info).encode()
