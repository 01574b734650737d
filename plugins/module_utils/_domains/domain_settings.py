# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The settings of a domain that sagemaker_domain can update: read, merge, send and verify them. Pure functions.

Sources: botocore's service model of SageMaker (UpdateDomain), AWS's API reference of UpdateDomain.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import DockerSettings

_TAG_PROPAGATION = {True: "ENABLED", False: "DISABLED"}


@dataclass(frozen=True)
class UserDefaults:
    """The execution role and the sorted security groups of DefaultUserSettings or DefaultSpaceSettings."""

    execution_role: str | None = None
    security_groups: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        return {"execution_role": self.execution_role, "security_groups": list(self.security_groups)}

    def replaced(self, execution_role: str | None, security_groups: t.Iterable[str] | None) -> UserDefaults:
        """Return the defaults with the given values; None keeps a value."""
        return UserDefaults(
            self.execution_role if execution_role is None else execution_role,
            self.security_groups if security_groups is None else tuple(sorted(set(security_groups))),
        )

    def changes_to(self, desired: UserDefaults) -> dict[str, t.Any]:
        """Return the members of a request that change these defaults to the desired ones."""
        changes: dict[str, t.Any] = {}
        if desired.execution_role != self.execution_role:
            changes["ExecutionRole"] = desired.execution_role
        if desired.security_groups != self.security_groups:
            changes["SecurityGroups"] = list(desired.security_groups)
        return changes


@dataclass(frozen=True)
class DomainSettings:
    """The updatable settings; lists are sorted, since SageMaker keeps sets."""

    docker_settings: DockerSettings = field(default_factory=DockerSettings)
    app_network_access_type: str | None = None
    subnet_ids: tuple[str, ...] = ()
    users: UserDefaults = field(default_factory=UserDefaults)
    spaces: UserDefaults = field(default_factory=UserDefaults)
    tag_propagation: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        """Return the settings as sagemaker_domain returns them."""
        return {
            "docker_settings": self.docker_settings.as_dict(),
            "app_network_access_type": self.app_network_access_type,
            "subnet_ids": list(self.subnet_ids),
            **self.users.as_dict(),
            "default_space_settings": self.spaces.as_dict(),
            "tag_propagation": self.tag_propagation,
        }


def from_api(domain: t.Mapping[str, t.Any]) -> DomainSettings:
    """Read the settings from a DescribeDomain response or a CreateDomain request."""
    return DomainSettings(
        docker_settings=docker_settings.from_api(dict(domain)),
        app_network_access_type=domain.get("AppNetworkAccessType"),
        subnet_ids=tuple(sorted(domain.get("SubnetIds") or [])),
        users=_defaults(domain.get("DefaultUserSettings")),
        spaces=_defaults(domain.get("DefaultSpaceSettings")),
        tag_propagation=domain.get("TagPropagation") == "ENABLED",
    )


def _defaults(settings: t.Mapping[str, t.Any] | None) -> UserDefaults:
    found = settings or {}
    return UserDefaults(found.get("ExecutionRole"), tuple(sorted(found.get("SecurityGroups") or [])))


def replaced(current: DomainSettings, requested: t.Mapping[str, t.Any]) -> DomainSettings:
    """Return the desired settings; C(requested) has options of the module, and an option of None keeps its value.

    Raises SettingsError for combinations that SageMaker would refuse.
    """
    subnets, propagation = requested["subnet_ids"], requested["tag_propagation"]
    spaces = requested["default_space_settings"] or {}
    desired = DomainSettings(
        docker_settings=docker_settings.replaced(current.docker_settings, **requested["docker_settings"]),
        app_network_access_type=requested["app_network_access_type"] or current.app_network_access_type,
        subnet_ids=current.subnet_ids if subnets is None else tuple(sorted(set(subnets))),
        users=current.users.replaced(requested["execution_role"], requested["security_groups"]),
        spaces=current.spaces.replaced(spaces.get("execution_role"), spaces.get("security_groups")),
        tag_propagation=current.tag_propagation if propagation is None else propagation,
    )
    _validate(current, desired)
    return desired


def _validate(current: DomainSettings, desired: DomainSettings) -> None:
    is_vpc_only = desired.app_network_access_type == "VpcOnly"
    if is_vpc_only and desired != current and not desired.users.security_groups and _touches_network(current, desired):
        raise SettingsError(
            "app_network_access_type=VpcOnly requires security_groups: set at least one that allows the traffic "
            "between the domain's apps and their EFS file system."
        )
    if desired.spaces.security_groups and not desired.spaces.execution_role:
        raise SettingsError("default_space_settings requires execution_role together with security_groups.")


def _touches_network(current: DomainSettings, desired: DomainSettings) -> bool:
    """Whether the network mode or the security groups change; other updates do not require security groups."""
    return (
        desired.app_network_access_type != current.app_network_access_type
        or desired.users.security_groups != current.users.security_groups
    )


def update_request(desired: DomainSettings, domain: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Build the members of an UpdateDomain request that change the described domain to the desired settings.

    Only changed settings are sent, because UpdateDomain refuses some settings that are echoed back.
    """
    current = from_api(domain)
    request: dict[str, t.Any] = {}
    if desired.docker_settings != current.docker_settings:
        docker = docker_settings.to_api(desired.docker_settings, dict(domain))
        request["DomainSettingsForUpdate"] = {"DockerSettings": docker}
    if users := current.users.changes_to(desired.users):
        request["DefaultUserSettings"] = users
    if spaces := current.spaces.changes_to(desired.spaces):
        request["DefaultSpaceSettings"] = spaces
    if desired.subnet_ids != current.subnet_ids:
        request["SubnetIds"] = list(desired.subnet_ids)
    if desired.tag_propagation != current.tag_propagation:
        request["TagPropagation"] = _TAG_PROPAGATION[desired.tag_propagation]
    if desired.app_network_access_type != current.app_network_access_type:
        request["AppNetworkAccessType"] = desired.app_network_access_type
        if desired.app_network_access_type == "VpcOnly":
            # SageMaker requires both, also from a domain that has them (terraform-provider-aws#45528).
            request |= {"VpcId": domain.get("VpcId"), "SubnetIds": list(desired.subnet_ids)}
    return request


def mismatches(
    sent: DomainSettings, described: DomainSettings, desired_now: DomainSettings
) -> list[tuple[str, t.Any, t.Any]]:
    """Return the settings that the domain does not have after an update; see docker_settings.mismatches()."""
    found = docker_settings.mismatches(sent.docker_settings, described.docker_settings, desired_now.docker_settings)
    expected, observed = (
        replace(settings, docker_settings=DockerSettings()).as_dict() for settings in (sent, described)
    )
    return [*found, *((key, expected[key], observed[key]) for key in expected if expected[key] != observed[key])]
