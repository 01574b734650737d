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


def rootless_domain(endpoint, vpc, *statements):
    """A domain with rootless Docker, whose role has these permissions; returns its ID."""
    settings = {"ExecutionRole": role(endpoint, "studio", *(statements or [ALL_OF_ECR])), "SecurityGroups": [vpc.apps]}
    return endpoint.domain("research", ROOTLESS, DefaultUserSettings=settings, **vpc.domain_members())


def test_a_participant_of_a_shared_vpc_gets_warnings_and_no_failures(endpoint, direct):
    vpc = Vpc(endpoint)
    nat = vpc.nat_gateway()
    domain_id = rootless_domain(endpoint, vpc)
    endpoint.controls(vpc_owner="999999999999")
    found = findings(direct.ok(MODULE, domains=[domain_id], internet_install=True))
    for check in ("ecr_api_route", "ecr_dkr_route", "s3_route", "docker_site_route"):
        assert (check, found[check]["status"]) == (check, "warning")
        assert "account 999999999999" in found[check]["observed"]
    assert nat in found["docker_site_route"]["remediation"]
    declared = direct.ok(
        MODULE,
        domains=[domain_id],
        internet_install=True,
        central_endpoints=["ecr.api", "ecr.dkr", "s3"],
        internet_proxy=True,
    )
    assert {status for check, status in statuses(declared).items() if check.endswith("_route")} == {"ok"}


def test_two_halves_are_a_default_route(endpoint, direct):
    vpc = Vpc(endpoint)
    nat = vpc.nat_gateway()
    vpc.delete_route("0.0.0.0/0")
    for half in ("0.0.0.0/1", "128.0.0.0/1"):
        vpc.route(half, NatGatewayId=nat)
    found = findings(direct.ok(MODULE, domains=[rootless_domain(endpoint, vpc)], internet_install=True))
    assert found["docker_site_route"]["observed"] == f"download.docker.com by {nat}"


def test_an_endpoint_policy_that_denies_is_a_failure_in_spite_of_nat(endpoint, direct):
    vpc = Vpc(endpoint)
    vpc.nat_gateway()
    group = vpc.security_group("endpoints", {"IpRanges": [{"CidrIp": f"10.0.{n}.0/24"} for n in (1, 2)]})
    only_login = {"Effect": "Allow", "Principal": "*", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
    for service in ("ecr.api", "ecr.dkr"):
        vpc.interface_endpoint(service, group, policy=only_login)
    repository(endpoint, "tools")
    domain_id = rootless_domain(endpoint, vpc)
    found = findings(direct.ok(MODULE, domains=[domain_id], images=[image("tools")]))
    assert found["ecr_api_route"]["status"] == "ok"
    assert found["ecr_dkr_route"]["status"] == "failed"
    assert "does not allow ecr:BatchCheckLayerAvailability on" in found["ecr_dkr_route"]["observed"]


def test_conditions_of_the_role_and_of_the_organization(endpoint, direct):
    vpc = Vpc(endpoint)
    vpc.nat_gateway()
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    outside = {**allow, "Effect": "Deny", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}
    # A condition key that no simulation has: the deny may or may not apply in an app.
    elsewhere = {**ALL_OF_ECR, "Effect": "Deny", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-other"}}}
    domain_id = rootless_domain(endpoint, vpc, ALL_OF_ECR, {**elsewhere, "Action": "ecr:BatchGetImage"})
    endpoint.controls(service_control_policies=[{"Statement": [allow, outside]}])
    repository(endpoint, "tools")
    found = findings(direct.ok(MODULE, domains=[domain_id], images=[image("tools")]))
    assert found["ecr_login"]["status"] == "ok"
    assert found["role_pull"]["status"] == "warning"
    assert found["role_pull"]["observed"].startswith("studio: ecr:BatchGetImage depends on aws:SourceVpc")
    endpoint.controls(service_control_policies=[{"Statement": [allow, {**ALL_OF_ECR, "Effect": "Deny"}]}])
    found = findings(direct.ok(MODULE, domains=[domain_id]))
    assert found["ecr_login"]["status"] == "warning"
    assert "service control policy" in found["ecr_login"]["observed"]


def test_a_repository_that_ecr_creates_on_use_is_no_failure(endpoint, direct):
    ecr = endpoint.boto3("ecr")
    ecr.create_pull_through_cache_rule(ecrRepositoryPrefix="hub", upstreamRegistryUrl="registry-1.docker.io")
    ecr.create_repository_creation_template(prefix="team", appliedFor=["CREATE_ON_PUSH"])
    ecr.create_repository_creation_template(prefix="cache", appliedFor=["PULL_THROUGH_CACHE"])
    domain_id = rootless_domain(endpoint, Vpc(endpoint))
    images = [image(name) for name in ("hub/python", "team/tools", "cache/tools", "hubs/python")]
    found = findings(direct.ok(MODULE, domains=[domain_id], images=images))["repository_policy"]
    assert [finding["status"] for finding in found] == ["ok", "warning", "failed", "failed"]


def test_a_vpc_only_domain_without_security_groups_fails(endpoint, direct):
    domain_id = endpoint.domain("research", ACCESS, DefaultUserSettings={"ExecutionRole": role(endpoint, "studio")})
    assert findings(direct.ok(MODULE, domains=[domain_id]))["security_groups"]["status"] == "failed"
    endpoint.user_profile(domain_id, "ada", SecurityGroups=["sg-0123456789abcdef0"])
    assert findings(direct.ok(MODULE, domains=[domain_id]))["security_groups"]["status"] == "ok"
    endpoint.user_profile(domain_id, "bob")
    assert "bob" in findings(direct.ok(MODULE, domains=[domain_id]))["security_groups"]["observed"]


PROXIED = {
    "sagemaker:ListUserProfiles": "profile_roles",
    "iam:SimulatePrincipalPolicy": "ecr_login",
    "ecr:GetRepositoryPolicy": "repository_policy",
    "ec2:DescribeSubnets": "ecr_api_route",
    "sagemaker:DescribeDomain": "domain",
}


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("action", PROXIED)
def test_the_page_of_a_proxy_is_a_finding(endpoint, direct, action, status):
    domain_id = rootless_domain(endpoint, Vpc(endpoint))
    repository(endpoint, "tools")
    endpoint.controls(proxy_pages={action: status})
    run = direct.ok(MODULE, domains=[domain_id], images=[image("tools")])
    finding = findings(run)[PROXIED[action]]
    assert finding["status"] == "skipped"
    assert "a page that is not AWS's" in finding["reason"]
    assert PROXIED[action] in run["domains"][0]["unchecked"]


def test_the_page_of_a_proxy_for_the_list_of_domains_is_a_finding(endpoint, direct):
    endpoint.domain("research")
    endpoint.controls(proxy_pages={"sagemaker:ListDomains": 200})
    [finding] = direct.ok(MODULE, domains=["research"])["domains"][0]["findings"]
    assert "a page that is not AWS's" in finding["reason"]


def test_a_failure_has_the_code_of_aws(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.controls(expired_credentials=True)
    run = direct.run(MODULE, domains=[domain_id])
    assert run["error"]["code"] == run["domains"][0]["error_code"] == "ExpiredTokenException"
    assert run["boto3_version"]
