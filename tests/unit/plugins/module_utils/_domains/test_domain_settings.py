# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import domain_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain

ROLE, OTHER_ROLE = "arn:aws:iam::123456789012:role/studio", "arn:aws:iam::123456789012:role/other"
DESCRIBED = {
    "DomainId": "d-abc",
    "VpcId": "vpc-1",
    "SubnetIds": ["subnet-2", "subnet-1"],
    "AppNetworkAccessType": "PublicInternetOnly",
    "DefaultUserSettings": {"ExecutionRole": ROLE, "JupyterLabAppSettings": {"LifecycleConfigArns": []}},
}


def request(domain=DESCRIBED, **options):
    """The update that the options of the module cause."""
    desired = DesiredDomain("research", **options).settings_from(domain_settings.from_api(domain))
    return domain_settings.update_request(desired, domain)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {}),
        ({"execution_role": ROLE, "subnet_ids": ["subnet-1", "subnet-2"], "tag_propagation": False}, {}),
        ({"execution_role": OTHER_ROLE}, {"DefaultUserSettings": {"ExecutionRole": OTHER_ROLE}}),
        ({"security_groups": ["sg-2", "sg-1"]}, {"DefaultUserSettings": {"SecurityGroups": ["sg-1", "sg-2"]}}),
        ({"subnet_ids": ["subnet-3"]}, {"SubnetIds": ["subnet-3"]}),
        ({"tag_propagation": True}, {"TagPropagation": "ENABLED"}),
        (
            {"default_space_settings": {"execution_role": ROLE, "security_groups": None}},
            {"DefaultSpaceSettings": {"ExecutionRole": ROLE}},
        ),
        (
            {"docker_settings": {"enable_docker_access": True}},
            {
                "DomainSettingsForUpdate": {
                    "DockerSettings": {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": []}
                }
            },
        ),
        (
            {"app_network_access_type": "VpcOnly", "security_groups": ["sg-1"]},
            {
                "AppNetworkAccessType": "VpcOnly",
                "VpcId": "vpc-1",
                "SubnetIds": ["subnet-1", "subnet-2"],
                "DefaultUserSettings": {"SecurityGroups": ["sg-1"]},
            },
        ),
    ],
    ids=["nothing", "equal", "role", "groups", "subnets", "tags", "spaces", "docker", "mode"],
)
def test_an_update_has_only_the_changes(options, expected):
    assert request(**options) == expected


def test_a_vpc_only_domain_needs_security_groups_for_network_changes_only():
    with pytest.raises(SettingsError, match="app_network_access_type=VpcOnly requires security_groups"):
        request(app_network_access_type="VpcOnly")
    without_groups = {**DESCRIBED, "AppNetworkAccessType": "VpcOnly"}
    assert request(without_groups, tag_propagation=True) == {"TagPropagation": "ENABLED"}
    assert request(without_groups, app_network_access_type="VpcOnly") == {}
    with_groups = {**without_groups, "DefaultUserSettings": {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}}
    with pytest.raises(SettingsError, match="requires security_groups"):
        request(with_groups, security_groups=[])


def test_shared_spaces_need_a_role_with_security_groups():
    with pytest.raises(SettingsError, match="default_space_settings requires execution_role"):
        request(default_space_settings={"security_groups": ["sg-1"]})


def test_mismatches_name_each_setting():
    sent = DesiredDomain(
        "d", execution_role=OTHER_ROLE, tag_propagation=True, docker_settings={"rootless_docker": False}
    )
    current = domain_settings.from_api(DESCRIBED)
    found = domain_settings.mismatches(sent.settings_from(current), current, current)
    assert found == [("execution_role", OTHER_ROLE, ROLE), ("tag_propagation", True, False)]
