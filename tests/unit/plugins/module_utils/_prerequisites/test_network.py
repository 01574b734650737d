# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Declared, Unknown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import parse
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.network import (
    docker_site_route,
    registry_routes,
)

from tests.unit.prerequisites import (
    ROOTLESS,
    arn,
    domain,
    facts,
    https,
    image,
    interface,
    network,
    route_table,
    security_group,
)

PUBLIC = {"AppNetworkAccessType": "PublicInternetOnly"}
NO_ROUTE = network(route_tables=[route_table("rtb-main")])
BY_TRANSIT_GATEWAY = network(route_tables=[route_table("rtb-main", TransitGatewayId="tgw-1")])
TO_ECR = ["ecr_api_route", "ecr_dkr_route", "s3_route"]


@pytest.mark.parametrize(
    ("images", "checks"),
    [
        ([], TO_ECR),
        ([image()], TO_ECR),
        ([parse("python:3")], ["registry_route"]),
        ([image(), parse("python:3"), parse("debian:12"), parse("quay.io/x/y")], [*TO_ECR, *["registry_route"] * 2]),
        ([parse("123456789012.dkr.ecr.us-east-1.amazonaws.com/tools:1")], ["registry_route"]),
    ],
)
def test_rootless_docker_needs_a_route_to_each_registry(images, checks):
    reachable = registry_routes(facts(domain=domain(ROOTLESS)), images)
    assert [(finding.check, finding.status) for finding in reachable] == [(check, "ok") for check in checks]
    unreachable = registry_routes(facts(domain=domain(ROOTLESS), network=NO_ROUTE), images)
    assert [(finding.check, finding.status) for finding in unreachable] == [(check, "failed") for check in checks]


def test_the_remediation_names_service_vpc_and_subnets():
    [api, *_dummy, s3] = registry_routes(facts(domain=domain(ROOTLESS), network=NO_ROUTE), [])
    assert api.remediation.startswith(
        "Give the subnets subnet-a, subnet-b of vpc-1 an interface endpoint with private DNS"
    )
    assert "for com.amazonaws.eu-west-1.ecr.api" in api.remediation
    assert "vpc-1 a gateway endpoint for com.amazonaws.eu-west-1.s3" in s3.remediation


def test_without_rootless_docker_only_the_token_uses_the_vpc():
    [token, others] = registry_routes(facts(network=NO_ROUTE), [image()])
    assert (token.check, token.status) == ("ecr_api_route", "failed")
    assert "docker login hangs" in token.reason
    assert (others.check, others.status) == ("registry_routes", "skipped")
    assert "images use SageMaker's own route" in others.reason
    [others] = registry_routes(facts(network=NO_ROUTE), [parse("python:3")])
    assert others.check == "registry_routes"


def test_public_internet_has_no_routes_to_check():
    [finding] = registry_routes(facts(domain=domain(ROOTLESS, **PUBLIC), network=None), [image()])
    assert finding.status == "skipped"
    assert "The network mode is PublicInternetOnly" in finding.reason


@pytest.mark.parametrize(
    ("changes", "internet_install", "expected", "says"),
    [
        ({}, True, "ok", "download.docker.com by nat-1"),
        ({"network": NO_ROUTE}, True, "failed", "docker_cli_source=staged"),
        ({"network": BY_TRANSIT_GATEWAY}, True, "warning", "routes to tgw-1"),
        (
            {"network": network(route_tables=Unknown("lack ec2:DescribeRouteTables"))},
            True,
            "skipped",
            "lack ec2:Describe",
        ),
        ({"domain": domain(**PUBLIC), "network": None}, True, "ok", "SageMaker's own route to the internet"),
        ({"network": None}, False, "skipped", "internet_install is off"),
    ],
)
def test_the_route_to_docker_s_site(changes, internet_install, expected, says):
    finding = docker_site_route(facts(**changes), internet_install)
    assert (finding.check, finding.status) == ("docker_site_route", expected)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"


CENTRAL = Declared(central_endpoints=frozenset({"ecr.api", "ecr.dkr", "s3"}))
PROXY = Declared(internet_proxy=True)


def test_declared_central_endpoints_are_reachable():
    observed = facts(domain=domain(ROOTLESS), network=NO_ROUTE, declared=CENTRAL)
    found = registry_routes(observed, [image(), parse("python:3")])
    assert [finding.status for finding in found] == ["ok", "ok", "ok", "failed"]
    assert "as central_endpoints declares" in found[0].observed


def test_a_declared_proxy_is_for_the_apps_and_not_for_the_engine():
    observed = facts(domain=domain(ROOTLESS), network=NO_ROUTE, declared=PROXY)
    assert docker_site_route(observed, True).status == "ok"
    found = {finding.check: finding.status for finding in registry_routes(observed, [image()])}
    assert found == {"ecr_api_route": "ok", "ecr_dkr_route": "failed", "s3_route": "failed"}


def test_an_unknown_route_says_what_settles_it():
    finding = docker_site_route(facts(network=BY_TRANSIT_GATEWAY), True)
    assert "declare what works with central_endpoints or internet_proxy" in finding.remediation


def endpoints_with_policy(*statements):
    policy = json.dumps({"Statement": list(statements)})
    groups = [security_group(https(UserIdGroupPairs=[{"GroupId": "sg-apps"}]))]
    return network(
        endpoints=[interface("ecr.api", PolicyDocument=policy), interface("ecr.dkr", PolicyDocument=policy)],
        security_groups=groups,
    )


EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "images", "api", "dkr"),
    [
        ([EVERYONE], [image()], "ok", "ok"),
        ([EVERYONE], [], "ok", "ok"),
        ([{**EVERYONE, "Action": "ecr:GetAuthorizationToken"}], [image()], "ok", "failed"),
        ([{**EVERYONE, "Resource": arn()}], [image()], "failed", "ok"),
        ([{**EVERYONE, "Resource": arn()}], [], "failed", "warning"),
        ([EVERYONE, {**EVERYONE, "Effect": "Deny", "Resource": arn()}], [image()], "ok", "failed"),
        ([{**EVERYONE, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}], [image()], "warning", "warning"),
        ([{**EVERYONE, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}], [image()], "ok", "ok"),
        ([{**EVERYONE, "Principal": {"AWS": "999999999999"}}], [image()], "failed", "failed"),
    ],
)
def test_the_policy_of_an_endpoint_must_allow_the_calls(statements, images, api, dkr):
    observed = facts(domain=domain(ROOTLESS), network=endpoints_with_policy(*statements))
    found = {finding.check: finding.status for finding in registry_routes(observed, images)}
    assert (found["ecr_api_route"], found["ecr_dkr_route"]) == (api, dkr)


def test_an_endpoint_service_has_another_name_in_china():
    described = domain(ROOTLESS, DomainArn="arn:aws-cn:sagemaker:cn-north-1:123456789012:domain/d-1")
    [api, *_others] = registry_routes(facts(domain=described, network=NO_ROUTE), [])
    assert "for cn.com.amazonaws.cn-north-1.ecr.api" in api.remediation
