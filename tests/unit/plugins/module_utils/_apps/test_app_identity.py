# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import owner_arn

from tests.unit.studio_apps import DOMAIN, KERNEL, LAB


@pytest.mark.parametrize(
    ("app", "arn"), [(LAB, "space/d-1/ada-space"), (KERNEL, "user-profile/d-1/ada")], ids=["space", "profile"]
)
def test_the_arn_of_the_owner_comes_from_that_of_the_domain(app, arn):
    assert owner_arn(app, DOMAIN) == f"arn:aws:sagemaker:eu-west-1:123456789012:{arn}"
