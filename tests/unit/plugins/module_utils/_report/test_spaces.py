# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import spaces
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.problems import by_cause

SPACE = {
    "space_name": "lab",
    "domain_name": "research",
    "remote_access": True,
    "changed": False,
    "restarted": False,
    "restart_required": False,
}


@pytest.mark.parametrize(
    ("values", "check_mode", "lines"),
    [
        ({}, False, []),
        ({"changed": True}, False, ["  lab in research: on"]),
        ({"changed": True}, True, ["  lab in research: would be on"]),
        ({"changed": True, "remote_access": False}, False, ["  lab in research: off"]),
        ({"changed": True, "restarted": True}, False, ["  lab in research: on, app restarted"]),
        ({"restart_required": True}, False, ["  lab in research: the running app has it after a restart"]),
        ({"skip_reason": "too small"}, False, []),
        ({"changed": True, "skip_reason": "too small"}, False, ["  lab in research: on"]),
        ({"changed": True, "error": "denied"}, False, []),
    ],
)
def test_remote_access(values, check_mode, lines):
    expected = ["Remote access", *lines] if lines else []
    assert spaces.remote_access({"spaces": [{**SPACE, **values}]}, check_mode) == expected


def test_spaces_that_failed_or_were_left_out_have_the_reason_once():
    small = {"skip_reason": "lab is too small"}
    found = [
        {**SPACE, **small},
        {**SPACE, "space_name": "big", "skip_reason": "big is too small"},
        {**SPACE, "error": "denied"},
    ]
    assert by_cause(spaces.problems({"spaces": found}), 100) == [
        "  SKIPPED  2 spaces: lab in research, big in research",
        "    lab is too small",
        "  FAILED  1 space: lab in research",
        "    denied",
    ]
