# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.filter.as_list import FilterModule, as_list


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        (["research", "d-abc"], ["research", "d-abc"]),
        ("research\nproduction\n", ["research", "production"]),
        ("research, production", ["research", "production"]),
        (" research \r\n\r\n production ,", ["research", "production"]),
        (["012345678901\n210987654321"], ["012345678901", "210987654321"]),
        ("'012345670123'", ["012345670123"]),
        (210987654321, ["210987654321"]),
        ([12345678901], ["12345678901"]),
        ("", []),
        ([""], []),
        ([], []),
        (None, []),
    ],
)
def test_entries(value, entries):
    assert as_list(value) == entries


def test_the_filter_s_name():
    assert FilterModule().filters() == {"as_list": as_list}
