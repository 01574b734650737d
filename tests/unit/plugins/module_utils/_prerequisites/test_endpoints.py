# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.endpoints import (
    Request,
    Service,
    to_service,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Unknown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.reachability import (
    REACHABLE,
    UNKNOWN,
    UNREACHABLE,
    Reachability,
)

from tests.unit.prerequisites import (
    ACCOUNT,
    STUDIO,
    https,
    interface,
    network,
    route_table,
    s3_gateway,
    security_group,
    shared,
)

MAIN = route_table("rtb-main", GatewayId="igw-1")
APPS = (frozenset({"sg-apps"}),)


def private(*subnets, **target):
    return [MAIN, route_table("rtb-private", *(subnets or ("subnet-a", "subnet-b")), **target)]


def service(name, *requests, groups=APPS):
    return Service(name, "eu-west-1", ACCOUNT, groups, requests)


FROM_APPS = https(UserIdGroupPairs=[{"GroupId": "sg-apps"}])
NO_NAT = {"route_tables": private()}


@pytest.mark.parametrize(
    ("endpoint", "permissions", "state", "observed"),
    [
        (interface("ecr.dkr"), [FROM_APPS], REACHABLE, "by vpce-ecr.dkr"),
        (interface("ecr.dkr"), [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}], REACHABLE, "by vpce"),
        (interface("ecr.dkr"), [https(IpRanges=[{"CidrIp": "10.0.0.0/16"}])], REACHABLE, "by vpce"),
        (interface("ecr.dkr"), [https(IpRanges=[{"CidrIp": "10.0.1.0/24"}])], UNREACHABLE, "do not allow the apps"),
        (interface("ecr.dkr"), [{**FROM_APPS, "ToPort": 442, "FromPort": 80}], UNREACHABLE, "on port 443"),
        (interface("ecr.dkr"), [https(UserIdGroupPairs=[{"GroupId": "sg-x"}])], UNREACHABLE, "sg-endpoints do not"),
        (interface("ecr.dkr"), [https(PrefixListIds=[{"PrefixListId": "pl-1"}])], UNKNOWN, "EC2 does not show"),
        (interface("ecr.dkr", PrivateDnsEnabled=False), [FROM_APPS], UNKNOWN, "has private DNS off"),
        (interface("ecr.dkr", State="pending"), [FROM_APPS], UNREACHABLE, "vpce-ecr.dkr is pending"),
        (interface("ecr.api"), [FROM_APPS], UNREACHABLE, "no endpoint for ecr.dkr"),
        (interface("xecr.dkr"), [FROM_APPS], UNREACHABLE, "no endpoint for ecr.dkr"),
    ],
)
def test_the_way_to_a_service_without_nat(endpoint, permissions, state, observed):
    described = network(endpoints=[endpoint], security_groups=[security_group(*permissions)], **NO_NAT)
    path = to_service(service("ecr.dkr"), described)
    assert path.state == state
    assert observed in path.observed


@pytest.mark.parametrize(
    ("tables", "state"), [(["rtb-private"], REACHABLE), (["rtb-main"], UNREACHABLE), ([], UNREACHABLE)]
)
def test_the_way_to_s3_by_a_gateway_endpoint(tables, state):
    assert to_service(service("s3"), network(endpoints=[s3_gateway(*tables)], **NO_NAT)).state == state


def test_a_nat_gateway_reaches_a_service_without_endpoint():
    assert to_service(service("ecr.dkr"), network()) == Reachability(REACHABLE, "by nat-1")
    off = interface("ecr.dkr", PrivateDnsEnabled=False)
    assert to_service(service("ecr.dkr"), network(endpoints=[off])).state == REACHABLE


def test_a_nat_gateway_does_not_help_where_private_dns_leads_to_a_closed_endpoint():
    closed = network(endpoints=[interface("ecr.dkr")], security_groups=[security_group()])
    assert to_service(service("ecr.dkr"), closed).state == UNREACHABLE


