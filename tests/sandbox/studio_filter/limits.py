# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of operations: functions that return the reason of a denial, None to allow the call.

AWS's guide has the limits. The messages of the network, privileged mode and VPC-only images are reported (their sources
are beside them); the others are the sandbox's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from .call import Call
from .policy import METADATA_MOUNT, Policy

NETWORK = "sagemaker"
HOME = "/home/sagemaker-user"
METADATA = "/opt/ml/metadata"

_USAGE = "[ContainerCreate] SageMaker Studio Docker Usage"
_ECR = re.compile(r"(\d{12})\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")
_PUSHED = re.compile(r"/images/(.+)/push")


def not_privileged(call: Call, _policy: Policy) -> str | None:
    """Source of the message: awsome-distributed-ai#753."""
    return f"{_USAGE} does not allow privileged mode execution" if call.host_config.get("Privileged") else None


def default_seccomp(call: Call, _policy: Policy) -> str | None:
    """No container has more system calls than by default."""
    elevated = [option for option in call.host_config.get("SecurityOpt") or [] if option.startswith("seccomp")]
    return f"{_USAGE} does not allow the security option {elevated[0]}" if elevated else None


def container_network(call: Call, _policy: Policy) -> str | None:
    """Source of the message: sagemaker-python-sdk#5147."""
    mode = call.host_config.get("NetworkMode") or "default"
    endpoints = (call.body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    if {mode, *endpoints} == {NETWORK}:
        return None
    return f"{_USAGE} only allows '{NETWORK}' as network input"


def build_network(call: Call, _policy: Policy) -> str | None:
    """Source of the message: cost-effective-aws-deployment-of-comfyui#43."""
    if call.query.get("networkmode") == NETWORK:
        return None
    return f"[ImageBuild] '{NETWORK}' is the only user allowed network input"


def bind_mounts(call: Call, policy: Policy) -> str | None:
    """Only folders of the home, and no volumes."""
    if volume := next(_volumes(call), None):
        return f"{_USAGE} only allows bind mounts, and not the volume {volume}"
    allowed = (HOME, METADATA) if METADATA_MOUNT in policy.exceptions else (HOME,)
    for source in _bound(call):
        if not f"{normpath(source)}/".startswith(tuple(f"{folder}/" for folder in allowed)):
            return f"{_USAGE} only allows mounts from {HOME}, not from {source}"
    return None


def no_published_ports(call: Call, _policy: Policy) -> str | None:
    """A port is reached at localhost without it."""
    if call.host_config.get("PortBindings") or call.host_config.get("PublishAllPorts"):
        return f"{_USAGE} does not allow port bindings"
    return None


def trusted_images(call: Call, policy: Policy) -> str | None:
    """Source of the message: amazon-sagemaker-feedback#219."""
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


def _bound(call: Call) -> Iterator[str]:
    """Return the mounted paths of the host."""
    for bind in call.host_config.get("Binds") or []:
        if bind.startswith("/"):
            yield bind.split(":")[0]
    for mount in call.host_config.get("Mounts") or []:
        if mount.get("Type") == "bind":
            yield mount.get("Source", "")


def _volumes(call: Call) -> Iterator[str]:
    """Return the mounts that are no bind mounts: named volumes, anonymous ones, other containers'."""
    binds = call.host_config.get("Binds") or []
    mounts = call.host_config.get("Mounts") or []
    yield from (bind.split(":")[0] for bind in binds if not bind.startswith("/"))
    yield from (mount.get("Source") or mount.get("Target", "") for mount in mounts if mount.get("Type") != "bind")
    yield from call.host_config.get("VolumesFrom") or []
    # Clients may name the target of a bind mount here, too.
    bound = {bind.split(":")[1] for bind in binds if ":" in bind} | {mount.get("Target") for mount in mounts}
    yield from (target for target in call.body.get("Volumes") or {} if target not in bound)


def _requested_images(call: Call) -> list[str]:
    if call.path == "/containers/create":
        return [call.body.get("Image") or ""]
    if call.path == "/images/create":
        return [call.query["fromImage"]] if call.query.get("fromImage") else []
    if pushed := _PUSHED.fullmatch(call.path):
        return [pushed[1]]
    return list(call.base_images)
