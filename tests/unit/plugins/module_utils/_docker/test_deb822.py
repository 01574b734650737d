# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Debian's control files."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import deb822


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", []),
        ("A: 1\nB: 2\n\n\nA: 3", [{"A": "1", "B": "2"}, {"A": "3"}]),
        ("SHA256:\n a 1 x\n\tb 2 y\nDate: now\n", [{"SHA256": "\na 1 x\nb 2 y", "Date": "now"}]),
        ("Description: one\n .\n two: three\n", [{"Description": "one\n.\ntwo: three"}]),
        (" stray\n", [{"": "\nstray"}]),
    ],
)
def test_stanzas(text: str, expected: list[dict[str, str]]) -> None:
    assert list(deb822.stanzas(text)) == expected
