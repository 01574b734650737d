# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which extra variables of a job somebody gave."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._targets.answers import answered

JOB = {"awx_job_id": 7}


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"domain_docker_access_trusted_accounts": None}, {}),
        ({"domain_docker_access_exclude": " "}, {}),
        ({"domain_docker_access_rootless": "unchanged", "restart_apps": "false", "attach_lifecycle_config": False}, {}),
        ({"domain_docker_access_rootless": True, "restart_apps": "true"}, None),
        ({"domain_docker_access_restart_outdated_only": False, "domain_docker_access_concurrency": 20}, None),
        ({"domain_docker_access_all_domains": False, "domain_docker_access_domains": None}, {}),
        ({"domain_docker_access_all_domains": False, "domain_docker_access_domains": "research"}, None),
        ({"domain_docker_access_all_domains": True}, None),
        ({"domain_docker_access_domain_ids": []}, None),
    ],
)
def test_in_awx_a_question_that_nobody_answered_hides_no_variable_of_a_group(given, left):
    assert answered(JOB | given) == JOB | (given if left is None else left)


def test_on_the_command_line_every_extra_variable_counts():
    given = {"domain_docker_access_rootless": "unchanged", "domain_docker_access_exclude": ""}
    assert answered(given) == given
