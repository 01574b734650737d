# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What a VPC's route tables, endpoints and security groups let through. Pure: EC2's descriptions in, an answer out.

Not looked at are network ACLs, the apps' own outgoing rules, endpoint policies and firewalls: a way that is closed here
is closed, one that is open here may be closed there.
"""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import told

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Described, Network

OPEN, CLOSED, UNSURE = "open", "closed", "unsure"
_HTTPS = 443
_EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Way:
    """Whether a way is open, and in words why."""

    state: str
    observed: str


def worst(ways: t.Iterable[Way]) -> Way:
    """Join ways that must all be open: an app may land in any of the subnets."""
    ways = list(ways)
    for state in (CLOSED, UNSURE, OPEN):
        observed = list(dict.fromkeys(way.observed for way in ways if way.state == state))
        if observed:
            return Way(state, "; ".join(observed))
    return Way(UNSURE, "the domain has no subnets")


def to_the_internet(network: Network) -> Way:
    """The way out of every subnet: apps have private addresses only, so it takes a NAT gateway."""
    return worst(_out_of(subnet["SubnetId"], network) for subnet in _subnets(network))


def to_service(name: str, network: Network, region: str, app_groups: t.Collection[str]) -> Way:
    """The way to an AWS service (C(ecr.api), C(ecr.dkr), C(s3)): its endpoint, or else the way to the internet.

    An endpoint with private DNS takes the traffic whether it can be used or not: NAT does not help where it is shut.
    """
    endpoints = [e for e in told(network.endpoints) if e.get("ServiceName", "").endswith(f".{region}.{name}")]
    observed = []
    for endpoint in endpoints:
        way = _by_gateway(endpoint, network) if _is_gateway(endpoint) else _by_interface(endpoint, network, app_groups)
        if way.state == OPEN or (endpoint.get("PrivateDnsEnabled") and endpoint.get("State") == "available"):
            return way
        observed.append(way.observed)
    internet = to_the_internet(network)
    if internet.state == OPEN:
        return internet
    return Way(internet.state, "; ".join([*(observed or [f"no endpoint for {name}"]), internet.observed]))


def _out_of(subnet: str, network: Network) -> Way:
    table = _table_of(subnet, network)
    if table is None:
        return Way(UNSURE, f"{subnet} has no route table that can be seen")
    route = _default_route(table)
    if route is None:
        return Way(CLOSED, f"{table['RouteTableId']} of {subnet} has no default route")
    if route.get("State") == "blackhole":
        return Way(CLOSED, f"the default route of {table['RouteTableId']} leads nowhere (blackhole)")
    if route.get("NatGatewayId"):
        return _by_nat(route["NatGatewayId"], network)
    if route.get("GatewayId", "").startswith("igw-"):
        gateway = route["GatewayId"]
        return Way(CLOSED, f"{subnet} leads to internet gateway {gateway}, which apps have no public address for")
    return Way(UNSURE, f"{subnet} leads to {_target(route)}, and what is behind it cannot be seen from here")


def _by_nat(gateway_id: str, network: Network) -> Way:
    gateway = next((g for g in told(network.nat_gateways) if g["NatGatewayId"] == gateway_id), None)
    if gateway is None or gateway.get("State") != "available":
        return Way(CLOSED, f"{gateway_id} is {gateway.get('State') if gateway else 'gone'}")
    if gateway.get("ConnectivityType", "public") != "public":
        return Way(UNSURE, f"{gateway_id} is private, and what is behind it cannot be seen from here")
    # A regional NAT gateway is in no subnet and brings its own route.
    table = _table_of(gateway["SubnetId"], network) if gateway.get("SubnetId") else None
    route = _default_route(table) if table else None
    if table and not (route and route.get("GatewayId", "").startswith("igw-")):
        return Way(CLOSED, f"{gateway_id} is in {gateway['SubnetId']}, which has no route to an internet gateway")
    return Way(OPEN, f"by {gateway_id}")


def _by_gateway(endpoint: Described, network: Network) -> Way:
    name = endpoint["VpcEndpointId"]
    if endpoint.get("State") != "available":
        return Way(CLOSED, f"{name} is {endpoint.get('State')}")
    tables = {s["SubnetId"]: _table_of(s["SubnetId"], network) for s in _subnets(network)}
    without = [s for s, table in tables.items() if not table or table["RouteTableId"] not in endpoint["RouteTableIds"]]
    if without:
        return Way(CLOSED, f"{name} is not in the route tables of {', '.join(without)}")
    return Way(OPEN, f"by {name}")


def _by_interface(endpoint: Described, network: Network, app_groups: t.Collection[str]) -> Way:
    name = endpoint["VpcEndpointId"]
    if endpoint.get("State") != "available":
        return Way(CLOSED, f"{name} is {endpoint.get('State')}")
    if not endpoint.get("PrivateDnsEnabled"):
        return Way(CLOSED, f"{name} has private DNS off")
    ids = [group["GroupId"] for group in endpoint.get("Groups", [])]
    groups = [group for group in told(network.security_groups) if group["GroupId"] in ids]
    permissions = [permission for group in groups for permission in group.get("IpPermissions", [])]
    let_in = [_lets_in(permission, network, app_groups) for permission in permissions if _is_https(permission)]
    if True in let_in:
        return Way(OPEN, f"by {name}")
    names = ", ".join(ids) or "no security group"
    if None in let_in:
        return Way(UNSURE, f"{name}: whether {names} let the apps in on port {_HTTPS} cannot be seen from here")
    return Way(CLOSED, f"{name}: {names} do not let the apps in on port {_HTTPS}")


def _is_https(permission: Described) -> bool:
    if permission.get("IpProtocol") == "-1":
        return True
    return permission.get("IpProtocol") == "tcp" and permission["FromPort"] <= _HTTPS <= permission["ToPort"]


def _lets_in(permission: Described, network: Network, app_groups: t.Collection[str]) -> bool | None:
    """Whether the rule is for all of the apps; None where a prefix list decides."""
    if {pair.get("GroupId") for pair in permission.get("UserIdGroupPairs", [])} & set(app_groups):
        return True
    ranges = [ipaddress.IPv4Network(entry["CidrIp"]) for entry in permission.get("IpRanges", [])]
    subnets = [ipaddress.IPv4Network(subnet["CidrBlock"]) for subnet in _subnets(network)]
    if subnets and all(any(subnet.subnet_of(allowed) for allowed in ranges) for subnet in subnets):
        return True
    return None if permission.get("PrefixListIds") else False


def _subnets(network: Network) -> list[Described]:
    """The domain's subnets, always in the same order: EC2 has none."""
    return sorted(told(network.subnets), key=lambda subnet: subnet["SubnetId"])


def _table_of(subnet: str, network: Network) -> Described | None:
    """The route table of a subnet: its own, or else the VPC's main one."""
    main = None
    for table in told(network.route_tables):
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return table
            main = table if association.get("Main") else main
    return main


def _default_route(table: Described) -> Described | None:
    return next((r for r in table.get("Routes", []) if r.get("DestinationCidrBlock") == _EVERYWHERE), None)


def _target(route: Described) -> str:
    keys = ("TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId", "InstanceId", "GatewayId")
    return next((route[key] for key in keys if route.get(key)), "something unknown")


def _is_gateway(endpoint: Described) -> bool:
    return endpoint.get("VpcEndpointType") == "Gateway"
