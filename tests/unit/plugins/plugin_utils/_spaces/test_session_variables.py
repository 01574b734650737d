# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session has the caller of the inventory file; what the environment says is not written into host variables."""

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.place import Place
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.session_variables import session_variables

ROLE = "arn:aws:iam::111122223333:role/studio"
OTHER = "arn:aws:iam::444455556666:role/studio"


@pytest.mark.parametrize(
    ("options", "environment", "variables"),
    [
        ({}, {}, {}),
        ({"profile": "ops"}, {}, {"studio_ssh_profile": "ops"}),
        ({"profile": "ops"}, {"AWS_PROFILE": "ops"}, {}),
        ({"profile": "ops"}, {"AWS_PROFILE": "other"}, {"studio_ssh_profile": "ops"}),
        (
            {"assume_role_arn": ROLE, "assume_role_external_id": "x"},
            {},
            {"studio_ssh_assume_role_arn": ROLE, "studio_ssh_assume_role_external_id": "x"},
        ),
        (
            {"assume_role_arn": ROLE, "assume_role_external_id": "x"},
            {"STUDIO_ROLE_ARN": ROLE, "STUDIO_ROLE_EXTERNAL_ID": "x"},
            {},
        ),
        ({"endpoint_url": "https://vpce"}, {"AWS_URL": "https://vpce"}, {"studio_ssh_endpoint_url": "https://vpce"}),
        ({"access_key": "AKIA", "secret_key": "x"}, {}, {}),
    ],
)
def test_the_variables_of_the_options(options, environment, variables) -> None:
    assert session_variables(options.get, environment) == variables


def test_the_role_of_a_target_has_no_external_id_of_another() -> None:
    session = {
        "studio_ssh_profile": "ops",
        "studio_ssh_assume_role_arn": ROLE,
        "studio_ssh_assume_role_external_id": "x",
    }
    target = Target(name="production", region="eu-west-1", role_arn=OTHER)
    assert Place("eu-west-1", target, session).variables() == {
        "studio_target": "production",
        "studio_ssh_profile": "ops",
        "studio_ssh_assume_role_arn": OTHER,
    }
    assert Place("eu-west-1", None, session).variables() == session
