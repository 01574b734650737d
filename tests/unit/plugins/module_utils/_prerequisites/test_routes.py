# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import routes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Unknown,
    UnknownFactError,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.reachability import (
    REACHABLE,
    UNKNOWN,
    UNREACHABLE,
)

from tests.unit.prerequisites import (
    ACCOUNT,
    nat_gateway,
    network,
    route_table,
    shared,
)

MAIN = route_table("rtb-main", GatewayId="igw-1")


def private(*subnets, **target):
    return [MAIN, route_table("rtb-private", *(subnets or ("subnet-a", "subnet-b")), **target)]


@pytest.mark.parametrize(
    ("changes", "state", "observed"),
    [
        ({}, REACHABLE, "by nat-1"),
        ({"nat_gateways": [nat_gateway(SubnetId=None)]}, REACHABLE, "by nat-1"),
        ({"route_tables": private()}, UNREACHABLE, "rtb-private of subnet-a has no default route"),
        ({"route_tables": private(GatewayId="igw-1")}, UNREACHABLE, "needs public addresses that apps do not have"),
        (
            {"route_tables": private("subnet-a", NatGatewayId="nat-1")},
            UNREACHABLE,
            "subnet-b routes to internet gateway igw-1",
        ),
        ({"route_tables": private(NatGatewayId="nat-1", State="blackhole")}, UNREACHABLE, "blackhole"),
        ({"route_tables": private(TransitGatewayId="tgw-1")}, UNKNOWN, "routes to tgw-1"),
        ({"route_tables": []}, UNKNOWN, "no route table that EC2 shows"),
        ({"nat_gateways": []}, UNREACHABLE, "nat-1 is deleted"),
        ({"nat_gateways": [nat_gateway(State="deleting")]}, UNREACHABLE, "nat-1 is deleting"),
        ({"nat_gateways": [nat_gateway(ConnectivityType="private")]}, UNKNOWN, "nat-1 is private"),
        ({"nat_gateways": [nat_gateway(SubnetId="subnet-a")]}, UNREACHABLE, "has no route to an internet gateway"),
        ({"subnets": []}, UNKNOWN, "the domain has no subnets"),
    ],
)
def test_the_route_to_the_internet(changes, state, observed):
    path = routes.to_internet(network(**changes), ACCOUNT)
    assert path.state == state
    assert observed in path.observed


def via(destination, **target):
    return {"DestinationCidrBlock": destination, "State": "active", **target}


def table_with(*routes_):
    table = route_table("rtb-private", "subnet-a", "subnet-b")
    table["Routes"] += routes_
    return [MAIN, table]


NAT = {"NatGatewayId": "nat-1"}
TRANSIT = {"TransitGatewayId": "tgw-1"}


@pytest.mark.parametrize(
    ("routes_", "state", "observed"),
    [
        # Two halves are a default route.
        ([via("0.0.0.0/1", **NAT), via("128.0.0.0/1", **NAT)], REACHABLE, "by nat-1"),
        ([via("0.0.0.0/1", **NAT), via("128.0.0.0/1", **TRANSIT)], UNKNOWN, "routes to tgw-1"),
        ([via("0.0.0.0/1", **NAT)], UNREACHABLE, "no default route"),
        # The more specific routes are taken.
        ([via("0.0.0.0/0", GatewayId="igw-1"), via("0.0.0.0/1", **NAT), via("128.0.0.0/1", **NAT)], REACHABLE, "nat-1"),
        ([via("0.0.0.0/0", **NAT), via("10.0.0.0/8", **TRANSIT)], REACHABLE, "by nat-1"),
        ([via("0.0.0.0/0", **NAT), via("52.94.0.0/16", **TRANSIT)], REACHABLE, "by nat-1"),
        # A hub may have a proxy or an endpoint.
        ([via("10.0.0.0/8", **TRANSIT)], UNKNOWN, "no default route; tgw-1 may lead to a proxy or an endpoint"),
        ([via("10.0.0.0/8", VpcPeeringConnectionId="pcx-1")], UNKNOWN, "pcx-1 may lead to"),
        ([via("10.0.0.0/8", GatewayId="vgw-1")], UNKNOWN, "vgw-1 may lead to"),
        ([{"DestinationPrefixListId": "pl-1", "State": "active", **TRANSIT}], UNKNOWN, "tgw-1 may lead to"),
        ([{**via("10.0.0.0/8", **TRANSIT), "State": "blackhole"}], UNREACHABLE, "no default route"),
        ([{"DestinationPrefixListId": "pl-1", "State": "active", **NAT}], UNKNOWN, "nat-1 may lead to"),
        # The route of a gateway endpoint leads to its service only.
        ([{"DestinationPrefixListId": "pl-1", "State": "active", "GatewayId": "vpce-1"}], UNREACHABLE, "no default"),
        # A firewall before the NAT gateway.
        ([via("0.0.0.0/0", GatewayId="vpce-1")], UNKNOWN, "routes to vpce-1"),
    ],
)
def test_routes_that_are_not_one_default_route(routes_, state, observed):
    path = routes.to_internet(network(route_tables=table_with(*routes_)), ACCOUNT)
    assert path.state == state
    assert observed in path.observed


def test_a_firewall_between_nat_gateway_and_internet_gateway_is_unknown():
    tables = [route_table("rtb-main", GatewayId="vpce-1"), route_table("rtb-private", "subnet-a", "subnet-b", **NAT)]
    path = routes.to_internet(network(route_tables=tables), ACCOUNT)
    assert (path.state, "nat-1 routes to vpce-1" in path.observed) == (UNKNOWN, True)


def test_the_nat_gateway_of_a_shared_vpc_is_not_visible_to_a_participant():
    path = routes.to_internet(shared(network(nat_gateways=[])), ACCOUNT)
    assert path.state == UNKNOWN
    assert path.observed == "nat-1 belongs to account 999999999999, which shares the VPC"
    assert "aws ec2 describe-nat-gateways --nat-gateway-ids nat-1" in path.settled_by


def test_an_unknown_fact_gives_no_state():
    with pytest.raises(UnknownFactError, match="ec2:DescribeRouteTables"):
        routes.to_internet(network(route_tables=Unknown("lacks ec2:DescribeRouteTables")), ACCOUNT)
