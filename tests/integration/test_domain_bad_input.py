# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid or missing values fail before anything is changed, with a message that says what is valid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration.conftest import Direct
from tests.sandbox.aws_endpoint.client import ROLE, SUBNETS, VPC, Endpoint

pytestmark = pytest.mark.xdist_group("domain_bad_input")

SETTINGS, TRUSTED, INFO, DOMAIN, APP, PREREQUISITES, CONFIG = (
    "sagemaker_domain_docker_settings",
    "sagemaker_domain_trusted_accounts",
    "sagemaker_domain_info",
    "sagemaker_domain",
    "sagemaker_studio_app",
    "sagemaker_domain_prerequisites_info",
    "sagemaker_studio_lifecycle_config",
)
ON = {"enable_docker_access": True}
ONE_DOMAIN = {"domains": ["research"]}
SCRIPT = {"name": "docker", "content": "#!/bin/sh\n:\n", **ONE_DOMAIN}
TOO_MANY = [f"{number:012}" for number in range(21)]
NEW = {"name": "new", "auth_mode": "IAM", "vpc_id": VPC, "subnet_ids": SUBNETS, "execution_role": ROLE}
NO_REGION = {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
NO_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
# Without the profile and the cached SSO session of the person who runs the tests.
NOBODYS = {"HOME": "/nonexistent", "AWS_CONFIG_FILE": "/nonexistent/config"}


@dataclass
class Bad:
    """Invalid arguments or environment of a module, and a part of the expected message."""

    module: str
    arguments: dict[str, Any]
    message: str
    environment: dict[str, str] = field(default_factory=dict)


TABLE = [
    Bad(SETTINGS, {"domains": ["nobody"], **ON}, "the name 'nobody'. The region eu-west-1 has 4"),
    Bad(SETTINGS, {"domains": ["d-nobody"], **ON}, "no domain has the ID or the name 'd-nobody'"),
    Bad(SETTINGS, {"domains": ["research", "nobody"], **ON}, "Nothing was changed."),
    Bad(SETTINGS, {"domains": ["twin"], **ON}, "2 domains have the name 'twin', use the ID instead: d-"),
    Bad(SETTINGS, {"domains": [], **ON}, "No domain is selected"),
    Bad(SETTINGS, {"domains": [""], **ON}, "No domain is selected"),
    Bad(SETTINGS, {"all_domains": False, **ON}, "No domain is selected"),
    Bad(SETTINGS, ON, "one of the following is required: domains, all_domains"),
    Bad(SETTINGS, {**ONE_DOMAIN, "all_domains": True, **ON}, "mutually exclusive: domains|all_domains"),
    Bad(SETTINGS, ONE_DOMAIN, "No setting is given: set at least one of enable_docker_access, rootless_docker"),
    Bad(SETTINGS, {**ONE_DOMAIN, "enable_docker_access": "maybe"}, "'maybe' is not a valid boolean"),
    Bad(SETTINGS, {**ONE_DOMAIN, "rootless_docker": True}, "set enable_docker_access to true as well"),
    Bad(
        SETTINGS,
        {**ONE_DOMAIN, "rootless_docker": True, "enable_docker_access": False},
        "set enable_docker_access to true as well",
    ),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON, "wait_timeout": 0}, "wait_timeout is 0, it must be at least 1"),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON, "wait_timeout": "soon"}, "unable to convert to int"),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON, "concurrency": -1}, "concurrency is -1, it must be at least 1"),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON, "concurrency": "many"}, "unable to convert to int"),
    Bad(SETTINGS, {**ONE_DOMAIN, "enabled": True}, "Unsupported parameters"),
    Bad(
        SETTINGS,
        {**ONE_DOMAIN, "vpc_only_trusted_accounts": [12345678901]},
        "'12345678901' has 11 digits, YAML drops the leading zeros of a number",
    ),
    Bad(SETTINGS, {**ONE_DOMAIN, "vpc_only_trusted_accounts": ["1234-5678-9012"]}, "'1234-5678-9012' is invalid"),
    Bad(
        SETTINGS, {**ONE_DOMAIN, "vpc_only_trusted_accounts": TOO_MANY}, "at most 20 accounts, this list would have 21"
    ),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON}, "No AWS region", NO_REGION),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON}, "No usable AWS credentials", NO_CREDENTIALS),
    Bad(SETTINGS, {**ONE_DOMAIN, **ON}, "The region us-east-1 has no domain: check", {"AWS_REGION": "us-east-1"}),
    Bad(
        SETTINGS,
        {**ONE_DOMAIN, **ON},
        "Check that 'eu-west-1' is the right region",
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
    ),
    Bad(TRUSTED, ONE_DOMAIN, "missing required arguments: accounts"),
    Bad(TRUSTED, {"accounts": ["012345678901"]}, "one of the following is required: domains, all_domains"),
    Bad(TRUSTED, {**ONE_DOMAIN, "accounts": [123]}, "'123' has 3 digits"),
    Bad(TRUSTED, {**ONE_DOMAIN, "accounts": ["12345678901x", "7"]}, "'12345678901x' is invalid; '7' has 1 digits"),
    Bad(TRUSTED, {**ONE_DOMAIN, "accounts": TOO_MANY}, "at most 20 accounts"),
    Bad(TRUSTED, {"domains": ["full"], "accounts": ["999999999999"]}, "this list would have 21"),
    Bad(TRUSTED, {**ONE_DOMAIN, "accounts": ["012345678901"], "state": "gone"}, "must be one of: present, absent, got"),
    Bad(
        TRUSTED,
        {**ONE_DOMAIN, "accounts": ["012345678901"], "state": "absent", "purge_accounts": True},
        "purge_accounts is allowed with state=present only",
    ),
    Bad(INFO, {"domains": ["nobody"]}, "no domain has the ID or the name 'nobody'"),
    Bad(INFO, {"domains": ["twin"]}, "2 domains have the name 'twin'"),
    Bad(INFO, {"concurrency": 0}, "concurrency is 0, it must be at least 1"),
    Bad(INFO, {"include_apps": "some"}, "'some' is not a valid boolean"),
    Bad(INFO, {}, "No AWS region", NO_REGION),
    Bad(INFO, {}, "No usable AWS credentials", NO_CREDENTIALS),
    Bad(PREREQUISITES, {}, "missing required arguments: domains"),
    Bad(PREREQUISITES, {"domains": []}, "No domain is given"),
    Bad(PREREQUISITES, {"domains": ["nobody"]}, "no domain has the ID or the name 'nobody'"),
    Bad(PREREQUISITES, {"domains": ["d-nobody"]}, "no domain has the ID or the name 'd-nobody'"),
    Bad(PREREQUISITES, {"domains": ["twin"]}, "2 domains have the name 'twin'"),
    Bad(PREREQUISITES, {**ONE_DOMAIN, "images": ["https://hub.docker.com/r/x"]}, "'https://hub.docker.com/r/x' is no"),
    Bad(PREREQUISITES, {**ONE_DOMAIN, "images": ["Tools:1"]}, "'Tools:1' is not an image URI. Write it like 1"),
    Bad(PREREQUISITES, {**ONE_DOMAIN, "images": [""]}, "'' is not an image URI"),
    Bad(PREREQUISITES, {**ONE_DOMAIN, "internet_install": "perhaps"}, "'perhaps' is not a valid boolean"),
    Bad(PREREQUISITES, {**ONE_DOMAIN, "concurrency": 0}, "concurrency is 0, it must be at least 1"),
    Bad(PREREQUISITES, ONE_DOMAIN, "No AWS region", NO_REGION),
    Bad(PREREQUISITES, ONE_DOMAIN, "No usable AWS credentials", NO_CREDENTIALS),
    Bad(PREREQUISITES, {"domains": ["d-1"]}, "1 of 1 domain(s) failed. d-1: No usable AWS credentials", NO_CREDENTIALS),
    Bad(DOMAIN, {"state": "present"}, "one of the following is required: name, domain_id"),
    Bad(DOMAIN, {"name": "new"}, "To create it, set auth_mode, vpc_id, subnet_ids, execution_role."),
    Bad(DOMAIN, {**NEW, "auth_mode": "LDAP"}, "value of auth_mode must be one of: IAM, SSO, got: LDAP"),
    Bad(DOMAIN, {**NEW, "name": "my_domain"}, "name is 'my_domain', it must be letters, digits and inner hyphens"),
    Bad(DOMAIN, {**NEW, "vpc_id": "default"}, "vpc_id is 'default', it must be a VPC ID such as vpc-"),
    Bad(DOMAIN, {**NEW, "subnet_ids": []}, "subnet_ids has 0 elements, it must have 1 to 16"),
    Bad(DOMAIN, {**NEW, "subnet_ids": ["10.0.0.0/24"]}, "subnet_ids has '10.0.0.0/24', each must be like subnet-"),
    Bad(DOMAIN, {**NEW, "security_groups": ["default"]}, "security_groups has 'default', each must be like sg-"),
    Bad(DOMAIN, {**NEW, "app_network_access_type": "VpcOnly"}, "app_network_access_type=VpcOnly requires security_"),
    Bad(DOMAIN, {"domain_id": "d-nobody"}, "Domain d-nobody: it does not exist in eu-west-1. To create"),
    Bad(
        DOMAIN,
        {**NEW, "default_space_settings": {"execution_role": "studio"}},
        "default_space_settings.execution_role is 'studio', it must be the ARN",
    ),
    Bad(
        DOMAIN,
        {**NEW, "default_space_settings": {"security_groups": ["sg-1"]}},
        "default_space_settings requires execution_role together with security_groups",
    ),
    Bad(DOMAIN, {**NEW, "execution_role": "studio"}, "execution_role is 'studio', it must be the ARN of an IAM role"),
    Bad(DOMAIN, {**NEW, "app_network_access_type": "Vpc"}, "must be one of: PublicInternetOnly, VpcOnly"),
    Bad(DOMAIN, {**NEW, "docker_settings": {"enabled": True}}, "Unsupported parameters"),
    Bad(DOMAIN, {**NEW, "docker_settings": {"rootless_docker": True}}, "set enable_docker_access to true as well"),
    Bad(DOMAIN, {**NEW, "docker_settings": {"vpc_only_trusted_accounts": [1]}}, "'1' has 1 digits"),
    Bad(DOMAIN, {**NEW, "docker_settings": {"vpc_only_trusted_accounts": TOO_MANY}}, "at most 20 accounts"),
    Bad(DOMAIN, {**NEW, "tags": {"aws:team": "x"}}, "'aws:team' begins with aws:, which AWS reserves"),
    Bad(DOMAIN, {**NEW, "tags": {str(number): "x" for number in range(51)}}, "at most 50 tags, 51 were given"),
    Bad(DOMAIN, {**NEW, "wait_timeout": 0}, "wait_timeout is 0, it must be at least 1"),
    Bad(DOMAIN, {**NEW, "name": "twin"}, "2 domains in eu-west-1 have this name: d-"),
    Bad(DOMAIN, {**NEW, "name": "research", "auth_mode": "SSO"}, "auth_mode is 'IAM', requested is 'SSO'"),
    Bad(DOMAIN, {"name": "research", "state": "absent"}, "all of the following are missing: home_efs_file_system"),
    Bad(DOMAIN, {"name": "twin", "state": "absent", "home_efs_file_system": "delete"}, "2 domains in eu-west-1 have"),
    Bad(DOMAIN, {"name": "research", "state": "absent", "home_efs_file_system": "keep"}, "one of: retain, delete"),
    Bad(DOMAIN, NEW, "No AWS region", NO_REGION),
    Bad(APP, {}, "one of the following is required: domains, all_domains"),
    Bad(APP, {"domains": []}, "No domain is selected"),
    Bad(
        APP,
        {**ONE_DOMAIN, "types": ["Canvas"]},
        "must be one or more of: JupyterLab, CodeEditor, KernelGateway, JupyterServer",
    ),
    Bad(APP, {**ONE_DOMAIN, "batch_size": 0}, "batch_size is 0, but must be at least 1"),
    Bad(APP, {**ONE_DOMAIN, "state": "started"}, "must be one of: restarted, absent"),
    Bad(APP, {**ONE_DOMAIN, "wait_timeout": 0}, "wait_timeout is 0, it must be at least 1"),
    Bad(APP, {"domains": ["research", "nobody"]}, "the name 'nobody'. The region eu-west-1 has 4"),
    Bad(APP, ONE_DOMAIN, "No usable AWS credentials", NO_CREDENTIALS),
    Bad(
        CONFIG,
        {"name": "docker", "content": "#!/bin/sh\n:\n"},
        "one of the following is required: domains, all_domains",
    ),
    Bad(CONFIG, {"name": "docker", **ONE_DOMAIN}, "any of the following are missing: src, content"),
    Bad(CONFIG, {**SCRIPT, "src": "/x"}, "mutually exclusive: src|content"),
    Bad(CONFIG, {"name": "docker", "src": "/nonexistent/x.sh", **ONE_DOMAIN}, "src cannot be read: [Errno 2]"),
    Bad(CONFIG, {**SCRIPT, "content": " "}, "no app would start with it: it is empty"),
    Bad(
        CONFIG,
        {**SCRIPT, "content": "#!/bin/sh\n" + "x" * 12279},
        "16388 characters in base64, 4 more than SageMaker's limit of 16384",
    ),
    Bad(CONFIG, {**SCRIPT, "name": "my_docker"}, "name is 'my_docker', but must be at most 36 letters, digits and"),
    Bad(CONFIG, {**SCRIPT, "app_types": ["Canvas"]}, "must be one or more of: JupyterLab, CodeEditor, KernelGateway"),
    Bad(CONFIG, {**SCRIPT, "app_types": []}, "app_types is empty"),
    Bad(
        CONFIG,
        {**SCRIPT, "app_types": ["KernelGateway"]},
        "KernelGateway does not support a built-in lifecycle configuration",
    ),
    Bad(CONFIG, {**SCRIPT, "user_profiles": []}, "user_profiles is empty"),
    Bad(
        CONFIG,
        {**SCRIPT, "user_profiles": ["nobody"]},
        "the domain has no such user profile. List them with `aws sagemaker list-user-",
    ),
    Bad(CONFIG, {**SCRIPT, "domains": ["nobody"]}, "the name 'nobody'. The region eu-west-1 has 4"),
    Bad(CONFIG, {**SCRIPT, "concurrency": 0}, "concurrency is 0, it must be at least 1"),
    Bad(CONFIG, SCRIPT, "No AWS region", NO_REGION),
]


