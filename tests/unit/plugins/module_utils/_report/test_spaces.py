# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import spaces

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
        ({"skip_reason": "too small"}, False, ["  lab in research: skipped", "    too small"]),
        ({"changed": True, "skip_reason": "too small"}, False, ["  lab in research: on", "    too small"]),
        ({"error": "denied"}, False, ["  lab in research: FAILED", "    denied"]),
    ],
)
def test_remote_access(values, check_mode, lines):
    expected = ["Remote access", *lines] if lines else []
    assert spaces.remote_access({"spaces": [{**SPACE, **values}]}, check_mode) == expected


def host(name, reason, domain="d-a"):
    return {"inventory_hostname": name, "studio_unreachable_because": reason, "studio_domain_id": domain}


def test_unreachable_spaces_are_listed_by_reason_the_most_frequent_first():
    hosts = [host("a", "off"), *(host(f"b{number}", "stopped") for number in range(12)), host("c", "off", "d-b")]
    assert spaces.unreachable(hosts, ["d-a"]) == [
        "Spaces that Ansible cannot reach",
        "  b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 and 2 more:",
        "    stopped",
        "  a:",
        "    off",
    ]
    assert spaces.unreachable(hosts, [])[-2:] == ["  a, c:", "    off"]
    assert spaces.unreachable([], []) == []
