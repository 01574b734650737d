# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs import script


def test_content_is_accepted_up_to_the_limit():
    assert base64.b64decode(script.encode(b"x" * 12288)) == b"x" * 12288
    with pytest.raises(SettingsError, match=r"1000 more than SageMaker's limit of 16384\. Shorten it by 750 bytes"):
        script.encode(b"x" * 13038)
    with pytest.raises(SettingsError, match="empty"):
        script.encode(b"\n")
