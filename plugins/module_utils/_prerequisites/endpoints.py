# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The way from a VPC's subnets to an AWS service: its endpoint with groups and policy, or else the internet."""

from __future__ import annotations

import ipaddress
import json
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import (
    endpoint_policy,
    policy_statements,
    routes,
    vpc,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import known
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.reachability import (
    REACHABLE,
    UNKNOWN,
    UNREACHABLE,
    Reachability,
)

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Described, Network

_HTTPS = 443


@dataclass(frozen=True)
class Request:
    """A call that goes through the endpoint. C(role) is None where the caller is not known.

    With C(assumed), the resource stands for those the user did not name.
    """

    role: str | None
    action: str
    resource: str
    assumed: bool = False


@dataclass(frozen=True)
class Service:
    """An AWS service as the apps of a domain use it: C(ecr.api), C(ecr.dkr) or C(s3).

    C(app_groups) has the security groups of each kind of app: an app has all groups of its set.
    """

    name: str
    region: str
    account: str
    app_groups: tuple[frozenset[str], ...] = ()
    requests: tuple[Request, ...] = ()


def to_service(service: Service, network: Network) -> Reachability:
    """Return whether every subnet reaches the service.

    An endpoint with private DNS takes the traffic whether it can be used or not: a NAT gateway does not help then.
    """
    suffix = f".{service.region}.{service.name}"
    endpoints = [e for e in known(network.endpoints) if e.get("ServiceName", "").endswith(suffix) and _is_for_vpc(e)]
    tried = []
    for endpoint in endpoints:
        path = _by_endpoint(endpoint, service, network)
        if path.state == REACHABLE or _takes_traffic(endpoint, network):
            return path
        tried.append(path)
    return _without_endpoint(service, network, tried)


def _without_endpoint(service: Service, network: Network, tried: list[Reachability]) -> Reachability:
    internet = routes.to_internet(network, service.account)
    if internet.state == REACHABLE:
        return internet
    observed = [path.observed for path in tried] or [f"no endpoint for {service.name}"]
    owner = vpc.owner(network, service.account)
    if owner and not tried:
        observed = [f"account {owner} shares the VPC, and only that account sees its endpoints"]
        command = f"aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={_vpc_of(network)}"
        settled_by = f"In account {owner}, check the endpoint for {service.name}: {command}"
        return Reachability(UNKNOWN, "; ".join([*observed, internet.observed]), settled_by)
    uncertain = [path for path in tried if path.state == UNKNOWN]
    state = UNKNOWN if uncertain else internet.state
    settled_by = uncertain[0].settled_by if uncertain else internet.settled_by
    return Reachability(state, "; ".join([*observed, internet.observed]), settled_by)


def _by_endpoint(endpoint: Described, service: Service, network: Network) -> Reachability:
    name = endpoint["VpcEndpointId"]
    if endpoint.get("State") != "available":
        return Reachability(UNREACHABLE, f"{name} is {endpoint.get('State')}")
    path = _by_gateway(endpoint, network) if _is_gateway(endpoint) else _by_interface(endpoint, service, network)
    if path.state == UNREACHABLE:
        return path
    policy = _policy_allows(endpoint, service)
    return path if policy.state == REACHABLE else policy


def _takes_traffic(endpoint: Described, network: Network) -> bool:
    if endpoint.get("State") != "available":
        return False
    return not _subnets_without(endpoint, network) if _is_gateway(endpoint) else bool(endpoint.get("PrivateDnsEnabled"))


def _by_gateway(endpoint: Described, network: Network) -> Reachability:
    name = endpoint["VpcEndpointId"]
    without = _subnets_without(endpoint, network)
    if without:
        return Reachability(UNREACHABLE, f"{name} is not in the route tables of {', '.join(without)}")
    return Reachability(REACHABLE, f"by {name}")


def _subnets_without(endpoint: Described, network: Network) -> list[str]:
    tables = {s["SubnetId"]: vpc.route_table_of(s["SubnetId"], network) for s in vpc.subnets(network)}
    within = endpoint.get("RouteTableIds", [])
    return [subnet for subnet, table in tables.items() if not table or table["RouteTableId"] not in within]


def _by_interface(endpoint: Described, service: Service, network: Network) -> Reachability:
    name = endpoint["VpcEndpointId"]
    if not endpoint.get("PrivateDnsEnabled"):
        # AWS PrivateLink guide, "Private DNS": a hosted zone of the user can resolve the service's name all the same.
        return Reachability(
            UNKNOWN,
            f"{name} has private DNS off, and only a hosted zone of yours can resolve to it",
            f"Check the VPC's hosted zones: aws route53 list-hosted-zones-by-vpc --vpc-id {endpoint.get('VpcId')} "
            f"--vpc-region {service.region}",
        )
    ids = [group["GroupId"] for group in endpoint.get("Groups", [])]
    described = {group["GroupId"]: group for group in known(network.security_groups)}
    permissions = [
        permission
        for group in ids
        for permission in described.get(group, {}).get("IpPermissions", [])
        if _is_https(permission)
    ]
    if _allow_subnets(permissions, network) or _allow_groups(permissions, service.app_groups):
        return Reachability(REACHABLE, f"by {name}")
    names = ", ".join(ids) or "no security group"
    hidden = [group for group in ids if group not in described]
    if hidden or any(permission.get("PrefixListIds") for permission in permissions):
        command = f"aws ec2 describe-security-groups --group-ids {' '.join(hidden or ids)}"
        observed = f"{name}: EC2 does not show whether {names} allow the apps on port {_HTTPS}"
        return Reachability(UNKNOWN, observed, f"Check that the rules allow the apps: {command}")
    return Reachability(UNREACHABLE, f"{name}: {names} do not allow the apps on port {_HTTPS}")


def _is_https(permission: Described) -> bool:
    if permission.get("IpProtocol") == "-1":
        return True
    return permission.get("IpProtocol") == "tcp" and permission["FromPort"] <= _HTTPS <= permission["ToPort"]


def _allow_groups(permissions: list[Described], app_groups: tuple[frozenset[str], ...]) -> bool:
    allowed = {pair.get("GroupId") for permission in permissions for pair in permission.get("UserIdGroupPairs", [])}
    return bool(app_groups) and all(groups & allowed for groups in app_groups)


def _allow_subnets(permissions: list[Described], network: Network) -> bool:
    """Return whether the rules' ranges together contain every subnet."""
    ranges = [entry["CidrIp"] for permission in permissions for entry in permission.get("IpRanges", [])]
    allowed = list(ipaddress.collapse_addresses(ipaddress.IPv4Network(entry) for entry in ranges))
    subnets = [ipaddress.IPv4Network(subnet["CidrBlock"]) for subnet in vpc.subnets(network)]
    return bool(subnets) and all(any(subnet.subnet_of(range_) for range_ in allowed) for subnet in subnets)


def _policy_allows(endpoint: Described, service: Service) -> Reachability:
    name = endpoint["VpcEndpointId"]
    settled_by = f"Check its policy: aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {name}"
    try:
        policy = json.loads(endpoint.get("PolicyDocument") or "null")
    except ValueError:
        return Reachability(UNKNOWN, f"{name} has an endpoint policy that is not JSON", settled_by)
    if policy is None:
        return Reachability(REACHABLE, f"by {name}")
    effects = {request: _effect(endpoint, policy, request) for request in service.requests}
    for request, effect in effects.items():
        if effect == policy_statements.DENY or (effect == policy_statements.NONE and not request.assumed):
            return Reachability(UNREACHABLE, f"the policy of {name} does not allow {_text(request)}")
    for request, effect in effects.items():
        if effect != policy_statements.ALLOW:
            keys = ", ".join(policy_statements.condition_keys(policy)) or "the caller and the resource"
            observed = f"whether the policy of {name} allows {_text(request)} depends on {keys}"
            return Reachability(UNKNOWN, observed, settled_by)
    return Reachability(REACHABLE, f"by {name}")


def _effect(endpoint: Described, policy: Described, request: Request) -> str:
    if _is_gateway(endpoint):
        return endpoint_policy.gateway_effect(policy, request.action, request.resource)
    return endpoint_policy.interface_effect(policy, request.role, request.action, request.resource)


def _text(request: Request) -> str:
    on = "" if request.resource == "*" or request.assumed else f" on {request.resource}"
    by = f" by {request.role.rpartition('/')[2]}" if request.role else ""
    return f"{request.action}{on}{by}"


def _is_for_vpc(endpoint: Described) -> bool:
    """Whether the VPC's own traffic may use the endpoint: an S3 endpoint may be for on-premises networks only.

    EC2 API reference, DnsOptionsSpecification: traffic that originates from the VPC uses the gateway endpoint then.
    """
    return not endpoint.get("DnsOptions", {}).get("PrivateDnsOnlyForInboundResolverEndpoint")


def _is_gateway(endpoint: Described) -> bool:
    return endpoint.get("VpcEndpointType") == "Gateway"


def _vpc_of(network: Network) -> str:
    return next((subnet.get("VpcId", "VPC_ID") for subnet in vpc.subnets(network)), "VPC_ID")
