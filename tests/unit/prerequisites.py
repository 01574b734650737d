# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain's prerequisites as AWS describes them, all met unless a test changes them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Decision,
    Facts,
    Network,
    Repository,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.image_uri import parse
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.roles import (
    FIRST_PULL,
    LOGIN,
    PULL,
    PUSH,
)

ACCOUNT, PARTNER, DLC = "123456789012", "012345678901", "763104351884"
STUDIO = f"arn:aws:iam::{ACCOUNT}:role/service-role/studio"
ALLOWED = Decision("allowed")
NOT_ALLOWED = Decision("implicitDeny")
ROOTLESS = {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED"}


def image(account=ACCOUNT, repository="tools"):
    return parse(f"{account}.dkr.ecr.eu-west-1.amazonaws.com/{repository}:1")


def arn(account=ACCOUNT, repository="tools"):
    return f"arn:aws:ecr:eu-west-1:{account}:repository/{repository}"


def domain(docker_settings=None, **members):
    return {
        "DomainId": "d-1",
        "DomainName": "research",
        "DomainArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:domain/d-1",
        "Status": "InService",
        "AppNetworkAccessType": "VpcOnly",
        "VpcId": "vpc-1",
        "SubnetIds": ["subnet-a", "subnet-b"],
        "LastModifiedTime": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "DefaultUserSettings": {"ExecutionRole": STUDIO, "SecurityGroups": ["sg-apps"]},
        "DomainSettings": {"DockerSettings": docker_settings or {"EnableDockerAccess": "ENABLED"}},
        **members,
    }


def decisions(role=STUDIO, **changes):
    """A role that is allowed everything; `changes` by the action's name without its prefix."""
    all_of_them = {
        action: changes.get(action.partition(":")[2], ALLOWED) for action in LOGIN + PULL + PUSH + FIRST_PULL
    }
    return {(role, resource): all_of_them for resource in ("*", arn(), arn(PARTNER), arn(DLC))}


def facts(**changes):
    right = Facts(
        domain=domain(),
        decisions=decisions(),
        repositories={arn(): Repository(exists=True), arn(PARTNER): Repository(exists=True)},
        network=network(),
    )
    return dataclasses.replace(right, **changes)


def route_table(name="rtb-private", *subnets, **target):
    """A route table of these subnets, or the VPC's main one, with its default route."""
    associations = [{"SubnetId": subnet} for subnet in subnets] or [{"Main": True}]
    routes = [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}]
    if target:
        routes.append({"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **target})
    return {"RouteTableId": name, "Associations": associations, "Routes": routes}


def interface(service, **changes):
    return {
        "VpcEndpointId": f"vpce-{service}",
        "VpcEndpointType": "Interface",
        "ServiceName": f"com.amazonaws.eu-west-1.{service}",
        "State": "available",
        "PrivateDnsEnabled": True,
        "Groups": [{"GroupId": "sg-endpoints"}],
        **changes,
    }


def s3_gateway(*tables, **changes):
    kind = {"VpcEndpointType": "Gateway", "PrivateDnsEnabled": False, "RouteTableIds": list(tables)}
    return interface("s3", **{**kind, **changes})


def nat_gateway(**changes):
    gateway = {"NatGatewayId": "nat-1", "State": "available", "ConnectivityType": "public", "SubnetId": "subnet-public"}
    return {**gateway, **changes}


def https(**source):
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **source}


def security_group(*permissions):
    return {"GroupId": "sg-endpoints", "IpPermissions": list(permissions)}


def network(**changes):
    """Two private subnets that lead to a NAT gateway in a public one, and no endpoints."""
    right = Network(
        subnets=[
            {"SubnetId": "subnet-a", "CidrBlock": "10.0.1.0/24"},
            {"SubnetId": "subnet-b", "CidrBlock": "10.0.2.0/24"},
        ],
        route_tables=[
            route_table("rtb-main", GatewayId="igw-1"),
            route_table("rtb-private", "subnet-a", "subnet-b", NatGatewayId="nat-1"),
        ],
        nat_gateways=[nat_gateway()],
        endpoints=[],
        security_groups=[security_group(https(UserIdGroupPairs=[{"GroupId": "sg-apps"}]))],
    )
    return dataclasses.replace(right, **changes)


def shared(described, owner="999999999999"):
    """The network as a participant in a shared VPC describes it."""
    subnets = [{**subnet, "OwnerId": owner, "VpcId": "vpc-1"} for subnet in described.subnets]
    return dataclasses.replace(described, subnets=subnets)
