# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls of Docker's API that Studio denies: a table, and the pure functions that apply it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from .policy import Policy

NETWORK = "sagemaker"
HOME = "/home/sagemaker-user"
# The SDK 3 mounts it into its jobs, which work in Studio.
METADATA = "/opt/ml/metadata"

_VERSIONED = re.compile(r"/v\d+\.\d+(/.*)")
# feedback#161 is about /version. The CLI reads the engine's API version from an unversioned /_ping, which must work:
# otherwise it would use API 1.24, which lacks `docker build --network`, and that is reported to work.
_UNVERSIONED = ("/_ping",)
_ECR = re.compile(r"(\d{12})\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")


@dataclass(frozen=True)
class Call:
    """One call of Docker's API. `path` is without the API version."""

    method: str
    path: str
    versioned: bool = True
    query: Mapping[str, str] = field(default_factory=dict)
    # The content of the call, if a rule needs it (see `reads`).
    body: Mapping[str, Any] = field(default_factory=dict)
    base_images: tuple[str, ...] = ()

    @classmethod
    def of(cls, method: str, target: str) -> Call:
        """Return the call of a request line."""
        url = urlsplit(target)
        versioned = _VERSIONED.fullmatch(url.path)
        path = versioned.group(1) if versioned else url.path
        return cls(method, unquote(path), bool(versioned), dict(parse_qsl(url.query, keep_blank_values=True)))

    @property
    def is_redirected(self) -> bool:
        """Whether the response is 301, because the path has no version (amazon-sagemaker-feedback#161)."""
        return not self.versioned and self.path not in _UNVERSIONED


def _container_network(call: Call, _policy: Policy) -> str | None:
    mode = _host_config(call).get("NetworkMode") or "default"
    endpoints = (call.body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    if {mode, *endpoints} == {NETWORK}:
        return None
    return f"[ContainerCreate] SageMaker Studio Docker Usage only allows '{NETWORK}' as network input"


def _build_network(call: Call, _policy: Policy) -> str | None:
    if call.query.get("networkmode") == NETWORK:
        return None
    return f"[ImageBuild] '{NETWORK}' is the only user allowed network input"


def _privileged(call: Call, _policy: Policy) -> str | None:
    if not _host_config(call).get("Privileged"):
        return None
    return "[ContainerCreate] SageMaker Studio Docker Usage does not allow privileged mode execution"


def _mounts(call: Call, _policy: Policy) -> str | None:
    for source in _mounted(_host_config(call)):
        if f"{normpath(source)}/".startswith((f"{HOME}/", f"{METADATA}/")):
            continue
        return f"[ContainerCreate] SageMaker Studio Docker Usage only allows mounts from {HOME}, not from {source}"
    return None


def _ports(call: Call, _policy: Policy) -> str | None:
    host_config = _host_config(call)
    if not host_config.get("PortBindings") and not host_config.get("PublishAllPorts"):
        return None
    return "[ContainerCreate] SageMaker Studio Docker Usage does not allow port bindings"


def _images(call: Call, policy: Policy) -> str | None:
    if not policy.restricts_images:
        return None
    for image in _requested_images(call):
        ecr = _ECR.fullmatch(image)
        if ecr is None or ecr.group(1) not in policy.trusted_accounts:
            return (
                f"[ValidateVPCOnlyModeImage] Image {image} is not an ECR Image. Studio VPC Only Mode allows Amazon ECR "
                "private registry Images belonging to trusted AWS Account IDs configured in Studio Domain API Settings"
            )
    return None


class Rule(NamedTuple):
    """A pattern of calls, and the function that returns the reason of a denial, or None to allow the call."""

    calls: str  # a regular expression that matches the whole "METHOD /path"
    reason: Callable[[Call, Policy], str | None] | None  # None: always denied, without a reason in the message
    source: str


# The first denial is returned: buildx requests a privileged container on the default network, and gets the former.
RULES = (
    Rule(r"POST /containers/create", _privileged, "awsome-distributed-ai#753"),
    Rule(r"POST /containers/create", _container_network, "sagemaker-python-sdk#5147"),
    Rule(r"POST /build", _build_network, "cost-effective-aws-deployment-of-comfyui#43"),
    # It is reported that only the home can be mounted, but not the message: this one is the sandbox's.
    Rule(r"POST /containers/create", _mounts, "BioNeMo NIM guide (amazon-sagemaker-with-nvidia-bionemo)"),
    Rule(r"POST /containers/create", _ports, "AWS guide; the message is the sandbox's"),
    Rule(r"POST /(containers/create|images/create|build)", _images, "amazon-sagemaker-feedback#219"),
    Rule(r"POST /(containers/[^/]+/exec|exec/.+)", None, "AWS guide, supported operations: no exec"),
    Rule(r"POST /networks/.+", None, "AWS guide, supported operations: no network create, connect, prune"),
    Rule(r"(GET|DELETE) /networks/.+", None, "AWS guide, supported operations: no network inspect, rm"),
)


# AWS guide, studio-updated-local.md, "Docker operations supported": "If an API endpoint is missing from the table,
# Studio doesn't support it."
_DOCUMENTED = re.compile(
    r"POST /auth|GET /events|GET /version|(GET|HEAD) /_ping"
    r"|POST /containers/(create|prune|[^/]+/(start|stop|kill|wait|attach|resize))"
    r"|GET /containers/(json|[^/]+/(json|logs))|DELETE /containers/[^/]+"
    r"|POST /images/(create|prune|.+/push)|GET /images/(json|.+/(json|get))|DELETE /images/.+|POST /build"
)
_NOT_ALLOWED = "The request for current resource is not allowed on SageMaker Studio."


def denial(call: Call, policy: Policy) -> str | None:
    """Return the message of a denial, None for an allowed call."""
    if policy.documented_only and not _DOCUMENTED.fullmatch(f"{call.method} {call.path}"):
        return _NOT_ALLOWED
    for rule in _concerning(call):
        if rule.reason is None:
            return _NOT_ALLOWED
        reason = rule.reason(call, policy)
        if reason:
            return f"Forbidden. Reason: {reason}"
    return None


def reads(call: Call, policy: Policy) -> str | None:
    """Return the part of a call's body that its rules need: "body", "base images" or nothing."""
    if call.method != "POST":
        return None
    if call.path == "/containers/create":
        return "body"
    return "base images" if call.path == "/build" and policy.restricts_images else None


def _concerning(call: Call) -> Iterator[Rule]:
    return (rule for rule in RULES if re.fullmatch(rule.calls, f"{call.method} {call.path}"))


def _host_config(call: Call) -> Mapping[str, Any]:
    return call.body.get("HostConfig") or {}


def _mounted(host_config: Mapping[str, Any]) -> list[str]:
    """Return the mounted paths of the host; a source that is not a path is the name of a volume."""
    binds = [bind.split(":")[0] for bind in host_config.get("Binds") or []]
    mounts = [mount.get("Source", "") for mount in host_config.get("Mounts") or [] if mount.get("Type") == "bind"]
    return [source for source in binds if source.startswith("/")] + mounts


def _requested_images(call: Call) -> list[str]:
    if call.path == "/containers/create":
        return [call.body.get("Image") or ""]
    if call.path == "/images/create":
        return [call.query["fromImage"]] if call.query.get("fromImage") else []
    return list(call.base_images)
