# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network `sagemaker`: a container joins the network namespace of the app that asks for it.

AWS guide, studio-updated-local.md: "Containers are run in the same network as the Studio application container."
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from .call import Call

# The engine refuses them with a shared namespace. The first is the app's, and every port is open in the namespace.
_OF_AN_OWN_NAMESPACE = ("Hostname", "ExposedPorts", "NetworkingConfig")


def is_joined(call: Call) -> bool:
    """Return whether the call names the network of a container: of a new one, or of the steps of a build."""
    return call.method == "POST" and call.path in ("/containers/create", "/build")


def body(content: Mapping[str, Any], namespace: str) -> dict[str, Any]:
    """Return the content of a container's creation, which joins the namespace of that container."""
    kept = {key: value for key, value in content.items() if key not in _OF_AN_OWN_NAMESPACE}
    return {**kept, "HostConfig": {**(content.get("HostConfig") or {}), "NetworkMode": f"container:{namespace}"}}


def target(requested: str, namespace: str) -> str:
    """Return the target of a build, whose steps join the namespace of that container."""
    url = urlsplit(requested)
    query = [item for item in parse_qsl(url.query, keep_blank_values=True) if item[0] != "networkmode"]
    return url._replace(query=urlencode([*query, ("networkmode", f"container:{namespace}")])).geturl()
