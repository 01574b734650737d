# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.filter.as_version import FilterModule, as_version


@pytest.mark.parametrize(
    ("value", "version"),
    [
        ("20.10", "20.10"),
        (20.10, "20.10"),
        (2, "2"),
        (26.1, "26.1"),
        (28.0, "28.0"),
        ("20.10.24", "20.10.24"),
        # Text is what somebody wrote; the module says what is wrong with it.
        ("20.1", "20.1"),
    ],
)
def test_version(value, version):
    assert as_version(value) == version


def test_the_filter_s_name():
    assert FilterModule().filters() == {"as_version": as_version}