@pytest.mark.parametrize(
    ("ranges", "state"),
    [
        (["10.0.1.0/25", "10.0.1.128/25", "10.0.2.0/24"], REACHABLE),
        (["10.0.1.0/25", "10.0.1.128/26", "10.0.2.0/24"], UNREACHABLE),
        (["10.0.0.0/23", "10.0.2.0/23"], REACHABLE),
    ],
)
@pytest.mark.parametrize("rules", ["one", "each"])
def test_several_ranges_together_contain_a_subnet(ranges, state, rules):
    entries = [{"CidrIp": entry} for entry in ranges]
    permissions = [https(IpRanges=entries)] if rules == "one" else [https(IpRanges=[entry]) for entry in entries]
    described = network(endpoints=[interface("ecr.dkr")], security_groups=[security_group(*permissions)], **NO_NAT)
    assert to_service(service("ecr.dkr"), described).state == state


def test_each_kind_of_app_needs_a_group_that_is_allowed():
    described = network(endpoints=[interface("ecr.dkr")], security_groups=[security_group(FROM_APPS)], **NO_NAT)
    own = (frozenset({"sg-apps", "sg-x"}), frozenset({"sg-y"}))
    assert to_service(service("ecr.dkr", groups=own), described).state == UNREACHABLE
    assert to_service(service("ecr.dkr", groups=own[:1]), described).state == REACHABLE
    assert to_service(service("ecr.dkr", groups=()), described).state == UNREACHABLE


def test_a_security_group_of_another_account_is_unknown():
    described = network(endpoints=[interface("ecr.dkr")], security_groups=[], **NO_NAT)
    path = to_service(service("ecr.dkr"), described)
    assert path.state == UNKNOWN
    assert "aws ec2 describe-security-groups --group-ids sg-endpoints" in path.settled_by


def test_private_dns_by_a_hosted_zone_is_unknown():
    off = interface("ecr.dkr", PrivateDnsEnabled=False, VpcId="vpc-1")
    path = to_service(service("ecr.dkr"), network(endpoints=[off], **NO_NAT))
    assert path.state == UNKNOWN
    assert "aws route53 list-hosted-zones-by-vpc --vpc-id vpc-1 --vpc-region eu-west-1" in path.settled_by


def test_the_endpoints_of_a_shared_vpc_are_not_visible_to_a_participant():
    path = to_service(service("ecr.dkr"), shared(network(**NO_NAT)))
    assert path.state == UNKNOWN
    assert "account 999999999999 shares the VPC" in path.observed
    assert "aws ec2 describe-vpc-endpoints" in path.settled_by


LAYER = Request(None, "s3:GetObject", "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/layer")


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ({"Principal": "*", "Action": "*", "Resource": "*"}, REACHABLE),
        ({"Principal": "*", "Action": "s3:GetObject", "Resource": f"{LAYER.resource[:-5]}*"}, REACHABLE),
        ({"Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::my-bucket/*"}, UNREACHABLE),
        # With a gateway endpoint, an account is its root user only.
        ({"Principal": {"AWS": ACCOUNT}, "Action": "*", "Resource": "*"}, UNREACHABLE),
        (
            {
                "Principal": "*",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
            },
            UNKNOWN,
        ),
    ],
)
def test_the_policy_of_a_gateway_endpoint(statement, state):
    """Its route takes the traffic, so that a NAT gateway does not help."""
    policy = json.dumps({"Statement": [{"Effect": "Allow", **statement}]})
    described = network(endpoints=[s3_gateway("rtb-private", PolicyDocument=policy)])
    assert to_service(service("s3", LAYER), described).state == state


def test_the_policy_of_an_endpoint_that_is_not_json_is_unknown():
    described = network(
        endpoints=[interface("ecr.api", PolicyDocument="<html>")], security_groups=[security_group(FROM_APPS)]
    )
    assert to_service(service("ecr.api", Request(STUDIO, "ecr:GetAuthorizationToken", "*")), described).state == UNKNOWN


def test_an_s3_endpoint_for_on_premises_networks_does_not_take_the_vpc_s_traffic():
    inbound = interface("s3", DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": True})
    described = network(endpoints=[inbound, s3_gateway("rtb-private")], security_groups=[security_group()], **NO_NAT)
    assert to_service(service("s3"), described).state == REACHABLE


def test_an_endpoint_needs_no_route_table():
    described = network(endpoints=[interface("ecr.dkr")], route_tables=Unknown("not needed"))
    assert to_service(service("ecr.dkr"), described).state == REACHABLE
