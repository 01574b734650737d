# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong or missing values stop before anything is changed, and say what would be right."""

from __future__ import annotations

import pytest

SETTINGS, TRUSTED, INFO = (
    "sagemaker_domain_docker_settings",
    "sagemaker_domain_trusted_accounts",
    "sagemaker_domain_info",
)
ON = {"enable_docker_access": True}
ONE_DOMAIN = {"domains": ["research"]}
TOO_MANY = [f"{number:012}" for number in range(21)]


@pytest.fixture(autouse=True)
def domains(endpoint):
    endpoint.domain("research")
    endpoint.domain("twin")
    endpoint.domain("twin")


@pytest.mark.parametrize(
    ("module", "arguments", "says"),
    [
        (
            SETTINGS,
            {"domains": ["nobody"], **ON},
            "no domain has the ID or the name 'nobody'. The region eu-west-1 has 3",
        ),
        (SETTINGS, {"domains": ["d-nobody"], **ON}, "no domain has the ID or the name 'd-nobody'"),
        (SETTINGS, {"domains": ["research", "nobody"], **ON}, "Nothing was changed."),
        (SETTINGS, {"domains": ["twin"], **ON}, "2 domains have the name 'twin', give the ID instead: d-"),
        (SETTINGS, {"domains": [], **ON}, "No domain is selected"),
        (SETTINGS, {"domains": [""], **ON}, "No domain is selected"),
        (SETTINGS, {"all_domains": False, **ON}, "No domain is selected"),
        (SETTINGS, ON, "one of the following is required: domains, all_domains"),
        (SETTINGS, {**ONE_DOMAIN, "all_domains": True, **ON}, "mutually exclusive: domains|all_domains"),
        (SETTINGS, ONE_DOMAIN, "Nothing to set: give at least one of enable_docker_access, rootless_docker"),
        (SETTINGS, {**ONE_DOMAIN, "enable_docker_access": "maybe"}, "'maybe' is not a valid boolean"),
        (SETTINGS, {**ONE_DOMAIN, "rootless_docker": True}, "set enable_docker_access to true as well"),
        (
            SETTINGS,
            {**ONE_DOMAIN, "rootless_docker": True, "enable_docker_access": False},
            "set enable_docker_access to true as well",
        ),
        (SETTINGS, {**ONE_DOMAIN, **ON, "wait_timeout": 0}, "wait_timeout is 0, it must be at least 1"),
        (SETTINGS, {**ONE_DOMAIN, **ON, "concurrency": -1}, "concurrency is -1, it must be at least 1"),
        (SETTINGS, {**ONE_DOMAIN, **ON, "concurrency": "many"}, "unable to convert to int"),
        (SETTINGS, {**ONE_DOMAIN, "enabled": True}, "Unsupported parameters"),
        (
            SETTINGS,
            {**ONE_DOMAIN, "vpc_only_trusted_accounts": [12345678901]},
            "'12345678901' has 11 digits, as a YAML number that lost its leading zeros",
        ),
        (SETTINGS, {**ONE_DOMAIN, "vpc_only_trusted_accounts": ["1234-5678-9012"]}, "'1234-5678-9012' is none"),
        (SETTINGS, {**ONE_DOMAIN, "vpc_only_trusted_accounts": TOO_MANY}, "at most 20 accounts, these would be 21"),
        (TRUSTED, {**ONE_DOMAIN}, "missing required arguments: accounts"),
        (TRUSTED, {**ONE_DOMAIN, "accounts": [123]}, "'123' has 3 digits"),
        (TRUSTED, {**ONE_DOMAIN, "accounts": TOO_MANY}, "at most 20 accounts"),
        (TRUSTED, {**ONE_DOMAIN, "accounts": ["012345678901"], "state": "gone"}, "present, absent, exact"),
        (INFO, {"domains": ["nobody"]}, "no domain has the ID or the name 'nobody'"),
        (INFO, {"concurrency": 0}, "concurrency is 0, it must be at least 1"),
    ],
)
def test_bad_values(endpoint, ansible, module, arguments, says):
    assert says in ansible.fails(module, **arguments)
    assert endpoint.mutating_calls() == []


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "No AWS region"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "No usable AWS credentials"),
        ({"AWS_REGION": "us-east-1"}, "The region us-east-1 has no domain at all"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "is there a way to it from here"),
    ],
    ids=["no-region", "no-credentials", "wrong-region", "unreachable"],
)
def test_bad_surroundings(endpoint, ansible, tmp_path, environment, says):
    alone = {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "none"), **environment}
    assert says in ansible.fails(SETTINGS, **ONE_DOMAIN, **ON, environment=alone)
    assert endpoint.mutating_calls() == []


def test_a_denied_action_is_named_with_its_resource(endpoint, ansible):
    endpoint.controls(denied_actions={"sagemaker:UpdateDomain": "*"})
    message = ansible.fails(SETTINGS, **ONE_DOMAIN, **ON)
    assert "lack the IAM action sagemaker:UpdateDomain on arn:aws:sagemaker:eu-west-1:123456789012:domain/d-" in message


def test_expired_credentials(endpoint, ansible):
    endpoint.controls(expired_credentials=True)
    assert "aws sso login" in ansible.fails(SETTINGS, **ONE_DOMAIN, **ON)


def test_a_botocore_too_old_for_rootless_docker(endpoint, ansible, tmp_path):
    # The real libraries under the version number of an older release.
    (tmp_path / "sitecustomize.py").write_text("import botocore; botocore.__version__ = '1.40.14'\n")
    old = {"PYTHONPATH": str(tmp_path)}
    message = ansible.fails(SETTINGS, **ONE_DOMAIN, **ON, rootless_docker=True, environment=old)
    assert "boto3>=1.40.16" in message.replace("botocore>=", "boto3>=")
    assert "to set rootless_docker" in message
    ansible.ok(SETTINGS, **ONE_DOMAIN, **ON, environment=old)
