# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VPC that another account shares, as a participant describes it.

VPC user guide, "Responsibilities and permissions for owners and participants": subnets and route tables are visible and
belong to the owner; NAT gateways and endpoints are not visible.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from .places import Desks


class _OfOwner:
    """A resource of moto under its owner's account."""

    def __init__(self, resource: Any, owner: str) -> None:
        self._resource = resource
        self.owner_id = owner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._resource, name)


def install(desks: Desks) -> None:
    """Make moto's EC2 follow the control `vpc_owner`."""
    for operation, key, visible in (
        ("describe_subnets", "Subnets", True),
        ("describe_route_tables", "RouteTables", True),
        ("describe_nat_gateways", "NatGateways", False),
        ("describe_vpc_endpoints", "VpcEndpoints", False),
    ):
        setattr(EC2Response, operation, _as_participant(getattr(EC2Response, operation), key, visible, desks))


def _as_participant(
    original: Callable[[EC2Response], ActionResult], key: str, visible: bool, desks: Desks
) -> Callable[[EC2Response], ActionResult]:
    def answer(response: EC2Response) -> ActionResult:
        result = original(response)
        owner = desks.at(response.current_account, response.region).controls.vpc_owner
        if not owner:
            return result
        resources = result.result[key] if visible else []
        return ActionResult({**result.result, key: [_OfOwner(resource, owner) for resource in resources]})

    return answer
