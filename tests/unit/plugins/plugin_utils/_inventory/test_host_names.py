# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._inventory.host_names import (
    distinct_names,
    valid_name,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Adas-Space.1_x", "Adas-Space.1_x"),
        ("a b\nc", "a_b_c"),
        ("{{ x }}", "___x___"),
        ("..-", ""),
        ("a,b:c!d&e", "a_b_c_d_e"),
        ("x" * 500, "x" * 126),
    ],
)
def test_valid_name(text, name):
    assert valid_name(text) == name


@pytest.mark.parametrize(
    ("names", "suffixes", "taken", "distinct"),
    [
        ([], [], (), []),
        (["a", "b"], [("1", "s.1"), ("1", "s.1")], (), ["a", "b"]),
        (["a", "a", "b"], [("1", "s.1"), ("2", "s.2"), ("1", "s.1")], (), ["a.1", "a.2", "b"]),
        (["a", "a"], [("1", "s.1"), ("1", "t.1")], (), ["a.s.1", "a.t.1"]),
        (["a", "a"], [("1", "1"), ("1", "1")], (), ["a.0", "a.1"]),
        (["a"], [("1", "s.1")], ("a",), ["a.1"]),
    ],
)
def test_equal_names_are_told_apart(names, suffixes, taken, distinct):
    assert distinct_names(names, suffixes, taken) == distinct
