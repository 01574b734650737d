# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The desired state of sagemaker_domain: validate it, build requests, refuse changes. Pure: no AWS call, no module.

The limits are those of CreateDomain in botocore's service model of SageMaker.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.describe import domain_as_dict
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

# CreateDomain requires auth_mode and execution_role; without vpc_id and subnet_ids a domain runs no Studio apps.
REQUIRED_TO_CREATE = ("auth_mode", "vpc_id", "subnet_ids", "execution_role")
# Options that SageMaker or this module cannot change in an existing domain.
IMMUTABLE = (*REQUIRED_TO_CREATE, "app_network_access_type")

_DEFAULT_NETWORK_ACCESS = "PublicInternetOnly"
_MAX_SUBNETS = 16
_PATTERNS = {
    "name": (re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"), "letters, digits and inner hyphens, at most 63 of them"),
    "vpc_id": (re.compile(r"vpc-[0-9a-z]+"), "a VPC ID such as vpc-0123456789abcdef0"),
    "execution_role": (
        re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-/]+"),
        "the ARN of an IAM role such as arn:aws:iam::123456789012:role/studio",
    ),
}
_SUBNET_ID = re.compile(r"subnet-[0-9a-z]+")


@dataclass(frozen=True)
class DesiredDomain:
    """The requested domain; None, or a key missing in C(docker_settings), keeps the present value."""

    name: str
    auth_mode: str | None = None
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    execution_role: str | None = None
    app_network_access_type: str | None = None
    docker_settings: dict[str, t.Any] = field(default_factory=dict)
    tags: dict[str, str] | None = None
    purge_tags: bool = True


def validate(desired: DesiredDomain) -> None:
    """Raise SettingsError that names each value that SageMaker would refuse for every domain."""
    problems = [
        f"{option} is {value!r}, it must be {expected}"
        for option, (pattern, expected) in _PATTERNS.items()
        if (value := getattr(desired, option)) is not None and not pattern.fullmatch(value)
    ]
    problems += _subnet_problems(desired.subnet_ids)
    if problems:
        raise SettingsError(f"{'; '.join(problems)}.")


def _subnet_problems(subnet_ids: list[str] | None) -> list[str]:
    if subnet_ids is None:
        return []
    if not 1 <= len(subnet_ids) <= _MAX_SUBNETS:
        return [f"subnet_ids has {len(subnet_ids)} elements, it must have 1 to {_MAX_SUBNETS}"]
    invalid = [subnet for subnet in subnet_ids if not _SUBNET_ID.fullmatch(subnet)]
    if not invalid:
        return []
    return [f"subnet_ids has {', '.join(map(repr, invalid))}, each must be like subnet-0123456789abcdef0"]


def validate_creation(desired: DesiredDomain, region: str) -> None:
    """Raise SettingsError that names each option missing to create the domain."""
    missing = [option for option in REQUIRED_TO_CREATE if getattr(desired, option) is None]
    if missing:
        raise SettingsError(
            f"Domain {desired.name!r} does not exist in {region}. To create it, set {', '.join(missing)}."
        )
    docker_settings.replaced(DockerSettings(), **desired.docker_settings)


def create_request(desired: DesiredDomain) -> dict[str, t.Any]:
    """Build the CreateDomain request, without its tags."""
    request: dict[str, t.Any] = {
        "DomainName": desired.name,
        "AuthMode": desired.auth_mode,
        "DefaultUserSettings": {"ExecutionRole": desired.execution_role},
        "VpcId": desired.vpc_id,
        "SubnetIds": desired.subnet_ids,
        "AppNetworkAccessType": desired.app_network_access_type or _DEFAULT_NETWORK_ACCESS,
    }
    if desired.docker_settings:
        settings = docker_settings.replaced(DockerSettings(), **desired.docker_settings)
        request["DomainSettings"] = {"DockerSettings": docker_settings.to_api(settings, {})}
    return request


def refuse_changes(desired: DesiredDomain, domain: dict[str, t.Any]) -> None:
    """Raise SettingsError that names each requested change that an existing domain does not allow."""
    current = domain_as_dict(domain["DomainId"], domain)
    refused = [
        f"{option} is {current[option]!r}, requested is {requested!r}"
        for option in IMMUTABLE
        if (requested := getattr(desired, option)) is not None and not _same(current[option], requested)
    ]
    if refused:
        raise SettingsError(
            f"{'; '.join(refused)}. This module cannot change that in an existing domain: omit the option, or create "
            "a domain with another name. Nothing was changed."
        )


def _same(current: t.Any, requested: t.Any) -> bool:
    if isinstance(requested, list):
        return set(current) == set(requested)
    return bool(current == requested)
