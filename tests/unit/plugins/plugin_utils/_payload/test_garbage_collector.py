# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import gc

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._payload.garbage_collector import (
    paused_collector,
)


@pytest.fixture(autouse=True)
def enabled():
    yield
    gc.enable()


def test_it_is_paused_and_goes_on_also_after_an_error():
    with contextlib.suppress(ValueError), paused_collector():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_a_user_s_own_setting_stays():
    gc.disable()
    with paused_collector():
        assert not gc.isenabled()
    assert not gc.isenabled()
