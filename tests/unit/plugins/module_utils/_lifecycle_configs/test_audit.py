# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import audit
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix

NAME = NamePrefix("docker").config_name("JupyterLab", b"one")
ARN = f"arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/{NAME}"
DETAILS = {"StudioLifecycleConfigAppType": "JupyterLab", "CreationTime": datetime(2026, 1, 31, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("content", "exists", "matches"), [(b"one", True, True), (b"two", True, False), (None, False, None)]
)
def test_a_configuration_has_the_result_of_the_comparison_and_its_users(content, exists, matches):
    config = audit.as_dict(ARN, DETAILS if exists else {}, content, {}, {"domain-2", "domain-1"})
    assert (config["name"], config["exists"], config["name_matches_content"]) == (NAME, exists, matches)
    assert config["used_by"] == ["domain-1", "domain-2"]
    assert (config["sha256"] is None) is not exists
    assert (config["creation_time"] is None) is not exists
