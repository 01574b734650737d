# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Unknown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import parse
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.network_checks import (
    docker_site_route,
    registry_routes,
)

from tests.unit.prerequisites import ROOTLESS, domain, facts, image, network, route_table

PUBLIC = {"AppNetworkAccessType": "PublicInternetOnly"}
NO_WAY = network(route_tables=[route_table("rtb-main")])
BY_TRANSIT = network(route_tables=[route_table("rtb-main", TransitGatewayId="tgw-1")])
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
def test_rootless_docker_needs_a_way_to_each_registry(images, checks):
    open_ways = registry_routes(facts(domain=domain(ROOTLESS)), images)
    assert [(finding.check, finding.status) for finding in open_ways] == [(check, "ok") for check in checks]
    closed = registry_routes(facts(domain=domain(ROOTLESS), network=NO_WAY), images)
    assert [(finding.check, finding.status) for finding in closed] == [(check, "failed") for check in checks]


def test_what_to_do_names_service_vpc_and_subnets():
    [api, *_dummy, s3] = registry_routes(facts(domain=domain(ROOTLESS), network=NO_WAY), [])
    assert "an interface endpoint with private DNS" in api.remediation
    assert "com.amazonaws.eu-west-1.ecr.api, for the subnets subnet-a, subnet-b" in api.remediation
    assert "Let vpc-1 have a gateway endpoint" in s3.remediation


def test_without_rootless_docker_only_the_token_takes_the_vpc():
    [token, others] = registry_routes(facts(network=NO_WAY), [image()])
    assert (token.check, token.status) == ("ecr_api_route", "failed")
    assert "docker login hangs" in token.reason
    assert (others.check, others.status) == ("registry_routes", "skipped")
    assert "images take SageMaker's own way" in others.reason
    [others] = registry_routes(facts(network=NO_WAY), [parse("python:3")])
    assert others.check == "registry_routes"


def test_with_public_internet_there_is_nothing_to_look_at():
    [finding] = registry_routes(facts(domain=domain(ROOTLESS, **PUBLIC), network=None), [image()])
    assert finding.status == "skipped"
    assert "The domain's mode is PublicInternetOnly" in finding.reason


@pytest.mark.parametrize(
    ("changes", "internet_install", "expected", "says"),
    [
        ({}, True, "ok", "download.docker.com by nat-1"),
        ({"network": NO_WAY}, True, "failed", "docker_cli_source=staged"),
        ({"network": BY_TRANSIT}, True, "warning", "leads to tgw-1"),
        (
            {"network": network(route_tables=Unknown("lack ec2:DescribeRouteTables"))},
            True,
            "skipped",
            "lack ec2:Describe",
        ),
        ({"domain": domain(**PUBLIC), "network": None}, True, "ok", "SageMaker's own way to the internet"),
        ({"network": None}, False, "skipped", "internet_install is not asked for"),
    ],
)
def test_the_way_to_docker_s_site(changes, internet_install, expected, says):
    finding = docker_site_route(facts(**changes), internet_install)
    assert (finding.check, finding.status) == ("docker_site_route", expected)
    assert says in f"{finding.observed} {finding.reason} {finding.remediation}"
