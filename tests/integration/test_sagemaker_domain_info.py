# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from tests.sandbox.aws_endpoint.client import ROLE, SUBNETS, VPC

MODULE = "sagemaker_domain_info"


def test_everything_of_every_domain(endpoint, ansible):
    never_set = endpoint.domain("never-set", vpc_only=False)
    with_docker = endpoint.domain("with-docker", {"EnableDockerAccess": "ENABLED"}, auth_mode="SSO")
    run = ansible.ok(MODULE)
    assert not run["changed"]
    domains = {domain["domain_id"]: domain for domain in run["domains"]}
    assert set(domains) == {never_set, with_docker}
    seen = domains[with_docker]
    assert seen.pop("last_modified_time").endswith("+00:00")
    assert seen.pop("url") == f"https://{with_docker}.studio.eu-west-1.sagemaker.aws"
    assert seen.pop("home_efs_file_system_id").startswith("fs-")
    assert seen == {
        "domain_id": with_docker,
        "domain_name": "with-docker",
        "domain_arn": f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{with_docker}",
        "status": "InService",
        "failure_reason": None,
        "kms_key_id": None,
        "security_groups": [],
        "default_space_settings": {"execution_role": None, "security_groups": []},
        "tag_propagation": False,
        "docker_settings": {"enable_docker_access": True, "rootless_docker": False, "vpc_only_trusted_accounts": []},
        "app_network_access_type": "VpcOnly",
        "auth_mode": "SSO",
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "execution_role": ROLE,
    }
    assert domains[never_set]["docker_settings"]["enable_docker_access"] is False
    assert domains[never_set]["app_network_access_type"] == "PublicInternetOnly"


def test_apps_and_whether_they_predate_the_domain_update(endpoint, direct):
    domain_id = endpoint.domain("research")
    other = endpoint.domain("other")
    endpoint.app(domain_id, profile="ada", created_before_update=True)
    endpoint.app(domain_id, profile="bob", app_type="KernelGateway", name="kernel", created_before_update=False)
    endpoint.app(other, profile="eve")
    [domain] = direct.ok(MODULE, domains=["research"], include_apps=True)["domains"]
    apps = [{key: app[key] for key in ("type", "name", "owner", "owner_type", "status")} for app in domain["apps"]]
    assert apps == [
        {
            "type": "JupyterLab",
            "name": "default",
            "owner": "ada-jupyterlab",
            "owner_type": "space",
            "status": "InService",
        },
        {
            "type": "KernelGateway",
            "name": "kernel",
            "owner": "bob",
            "owner_type": "user_profile",
            "status": "InService",
        },
    ]
    assert [app["predates_domain_update"] for app in domain["apps"]] == [True, False]


def test_every_page_is_read(endpoint, direct):
    ids = [endpoint.domain(f"domain-{number}") for number in range(105)]
    domains = direct.ok(MODULE)["domains"]
    assert sorted(domain["domain_id"] for domain in domains) == sorted(ids)
    assert len(endpoint.calls("ListDomains")) == 2


def test_an_id_costs_one_call(endpoint, direct):
    domain_id = endpoint.domain("research")
    direct.ok(MODULE, domains=[domain_id])
    assert [call.operation for call in endpoint.calls()] == ["DescribeDomain"]


def test_a_denied_action_is_the_error_of_its_domain(endpoint, direct):
    denied, other = endpoint.domain("denied"), endpoint.domain("other")
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": f"*{denied}"})
    run = direct.run(MODULE)
    assert run.returncode != 0
    assert "lack the IAM action sagemaker:DescribeDomain" in run["msg"]
    errors = {domain["domain_id"]: domain.get("error_code") for domain in run["domains"]}
    assert errors == {denied: "AccessDeniedException", other: None}
    assert run["error"]["code"] == "AccessDeniedException"
    assert run["botocore_version"]


def test_apps_that_may_not_be_listed_are_a_warning(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.controls(denied_actions={"sagemaker:ListApps": "*"})
    run = direct.ok(MODULE, domains=[domain_id], include_apps=True)
    assert "lack the IAM action sagemaker:ListApps" in run.warnings
    assert run["domains"][0]["domain_name"] == "research"
    assert "apps" not in run["domains"][0]
