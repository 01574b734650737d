# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles, repositories and a VPC at the sandbox's AWS endpoint, as a domain's prerequisites."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.sandbox.aws_endpoint.client import Endpoint

ACCOUNT = "123456789012"
PARTNER = "012345678901"
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
PUSH = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"]
LOGIN = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}


def image(repository: str, account: str = ACCOUNT) -> str:
    return f"{account}.dkr.ecr.eu-west-1.amazonaws.com/{repository}:1"


def document(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(endpoint: Endpoint, name: str, *statements: dict) -> str:
    """Create a role with these permissions. Returns its ARN."""
    iam = endpoint.boto3("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="ecr", PolicyDocument=document(*statements))
    return arn


def repository(endpoint: Endpoint, name: str, *statements: dict, account: str = ACCOUNT) -> None:
    """A repository, with a policy if there are statements. One account per name: that is how moto keeps them."""
    ecr = endpoint.boto3("ecr")
    ecr.create_repository(repositoryName=name, registryId=account)
    if statements:
        ecr.set_repository_policy(repositoryName=name, registryId=account, policyText=document(*statements))


@dataclass
class Vpc:
    """A VPC with one public subnet and two private ones for the domain; the private ones have no routes yet."""

    endpoint: Endpoint
    vpc: str = field(init=False)
    subnets: list[str] = field(init=False)
    route_table: str = field(init=False)
    apps: str = field(init=False)

    def __post_init__(self) -> None:
        self._ec2 = self.endpoint.boto3("ec2")
        self.vpc = self._ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self._public = self._subnet("10.0.0.0/24")
        self.subnets = [self._subnet("10.0.1.0/24"), self._subnet("10.0.2.0/24")]
        self.route_table = self._ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        for subnet in self.subnets:
            self._ec2.associate_route_table(RouteTableId=self.route_table, SubnetId=subnet)
        self.apps = self.security_group("apps")

    def domain_members(self) -> dict:
        """What CreateDomain is given to use this VPC."""
        return {"VpcId": self.vpc, "SubnetIds": self.subnets}

    def nat_gateway(self) -> str:
        """Create a complete route to the internet. Returns the NAT gateway's ID."""
        internet = self._ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self._ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=self.vpc)
        tables = self._ec2.describe_route_tables(Filters=[{"Name": "association.main", "Values": ["true"]}])
        main = next(t["RouteTableId"] for t in tables["RouteTables"] if t["VpcId"] == self.vpc)
        self._ec2.create_route(RouteTableId=main, DestinationCidrBlock="0.0.0.0/0", GatewayId=internet)
        address = self._ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self._ec2.create_nat_gateway(SubnetId=self._public, AllocationId=address)["NatGateway"]["NatGatewayId"]
        self._ec2.create_route(RouteTableId=self.route_table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        return nat

    def route(self, destination: str, **target: str) -> None:
        """Add a route to the table of the private subnets."""
        self._ec2.create_route(RouteTableId=self.route_table, DestinationCidrBlock=destination, **target)

    def delete_route(self, destination: str) -> None:
        self._ec2.delete_route(RouteTableId=self.route_table, DestinationCidrBlock=destination)

    def security_group(self, name: str, https_from: dict | None = None) -> str:
        group = self._ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"]
        if https_from:
            rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **https_from}
            self._ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        return group

    def interface_endpoint(self, service: str, group: str, private_dns: bool = True, policy: dict | None = None) -> str:
        created = self._ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.eu-west-1.{service}",
            SubnetIds=self.subnets,
            SecurityGroupIds=[group],
            PrivateDnsEnabled=private_dns,
            **({"PolicyDocument": document(policy)} if policy else {}),
        )
        return created["VpcEndpoint"]["VpcEndpointId"]

    def s3_gateway(self, *route_tables: str) -> str:
        created = self._ec2.create_vpc_endpoint(
            VpcEndpointType="Gateway",
            VpcId=self.vpc,
            ServiceName="com.amazonaws.eu-west-1.s3",
            RouteTableIds=list(route_tables),
        )
        return created["VpcEndpoint"]["VpcEndpointId"]

    def _subnet(self, cidr: str) -> str:
        return self._ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
