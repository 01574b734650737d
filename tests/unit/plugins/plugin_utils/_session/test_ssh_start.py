# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When ssh has started, by the directions of the bytes alone."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.ssh_start import SshStart


@pytest.mark.parametrize(
    ("directions", "is_over"),
    [
        ("", False),
        (">", False),
        ("<<<<<<", False),
        ("><", False),
        ("><<<<<<", False),
        ("<><><>", False),
        (">>>><>>", False),
        ("><><><><", True),
        ("<><><><>><<<", True),
        ("><><><><>>>>", True),
    ],
)
def test_ssh_has_started_when_the_server_has_answered_four_times(directions, is_over) -> None:
    start = SshStart()
    for direction in directions:
        (start.ask if direction == ">" else start.answer)()
    assert start.is_over is is_over
