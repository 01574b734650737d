# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.user_agent import (
    awx_job_of,
    made_by_this_collection,
    user_agent_extra,
)

ANSIBLE = "APN/1.0 Ansible/2.19.11 amazon.aws/10.1.2"


@pytest.mark.parametrize(
    ("environment", "job"),
    [({}, None), ({"JOB_ID": "7"}, None), ({"JOB_ID": "7", "AWX_HOST": "https://awx"}, 7), ({"AWX_HOST": "x"}, None)],
)
def test_what_a_client_adds_is_recognized(environment: dict[str, str], job: int | None) -> None:
    user_agent = f"{ANSIBLE} {user_agent_extra(environment)}"
    assert made_by_this_collection(user_agent)
    assert awx_job_of(user_agent) == job


@pytest.mark.parametrize("user_agent", ["", ANSIBLE, "mlops.studio_local_mode_fork", "aws-cli/2.31"])
def test_other_programs_are_others(user_agent: str) -> None:
    assert not made_by_this_collection(user_agent)
    assert awx_job_of(user_agent) is None
