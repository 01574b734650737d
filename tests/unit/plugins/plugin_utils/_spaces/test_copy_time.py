# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.copy_time import announcement


@pytest.mark.parametrize(("size", "time"), [(700_000, "about 1 s"), (70_000_000, "about 1.7 minutes")])
def test_announcement(size, time):
    text = announcement("lab", size)
    assert text.startswith(f"lab: copying {size / 1e6:.1f} MB")
    assert time in text
