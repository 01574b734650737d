# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The routes from a VPC's subnets to the internet. Pure: EC2's descriptions in, a Reachability out.

Network ACLs, the apps' outgoing rules and firewalls are not evaluated: an unreachable destination is unreachable, a
reachable one may still be blocked by these.
"""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import vpc
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import known
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.reachability import (
    REACHABLE,
    UNKNOWN,
    UNREACHABLE,
    Reachability,
    worst,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Described, Network

_INTERNET = ipaddress.IPv4Network("0.0.0.0/0")
# Narrower routes are exceptions for a part of the internet.
_WIDE = 8
_OTHER_NETWORKS = (
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "CoreNetworkArn",
    "NetworkInterfaceId",
    "InstanceId",
    "LocalGatewayId",
    "CarrierGatewayId",
)


def to_internet(network: Network, account: str) -> Reachability:
    """Return whether every subnet reaches the internet: apps have private addresses only, so it takes a NAT gateway."""
    return worst(_from_subnet(subnet["SubnetId"], network, account) for subnet in vpc.subnets(network))


def _from_subnet(subnet: str, network: Network, account: str) -> Reachability:
    table = vpc.route_table_of(subnet, network)
    if table is None:
        return Reachability(UNKNOWN, f"{subnet} has no route table that EC2 shows")
    found = _default_routes(table)
    if found:
        return worst(_by_route(route, subnet, table, network, account) for route in found)
    name = table["RouteTableId"]
    others = _other_networks(table)
    if others:
        observed = f"{name} of {subnet} has no default route; {', '.join(others)} may lead to a proxy or an endpoint"
        return Reachability(UNKNOWN, observed)
    return Reachability(UNREACHABLE, f"{name} of {subnet} has no default route")


def _default_routes(table: Described) -> list[Described]:
    """Return the routes that traffic to the internet takes: C(0.0.0.0/0), or wide routes that cover it together.

    VPC user guide, "Route priority": the most specific route wins, so a route that others cover wholly is not taken.
    """
    by_destination = {
        ipaddress.IPv4Network(route["DestinationCidrBlock"], strict=False): route
        for route in table.get("Routes", [])
        if route.get("DestinationCidrBlock") and not _is_local(route)
    }
    wide = [
        destination for destination in by_destination if destination.prefixlen <= _WIDE and not _private(destination)
    ]
    if not _covers(wide, _INTERNET):
        return []
    return [by_destination[d] for d in wide if not _covers([w for w in wide if w != d and w.subnet_of(d)], d)]


def _covers(networks: t.Iterable[ipaddress.IPv4Network], whole: ipaddress.IPv4Network) -> bool:
    return any(whole.subnet_of(joined) for joined in ipaddress.collapse_addresses(networks))


def _private(destination: ipaddress.IPv4Network) -> bool:
    return destination.prefixlen > 0 and destination.is_private


def _is_local(route: Described) -> bool:
    return route.get("GatewayId") == "local"


def _by_route(route: Described, subnet: str, table: Described, network: Network, account: str) -> Reachability:
    if route.get("State") == "blackhole":
        return Reachability(UNREACHABLE, f"the default route of {table['RouteTableId']} is a blackhole")
    if route.get("NatGatewayId"):
        return _by_nat(route["NatGatewayId"], network, account)
    if route.get("GatewayId", "").startswith("igw-"):
        gateway = route["GatewayId"]
        observed = f"{subnet} routes to internet gateway {gateway}, which needs public addresses that apps do not have"
        return Reachability(UNREACHABLE, observed)
    return Reachability(UNKNOWN, f"{subnet} routes to {_target(route)}, and EC2 does not show its way from there")


def _by_nat(gateway_id: str, network: Network, account: str) -> Reachability:
    gateway = next((g for g in known(network.nat_gateways) if g["NatGatewayId"] == gateway_id), None)
    owner = vpc.owner(network, account)
    if gateway is None and owner:
        return Reachability(
            UNKNOWN,
            f"{gateway_id} belongs to account {owner}, which shares the VPC",
            f"In account {owner}, check that it is public and available: "
            f"aws ec2 describe-nat-gateways --nat-gateway-ids {gateway_id}",
        )
    if gateway is None or gateway.get("State") != "available":
        return Reachability(UNREACHABLE, f"{gateway_id} is {gateway.get('State') if gateway else 'deleted'}")
    if gateway.get("ConnectivityType", "public") != "public":
        return Reachability(UNKNOWN, f"{gateway_id} is private, and EC2 does not show its way from there")
    # A regional NAT gateway is in no subnet and has its own route.
    table = vpc.route_table_of(gateway["SubnetId"], network) if gateway.get("SubnetId") else None
    return _from_nat(gateway, table) if table else Reachability(REACHABLE, f"by {gateway_id}")


def _from_nat(gateway: Described, table: Described) -> Reachability:
    """Return whether a NAT gateway reaches an internet gateway; a firewall may stand between them."""
    name, subnet = gateway["NatGatewayId"], gateway["SubnetId"]
    found = _default_routes(table)
    usable = [route for route in found if route.get("State") != "blackhole" and not route.get("NatGatewayId")]
    if not found or len(usable) < len(found):
        return Reachability(UNREACHABLE, f"{name} is in {subnet}, which has no route to an internet gateway")
    through = [_target(route) for route in usable if not route.get("GatewayId", "").startswith("igw-")]
    if through:
        return Reachability(UNKNOWN, f"{name} routes to {through[0]}, and EC2 does not show its way from there")
    return Reachability(REACHABLE, f"by {name}")


def _other_networks(table: Described) -> list[str]:
    """Return the targets that may lead out: to other networks with a proxy or an endpoint, or by a prefix list."""
    routes = [route for route in table.get("Routes", []) if route.get("State") != "blackhole" and not _is_local(route)]
    gateways = [route["GatewayId"] for route in routes if route.get("GatewayId", "").startswith("vgw-")]
    others = [route[key] for route in routes for key in _OTHER_NETWORKS if route.get(key)]
    # The destinations in a prefix list are not in the route table; those of a gateway endpoint are its service's only.
    in_lists = [
        route["NatGatewayId"] for route in routes if "DestinationPrefixListId" in route and "NatGatewayId" in route
    ]
    return list(dict.fromkeys(others + gateways + in_lists))


def _target(route: Described) -> str:
    keys = (*_OTHER_NETWORKS, "GatewayId")
    return next((route[key] for key in keys if route.get(key)), "an unknown target")
