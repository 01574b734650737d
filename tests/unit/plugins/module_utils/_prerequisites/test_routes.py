# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites import routes
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import NotTold, Unknown

from tests.unit.prerequisites import (
    https,
    interface,
    nat_gateway,
    network,
    route_table,
    s3_gateway,
    security_group,
)

MAIN = route_table("rtb-main", GatewayId="igw-1")


def private(*subnets, **target):
    return [MAIN, route_table("rtb-private", *(subnets or ("subnet-a", "subnet-b")), **target)]


@pytest.mark.parametrize(
    ("changes", "state", "observed"),
    [
        ({}, routes.OPEN, "by nat-1"),
        ({"nat_gateways": [nat_gateway(SubnetId=None)]}, routes.OPEN, "by nat-1"),
        ({"route_tables": private()}, routes.CLOSED, "rtb-private of subnet-a has no default route"),
        ({"route_tables": private(GatewayId="igw-1")}, routes.CLOSED, "apps have no public address for"),
        (
            {"route_tables": private("subnet-a", NatGatewayId="nat-1")},
            routes.CLOSED,
            "subnet-b leads to internet gateway igw-1",
        ),
        ({"route_tables": private(NatGatewayId="nat-1", State="blackhole")}, routes.CLOSED, "blackhole"),
        ({"route_tables": private(TransitGatewayId="tgw-1")}, routes.UNSURE, "leads to tgw-1"),
        ({"route_tables": []}, routes.UNSURE, "no route table that can be seen"),
        ({"nat_gateways": []}, routes.CLOSED, "nat-1 is gone"),
        ({"nat_gateways": [nat_gateway(State="deleting")]}, routes.CLOSED, "nat-1 is deleting"),
        ({"nat_gateways": [nat_gateway(ConnectivityType="private")]}, routes.UNSURE, "nat-1 is private"),
        ({"nat_gateways": [nat_gateway(SubnetId="subnet-a")]}, routes.CLOSED, "has no route to an internet gateway"),
        ({"subnets": []}, routes.UNSURE, "the domain has no subnets"),
    ],
)
def test_the_way_to_the_internet(changes, state, observed):
    way = routes.to_the_internet(network(**changes))
    assert way.state == state
    assert observed in way.observed


FROM_APPS = https(UserIdGroupPairs=[{"GroupId": "sg-apps"}])
NO_NAT = {"route_tables": private()}


@pytest.mark.parametrize(
    ("endpoint", "permissions", "state", "observed"),
    [
        (interface("ecr.dkr"), [FROM_APPS], routes.OPEN, "by vpce-ecr.dkr"),
        (interface("ecr.dkr"), [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}], routes.OPEN, "by vpce"),
        (interface("ecr.dkr"), [https(IpRanges=[{"CidrIp": "10.0.0.0/16"}])], routes.OPEN, "by vpce"),
        (interface("ecr.dkr"), [https(IpRanges=[{"CidrIp": "10.0.1.0/24"}])], routes.CLOSED, "do not let the apps in"),
        (interface("ecr.dkr"), [{**FROM_APPS, "ToPort": 442, "FromPort": 80}], routes.CLOSED, "on port 443"),
        (interface("ecr.dkr"), [https(UserIdGroupPairs=[{"GroupId": "sg-x"}])], routes.CLOSED, "sg-endpoints do not"),
        (interface("ecr.dkr"), [https(PrefixListIds=[{"PrefixListId": "pl-1"}])], routes.UNSURE, "cannot be seen"),
        (interface("ecr.dkr", PrivateDnsEnabled=False), [FROM_APPS], routes.CLOSED, "has private DNS off"),
        (interface("ecr.dkr", State="pending"), [FROM_APPS], routes.CLOSED, "vpce-ecr.dkr is pending"),
        (interface("ecr.api"), [FROM_APPS], routes.CLOSED, "no endpoint for ecr.dkr"),
        (interface("xecr.dkr"), [FROM_APPS], routes.CLOSED, "no endpoint for ecr.dkr"),
    ],
)
def test_the_way_to_a_service_without_nat(endpoint, permissions, state, observed):
    seen_by_ec2 = network(endpoints=[endpoint], security_groups=[security_group(*permissions)], **NO_NAT)
    way = routes.to_service("ecr.dkr", seen_by_ec2, "eu-west-1", ["sg-apps"])
    assert way.state == state
    assert observed in way.observed


@pytest.mark.parametrize(
    ("tables", "state"), [(["rtb-private"], routes.OPEN), (["rtb-main"], routes.CLOSED), ([], routes.CLOSED)]
)
def test_the_way_to_s3_by_a_gateway_endpoint(tables, state):
    assert routes.to_service("s3", network(endpoints=[s3_gateway(*tables)], **NO_NAT), "eu-west-1", []).state == state


def test_nat_leads_to_a_service_that_has_no_endpoint():
    assert routes.to_service("ecr.dkr", network(), "eu-west-1", []) == routes.Way(routes.OPEN, "by nat-1")
    off = interface("ecr.dkr", PrivateDnsEnabled=False)
    assert routes.to_service("ecr.dkr", network(endpoints=[off]), "eu-west-1", []).state == routes.OPEN


def test_nat_does_not_help_where_private_dns_leads_to_an_endpoint_that_is_shut():
    shut = network(endpoints=[interface("ecr.dkr")], security_groups=[security_group()])
    assert routes.to_service("ecr.dkr", shut, "eu-west-1", ["sg-apps"]).state == routes.CLOSED


def test_what_was_not_told_is_no_answer():
    with pytest.raises(NotTold, match="ec2:DescribeRouteTables"):
        routes.to_the_internet(network(route_tables=Unknown("lacks ec2:DescribeRouteTables")))
    gateway = network(endpoints=[interface("ecr.dkr")], route_tables=Unknown("not needed"))
    assert routes.to_service("ecr.dkr", gateway, "eu-west-1", ["sg-apps"]).state == routes.OPEN
