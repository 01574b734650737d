# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""sagemaker_domain_prerequisites_info against an endpoint with roles, repositories and a VPC."""

from __future__ import annotations

import re

import pytest

from tests.integration.prerequisites_world import (
    ACCOUNT,
    LOGIN,
    PARTNER,
    PULL,
    PUSH,
    Vpc,
    image,
    repository,
    role,
)
from tests.sandbox import layout

MODULE = "sagemaker_domain_prerequisites_info"
ROOTLESS = {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED"}
ACCESS = {"EnableDockerAccess": "ENABLED"}
ALL_OF_ECR = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
DLC = image("pytorch-training", "763104351884")


def findings(run, number=0):
    """The findings of a run's domain by check: the only one of that name, or a list."""
    found = {}
    for finding in run["domains"][number]["findings"]:
        found.setdefault(finding["check"], []).append(finding)
    return {check: several[0] if len(several) == 1 else several for check, several in found.items()}


def statuses(run):
    return {check: finding["status"] for check, finding in findings(run).items()}


def test_a_domain_with_all_prerequisites(endpoint, ansible):
    vpc = Vpc(endpoint)
    vpc.nat_gateway()
    group = vpc.security_group("endpoints", {"UserIdGroupPairs": [{"GroupId": vpc.apps}]})
    api, registry = (vpc.interface_endpoint(service, group) for service in ("ecr.api", "ecr.dkr"))
    s3 = vpc.s3_gateway(vpc.route_table)
    studio, ada = role(endpoint, "studio", ALL_OF_ECR), role(endpoint, "ada", ALL_OF_ECR)
    settings = {"ExecutionRole": studio, "SecurityGroups": [vpc.apps]}
    domain_id = endpoint.domain("research", ROOTLESS, DefaultUserSettings=settings, **vpc.domain_members())
    endpoint.user_profile(domain_id, "ada", ada)
    endpoint.user_profile(domain_id, "bob")
    repository(endpoint, "tools")
    # A pull-through cache rule creates the second repository at its first pull.
    rule = {"ecrRepositoryPrefix": "hub", "upstreamRegistryUrl": "registry-1.docker.io"}
    endpoint.boto3("ecr").create_pull_through_cache_rule(**rule)
    images = [image("tools"), image("hub/python")]
    endpoint.clear_calls()

    run = ansible.ok(MODULE, check=True, domains=["research"], images=images, internet_install=True)
    assert not run["changed"]
    assert run["domains"][0]["unchecked"] == []
    assert (run["domains"][0]["domain_id"], run["domains"][0]["domain_name"]) == (domain_id, "research")
    found = run["domains"][0]["findings"]
    assert {finding["check"] for finding in found if finding["status"] != "ok"} == {"image_source"}
    # The findings of the first image.
    observed = {finding["check"]: finding["observed"] for finding in reversed(found)}
    assert observed["domain"] == f"research ({domain_id}), InService"
    assert observed["execution_roles"] == "studio of users; ada of profile ada"
    assert observed["role_pull"] == f"studio, ada: allowed on {image('tools')}"
    assert (observed["ecr_api_route"], observed["ecr_dkr_route"]) == (f"ecr.api by {api}", f"ecr.dkr by {registry}")
    assert observed["s3_route"] == f"s3 by {s3}"
    assert observed["docker_site_route"].startswith("download.docker.com by nat-")
    # The documented IAM actions are the calls that were made, and each of them only reads.
    documented = re.findall(r"C\((\w+:\w+)\)", (layout.ROOT / "plugins" / "modules" / f"{MODULE}.py").read_text())
    assert {f"{call.service}:{call.operation}" for call in endpoint.calls()} == set(documented)
    assert endpoint.mutating_calls() == []


def test_every_fault_is_named_with_its_remediation(endpoint, direct):
    vpc = Vpc(endpoint)
    shut = vpc.security_group("shut", {"IpRanges": [{"CidrIp": "192.168.0.0/16"}]})
    dkr = vpc.interface_endpoint("ecr.dkr", shut)
    s3 = vpc.s3_gateway()
    only_sagemaker = {"Effect": "Allow", "Action": PULL + PUSH, "Resource": "arn:aws:ecr:*:*:repository/*sagemaker*"}
    studio = role(endpoint, "studio", only_sagemaker)
    members = {"DefaultUserSettings": {"ExecutionRole": studio, "SecurityGroups": [vpc.apps]}, **vpc.domain_members()}
    rootless = endpoint.domain("rootless", ROOTLESS, **members)
    strict = endpoint.domain("strict", **members)
    repository(endpoint, "tools")
    images = [image("tools"), image("lent", PARTNER), image("gone"), "pytorch/pytorch:2", DLC]
    run = direct.ok(MODULE, domains=[rootless, strict], images=images, internet_install=True)

    found = findings(run)
    assert found["ecr_login"]["status"] == "failed"
    assert '"ecr:GetAuthorizationToken"' in found["ecr_login"]["remediation"]
    assert found["role_pull"][0]["observed"] == f"studio: {', '.join(PULL)} denied on {image('tools')}"
    assert f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/tools" in found["role_pull"][0]["remediation"]
    assert (found["role_push"][0]["status"], found["role_push"][1]["status"]) == ("warning", "skipped")
    policies = found["repository_policy"]
    assert [policy["status"] for policy in policies] == ["ok", "skipped", "failed", "skipped"]
    assert "ecr:GetRepositoryPolicy" in policies[1]["reason"]
    assert f"account {PARTNER}" in policies[1]["remediation"]
    assert "aws ecr create-repository --repository-name gone" in policies[2]["remediation"]
    assert "no endpoint for ecr.api" in found["ecr_api_route"]["observed"]
    assert found["ecr_dkr_route"]["observed"] == f"ecr.dkr: {dkr}: {shut} do not allow the apps on port 443"
    first = min(vpc.subnets)
    assert found["s3_route"]["observed"].startswith(f"s3: {s3} is not in the route tables of {first}")
    assert found["registry_route"]["observed"].startswith("docker.io: ")
    assert f"{vpc.route_table} of {first} has no default route" in found["docker_site_route"]["observed"]
    assert "docker_cli_source=staged" in found["docker_site_route"]["remediation"]

    found = findings(run, 1)
    assert found["docker_access"]["status"] == "failed"
    assert f'{{"domain_docker_access_domains": ["{strict}"]}}' in found["docker_access"]["remediation"]
    sources = {finding["observed"].split()[0]: finding for finding in found["image_source"]}
    assert {name: finding["status"] for name, finding in sources.items()} == {
        image("tools") + ",": "ok",
        image("lent", PARTNER): "failed",
        image("gone") + ",": "ok",
        "pytorch/pytorch:2": "failed",
        DLC + ",": "ok",
    }
    untrusted = sources[image("lent", PARTNER)]
    assert f'"accounts": ["{PARTNER}"]' in untrusted["remediation"]
    assert "AWS does not publish a list" in untrusted["reason"]
    assert "not an ECR Image" in sources["pytorch/pytorch:2"]["reason"]
    assert "docker login hangs" in found["ecr_api_route"]["reason"]
    assert found["registry_routes"]["status"] == "skipped"


def test_images_of_another_account_need_its_policy(endpoint, direct):
    readable = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "ecr:GetRepositoryPolicy",
    }
    everyone = {"Effect": "Allow", "Principal": "*", "Action": PULL}
    organization = {**everyone, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
    repository(endpoint, "open", readable, everyone, account=PARTNER)
    repository(endpoint, "closed", readable, account=PARTNER)
    repository(endpoint, "conditional", readable, organization, account=PARTNER)
    studio = role(endpoint, "studio", ALL_OF_ECR)
    trusting = {**ACCESS, "VpcOnlyTrustedAccounts": [PARTNER]}
    domain_id = endpoint.domain("research", trusting, DefaultUserSettings={"ExecutionRole": studio})
    images = [image(name, PARTNER) for name in ("open", "closed", "conditional")]
    found = findings(direct.ok(MODULE, domains=[domain_id], images=images))
    assert [finding["status"] for finding in found["image_source"]] == ["ok"] * 3
    assert [finding["status"] for finding in found["role_pull"]] == ["ok"] * 3
    assert [finding["status"] for finding in found["repository_policy"]] == ["ok", "failed", "warning"]
    assert "no resource-based policy allows" in found["repository_policy"][1]["reason"]
    assert studio in found["repository_policy"][1]["remediation"]
    assert "aws:PrincipalOrgID" in found["repository_policy"][2]["observed"]


DENIED = {
    "sagemaker:ListUserProfiles": ["profile_roles"],
    "iam:SimulatePrincipalPolicy": ["ecr_login", "role_pull", "role_push"],
    "ecr:GetRepositoryPolicy": ["repository_policy"],
    "ec2:DescribeVpcEndpoints": ["ecr_api_route", "ecr_dkr_route", "s3_route"],
    "ec2:DescribeRouteTables": ["docker_site_route"],
}


def test_a_denied_call_is_skipped_with_the_missing_action(endpoint, direct):
    vpc = Vpc(endpoint)
    studio = role(endpoint, "studio", LOGIN)
    domain_id = endpoint.domain(
        "research", ROOTLESS, DefaultUserSettings={"ExecutionRole": studio}, **vpc.domain_members()
    )
    repository(endpoint, "tools")
    endpoint.controls(denied_actions=dict.fromkeys(DENIED, "*"))
    found = findings(direct.ok(MODULE, domains=[domain_id], images=[image("tools")], internet_install=True))
    for action, checks in DENIED.items():
        for check in checks:
            assert (check, found[check]["status"]) == (check, "skipped")
            assert f"lack the IAM action {action} on" in found[check]["reason"]


@pytest.mark.parametrize(
    ("action", "name", "says"),
    [
        ("sagemaker:ListDomains", "research", "give the domain's ID"),
        ("sagemaker:DescribeDomain", None, "lack the IAM action sagemaker:DescribeDomain"),
    ],
)
def test_a_domain_that_cannot_be_described_is_unchecked(endpoint, direct, action, name, says):
    domain_id = endpoint.domain("research", ACCESS)
    endpoint.controls(denied_actions={action: "*"})
    [domain] = direct.ok(MODULE, domains=[name or domain_id])["domains"]
    [finding] = domain["findings"]
    assert domain["unchecked"] == ["domain"]
    assert (finding["check"], finding["status"]) == ("domain", "skipped")
    assert action in finding["reason"]
    assert says in finding["reason"]


def test_throttled_calls_are_retried(endpoint, direct):
    studio = role(endpoint, "studio", ALL_OF_ECR)
    domain_id = endpoint.domain("research", ACCESS, DefaultUserSettings={"ExecutionRole": studio})
    for number in range(4):
        endpoint.user_profile(domain_id, f"profile-{number}", studio)
    endpoint.controls(throttle_every=3)
    run = direct.ok(MODULE, domains=["research"])
    assert "skipped" not in (statuses(run)["execution_roles"], statuses(run)["ecr_login"])
    assert "profile_roles" not in statuses(run)
