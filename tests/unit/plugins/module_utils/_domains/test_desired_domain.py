# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import desired_domain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain

ROLE = "arn:aws:iam::123456789012:role/service-role/studio"
DESIRED = DesiredDomain(
    name="research",
    auth_mode="IAM",
    vpc_id="vpc-0a1b2c3d4e5f60718",
    subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
    execution_role=ROLE,
    docker_settings={"enable_docker_access": True},
)
DESCRIBED = {
    "DomainId": "d-abc",
    "DomainName": "research",
    "AuthMode": "IAM",
    "VpcId": DESIRED.vpc_id,
    "SubnetIds": DESIRED.subnet_ids,
    "DefaultUserSettings": {"ExecutionRole": ROLE},
    "AppNetworkAccessType": "PublicInternetOnly",
}


def test_valid_domains():
    desired_domain.validate(DESIRED)
    desired_domain.validate(DesiredDomain("d"))
    desired_domain.validate(replace(DESIRED, name="a" + "-b" * 31))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": ""}, "name is ''"),
        ({"name": "a_b"}, "name is 'a_b', it must be letters, digits and inner hyphens"),
        ({"name": "ends-"}, "name is 'ends-'"),
        ({"name": "a" * 64}, "at most 63"),
        ({"vpc_id": "default"}, "vpc_id is 'default', it must be a VPC ID"),
        ({"subnet_ids": []}, "subnet_ids has 0 elements"),
        ({"subnet_ids": ["subnet-1"] * 17}, "subnet_ids has 17 elements, it must have 1 to 16"),
        ({"subnet_ids": ["subnet-1", "net"]}, "subnet_ids has 'net', each must be like subnet-"),
        ({"execution_role": "studio"}, "execution_role is 'studio', it must be the ARN"),
    ],
)
def test_invalid_values_are_named(values, says):
    with pytest.raises(SettingsError) as raised:
        desired_domain.validate(replace(DESIRED, **values))
    assert says in str(raised.value)


def test_all_invalid_values_are_named_at_once():
    with pytest.raises(SettingsError) as raised:
        desired_domain.validate(replace(DESIRED, name="", vpc_id="x", subnet_ids=["y"], execution_role="z"))
    assert all(option in str(raised.value) for option in ("name", "vpc_id", "subnet_ids", "execution_role"))


def test_all_options_missing_to_create_are_named_at_once():
    with pytest.raises(
        SettingsError,
        match="To create it, set auth_mode, vpc_id, subnet_ids, execution_role",
    ):
        desired_domain.validate_creation(DesiredDomain("d"), "eu-west-1")
    desired_domain.validate_creation(DESIRED, "eu-west-1")


def test_a_new_domain_cannot_have_rootless_docker_alone():
    with pytest.raises(SettingsError, match="set enable_docker_access to true as well"):
        desired_domain.validate_creation(replace(DESIRED, docker_settings={"rootless_docker": True}), "eu-west-1")


def test_create_request():
    assert desired_domain.create_request(DESIRED) == {
        "DomainName": "research",
        "AuthMode": "IAM",
        "DefaultUserSettings": {"ExecutionRole": ROLE},
        "VpcId": DESIRED.vpc_id,
        "SubnetIds": DESIRED.subnet_ids,
        "AppNetworkAccessType": "PublicInternetOnly",
        "DomainSettings": {"DockerSettings": {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": []}},
    }


def test_no_docker_settings_are_sent_if_none_are_requested():
    assert "DomainSettings" not in desired_domain.create_request(replace(DESIRED, docker_settings={}))


def test_omitted_and_equal_options_are_not_refused():
    desired_domain.refuse_changes(DesiredDomain("research"), DESCRIBED)
    described = {**DESCRIBED, "KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"}
    desired_domain.refuse_changes(replace(DESIRED, kms_key_id="1234abcd"), described)
    desired_domain.refuse_changes(replace(DESIRED, subnet_ids=DESIRED.subnet_ids[::-1]), DESCRIBED)


@pytest.mark.parametrize(
    ("option", "requested"),
    [
        ("auth_mode", "SSO"),
        ("vpc_id", "vpc-2"),
        ("kms_key_id", "1234abcd"),
        ("name", "other"),
    ],
)
def test_impossible_changes_are_refused_with_both_values(option, requested):
    with pytest.raises(SettingsError) as raised:
        desired_domain.refuse_changes(replace(DESIRED, **{option: requested}), DESCRIBED)
    assert str(raised.value).startswith(f"{option} is ")
    assert f"requested is {requested!r}." in str(raised.value)
