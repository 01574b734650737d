# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.filter.docker_cli_series import FilterModule, docker_cli_series


@pytest.mark.parametrize(
    ("version", "codename", "series"),
    [
        ("20.10", "jammy", "20.10"),
        ("20.10", "bullseye", "20.10"),
        ("20.10", "noble", "28"),
        ("27", "noble", "27"),
        ("20.10.24", "noble", "20.10.24"),
    ],
)
def test_series(version, codename, series):
    assert docker_cli_series(version, codename) == series


def test_the_filter_s_name():
    assert FilterModule().filters() == {"docker_cli_series": docker_cli_series}
