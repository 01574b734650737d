# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message for a command of ssh that ended too early: what is wrong, and the next step."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.endings import explain_ssh
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.request import SpaceName

SPACE = SpaceName("eu-west-1", "d-abc", "ada")
BANNER = "Connection timed out during banner exchange"


@pytest.mark.parametrize(
    ("status", "errors", "no_log", "reason"),
    [
        (255, b"", False, "The ssh server in the app does not answer any more."),
        (255, b" \r\n", True, "The ssh server in the app does not answer any more."),
        (255, f"of the command\n{BANNER}\r\n".encode(), False, f"answer any more: of the command\n{BANNER}."),
        (255, BANNER.encode(), True, "does not answer any more: (hidden by no_log)."),
        (255, b"Bad packet length.", False, "Failed to connect to the space through its session: Bad packet length."),
        (255, b"it timed out\nBad packet", True, "through its session: (hidden by no_log)."),
        (1, b"no shell", False, "without its status: the session was cut, or the ssh server in the app did not run it"),
        (1, b"no shell", False, "(ssh's status 1): no shell."),
        (0, b"", False, "(ssh's status 0)."),
    ],
)
def test_an_early_end_has_its_reason_and_the_next_step(status, errors, no_log, reason) -> None:
    message = explain_ssh(status, errors, SPACE, no_log)
    assert f"{reason}" in message
    step = "`aws sagemaker list-apps --region eu-west-1 --domain-id-equals d-abc --space-name-equals ada`"
    assert f" Check that its app is InService: {step}. Then run the playbook again" in message
    assert ".." not in message
