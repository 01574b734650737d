# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What sagemaker_domain is asked for, and what follows from it: pure, no call, no module.

Source of the limits: botocore's service model of SageMaker (CreateDomain).
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.describe import domain_as_dict
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

# A domain without them can be made by nobody (auth_mode, execution_role) or runs no Studio apps (vpc_id, subnet_ids).
NEEDED_TO_CREATE = ("auth_mode", "vpc_id", "subnet_ids", "execution_role")
# What SageMaker or this module cannot change once the domain is there.
FIXED = (*NEEDED_TO_CREATE, "app_network_access_type")

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
    """A domain as asked for; None, or a key missing in C(docker_settings), leaves that as it is."""

    name: str
    auth_mode: str | None = None
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    execution_role: str | None = None
    app_network_access_type: str | None = None
    docker_settings: dict[str, t.Any] = field(default_factory=dict)
    tags: dict[str, str] | None = None
    purge_tags: bool = True


def check(wanted: DesiredDomain) -> None:
    """Raise SettingsError naming every value that SageMaker would refuse, whatever domain there is."""
    problems = [
        f"{option} is {value!r}, it must be {right}"
        for option, (pattern, right) in _PATTERNS.items()
        if (value := getattr(wanted, option)) is not None and not pattern.fullmatch(value)
    ]
    problems += _subnet_problems(wanted.subnet_ids)
    if problems:
        raise SettingsError(f"{'; '.join(problems)}.")


def _subnet_problems(subnet_ids: list[str] | None) -> list[str]:
    if subnet_ids is None:
        return []
    if not 1 <= len(subnet_ids) <= _MAX_SUBNETS:
        return [f"subnet_ids has {len(subnet_ids)} elements, it must have 1 to {_MAX_SUBNETS}"]
    wrong = [subnet for subnet in subnet_ids if not _SUBNET_ID.fullmatch(subnet)]
    return [f"subnet_ids has {', '.join(map(repr, wrong))}, each must be like subnet-0123456789abcdef0"] * bool(wrong)


def check_creation(wanted: DesiredDomain, region: str) -> None:
    """Raise SettingsError naming all that is missing to create the domain."""
    missing = [option for option in NEEDED_TO_CREATE if getattr(wanted, option) is None]
    if missing:
        raise SettingsError(
            f"There is no domain {wanted.name!r} in {region}, and to create it {', '.join(missing)} must be given."
        )
    docker_settings.replaced(DockerSettings(), **wanted.docker_settings)


def create_request(wanted: DesiredDomain) -> dict[str, t.Any]:
    """Build the CreateDomain request, without its tags."""
    request: dict[str, t.Any] = {
        "DomainName": wanted.name,
        "AuthMode": wanted.auth_mode,
        "DefaultUserSettings": {"ExecutionRole": wanted.execution_role},
        "VpcId": wanted.vpc_id,
        "SubnetIds": wanted.subnet_ids,
        "AppNetworkAccessType": wanted.app_network_access_type or _DEFAULT_NETWORK_ACCESS,
    }
    if wanted.docker_settings:
        settings = docker_settings.replaced(DockerSettings(), **wanted.docker_settings)
        request["DomainSettings"] = {"DockerSettings": docker_settings.to_api(settings, {})}
    return request


def refuse_changes(wanted: DesiredDomain, domain: dict[str, t.Any]) -> None:
    """Raise SettingsError naming every setting asked for that a domain, as described, cannot be given any more."""
    current = domain_as_dict(domain["DomainId"], domain)
    refused = [
        f"{option} is {current[option]!r} and was to be {asked!r}"
        for option in FIXED
        if (asked := getattr(wanted, option)) is not None and not _same(current[option], asked)
    ]
    if refused:
        raise SettingsError(
            f"{'; '.join(refused)}. This module sets that only when it creates a domain: ask for what there is, omit "
            "the option, or make a domain of another name. Nothing was changed."
        )


def _same(current: t.Any, asked: t.Any) -> bool:
    if isinstance(asked, list):
        return set(current) == set(asked)
    return bool(current == asked)