def arrange(endpoint):
    endpoint.domain("research")
    endpoint.domain("twin")
    endpoint.domain("twin")
    endpoint.domain("full", {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": TOO_MANY[:20]})


@pytest.fixture(scope="module")
def arranged(endpoint_url):
    """One service for all rows, since no row changes it."""
    endpoint = Endpoint(endpoint_url)
    endpoint.reset()
    arrange(endpoint)
    return endpoint


@pytest.mark.parametrize("bad", TABLE, ids=[f"{bad.module}-{bad.message[:40]}" for bad in TABLE])
def test_invalid_input_fails_and_changes_nothing(arranged, bad):
    direct = Direct({**arranged.environment(), **NOBODYS, **bad.environment})
    assert bad.message in direct.fails(bad.module, **bad.arguments)
    assert arranged.mutating_calls() == []


def test_the_message_names_the_denied_action_and_its_resource(endpoint, ansible):
    arrange(endpoint)
    endpoint.controls(denied_actions={"sagemaker:UpdateDomain": "*"})
    message = ansible.fails(SETTINGS, **ONE_DOMAIN, **ON)
    assert "lack the IAM action sagemaker:UpdateDomain on arn:aws:sagemaker:eu-west-1:123456789012:domain/d-" in message


def test_expired_credentials(endpoint, direct):
    arrange(endpoint)
    endpoint.controls(expired_credentials=True)
    assert "aws sso login" in direct.fails(SETTINGS, **ONE_DOMAIN, **ON)


def test_a_botocore_too_old_for_rootless_docker(endpoint, ansible, tmp_path):
    arrange(endpoint)
    # The real libraries under the version number of an older release.
    (tmp_path / "sitecustomize.py").write_text("import botocore; botocore.__version__ = '1.40.14'\n")
    old = {"PYTHONPATH": str(tmp_path)}
    message = ansible.fails(SETTINGS, **ONE_DOMAIN, **ON, rootless_docker=True, environment=old)
    assert "boto3>=1.40.16" in message.replace("botocore>=", "boto3>=")
    assert "to set rootless_docker" in message
    ansible.ok(SETTINGS, **ONE_DOMAIN, **ON, environment=old)
