# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The domain's part of its VPC: its subnets, their route tables, and the account that owns them."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import known

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Described, Network


def subnets(network: Network) -> list[Described]:
    """Return the domain's subnets in a fixed order: EC2 has none."""
    return sorted(known(network.subnets), key=lambda subnet: subnet["SubnetId"])


def owner(network: Network, account: str) -> str | None:
    """Return the account that shares its VPC with C(account); None for a VPC of its own.

    VPC user guide, "Responsibilities and permissions for owners and participants": a participant can describe route
    tables and internet gateways, and cannot describe NAT gateways. Endpoints belong to the owner, too.
    """
    owners = {subnet.get("OwnerId", account) for subnet in subnets(network)}
    return next(iter(owners - {account}), None)


def route_table_of(subnet: str, network: Network) -> Described | None:
    """Return the subnet's own route table, or else the main one of the VPC."""
    main = None
    for table in known(network.route_tables):
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return table
            main = table if association.get("Main") else main
    return main
