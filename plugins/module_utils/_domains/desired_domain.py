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
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings, domain_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.domain_settings import (
    DomainSettings,
    UserDefaults,
)

# CreateDomain requires auth_mode and execution_role; without vpc_id and subnet_ids a domain runs no Studio apps.
REQUIRED_TO_CREATE = ("auth_mode", "vpc_id", "subnet_ids", "execution_role")
# SageMaker cannot change them in an existing domain, which describes them by these members.
IMMUTABLE = {"name": "DomainName", "auth_mode": "AuthMode", "vpc_id": "VpcId", "kms_key_id": "KmsKeyId"}

_DEFAULT_NETWORK_ACCESS = "PublicInternetOnly"
_ROLE = (
    re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-/]+"),
    "the ARN of an IAM role such as arn:aws:iam::123456789012:role/studio",
)
_PATTERNS = {
    "name": (re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"), "letters, digits and inner hyphens, at most 63 of them"),
    "domain_id": (re.compile(r"d-(-*[a-z0-9]){1,61}"), "a domain ID such as d-abcdefghijkl"),
    "vpc_id": (re.compile(r"vpc-[0-9a-z]+"), "a VPC ID such as vpc-0123456789abcdef0"),
    "execution_role": _ROLE,
    "kms_key_id": (re.compile(r"[a-zA-Z0-9:/_-]{1,2048}"), "the ID or the ARN of a KMS key"),
    "default_space_settings.execution_role": _ROLE,
}
# The pattern of the elements, the least and the greatest number of them.
_LISTS = {
    "subnet_ids": (re.compile(r"subnet-[0-9a-z]+"), "subnet-0123456789abcdef0", 1, 16),
    "security_groups": (re.compile(r"sg-[0-9a-z]+"), "sg-0123456789abcdef0", 0, 5),
    "default_space_settings.security_groups": (re.compile(r"sg-[0-9a-z]+"), "sg-0123456789abcdef0", 0, 5),
}


@dataclass(frozen=True)
class DesiredDomain:
    """The requested domain; None, or a key missing in C(docker_settings), keeps the present value."""

    name: str | None = None
    domain_id: str | None = None
    auth_mode: str | None = None
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    security_groups: list[str] | None = None
    execution_role: str | None = None
    app_network_access_type: str | None = None
    kms_key_id: str | None = None
    docker_settings: dict[str, t.Any] = field(default_factory=dict)
    default_space_settings: dict[str, t.Any] | None = None
    tag_propagation: bool | None = None
    tags: dict[str, str] | None = None
    purge_tags: bool = True

    def option(self, path: str) -> t.Any:
        """Return the value of an option of the module or of a suboption; None if it is not given."""
        option, _dot, suboption = path.partition(".")
        value = getattr(self, option)
        return (value or {}).get(suboption) if suboption else value

    def settings_from(self, current: DomainSettings) -> DomainSettings:
        """Return the desired settings; raise SettingsError for combinations that SageMaker would refuse."""
        return domain_settings.replaced(current, vars(self))


def validate(desired: DesiredDomain) -> None:
    """Raise SettingsError that names each value that SageMaker would refuse for every domain."""
    problems = [
        f"{option} is {value!r}, it must be {expected}"
        for option, (pattern, expected) in _PATTERNS.items()
        if (value := desired.option(option)) is not None and not pattern.fullmatch(value)
    ]
    problems += [problem for option in _LISTS if (problem := _list_problem(option, desired.option(option)))]
    if problems:
        raise SettingsError(f"{'; '.join(problems)}.")


def _list_problem(option: str, elements: list[str] | None) -> str | None:
    if elements is None:
        return None
    pattern, example, least, most = _LISTS[option]
    if not least <= len(elements) <= most:
        return f"{option} has {len(elements)} elements, it must have {least} to {most}"
    invalid = [element for element in elements if not pattern.fullmatch(element)]
    if not invalid:
        return None
    return f"{option} has {', '.join(map(repr, invalid))}, each must be like {example}"


def validate_creation(desired: DesiredDomain, region: str) -> None:
    """Raise SettingsError that names each option missing to create the domain."""
    if desired.domain_id:
        raise SettingsError(f"it does not exist in {region}. To create a domain, omit domain_id and set name.")
    missing = [option for option in REQUIRED_TO_CREATE if getattr(desired, option) is None]
    if missing:
        raise SettingsError(f"it does not exist in {region}. To create it, set {', '.join(missing)}.")
    desired.settings_from(DomainSettings())


def create_request(desired: DesiredDomain) -> dict[str, t.Any]:
    """Build the CreateDomain request, without its tags."""
    settings = desired.settings_from(DomainSettings(app_network_access_type=_DEFAULT_NETWORK_ACCESS))
    request: dict[str, t.Any] = {
        "DomainName": desired.name,
        "AuthMode": desired.auth_mode,
        "DefaultUserSettings": UserDefaults().changes_to(settings.users),
        "VpcId": desired.vpc_id,
        "SubnetIds": list(settings.subnet_ids),
        "AppNetworkAccessType": settings.app_network_access_type,
    }
    if desired.kms_key_id:
        request["KmsKeyId"] = desired.kms_key_id
    if spaces := UserDefaults().changes_to(settings.spaces):
        request["DefaultSpaceSettings"] = spaces
    if settings.tag_propagation:
        request["TagPropagation"] = "ENABLED"
    if desired.docker_settings:
        request["DomainSettings"] = {"DockerSettings": docker_settings.to_api(settings.docker_settings, {})}
    return request


def refuse_changes(desired: DesiredDomain, domain: dict[str, t.Any]) -> None:
    """Raise SettingsError that names each requested change that an existing domain does not allow."""
    refused = [
        f"{option} is {domain.get(member)!r}, requested is {requested!r}"
        for option, member in IMMUTABLE.items()
        if (requested := getattr(desired, option)) is not None and not _is_same(domain.get(member), requested)
    ]
    if refused:
        raise SettingsError(
            f"{'; '.join(refused)}. SageMaker cannot change that in an existing domain: omit the option, or create "
            "a domain with another name. Nothing was changed."
        )


def _is_same(current: str | None, requested: str) -> bool:
    # A KMS key may be requested by its ID and described by its ARN.
    return current == requested or str(current).endswith(f":key/{requested}")
