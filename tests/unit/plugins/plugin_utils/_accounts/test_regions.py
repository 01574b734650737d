# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.regions import (
    must_be_asked,
    of_the_organization,
    refuse_unused,
    regions_of,
)

STATUSES = {
    "eu-west-1": "ENABLED_BY_DEFAULT",
    "eu-south-1": "ENABLED",
    "me-south-1": "ENABLING",
    "af-south-1": "DISABLED",
}


@pytest.mark.parametrize(
    ("regions", "only_enabled", "expected"),
    [
        (["eu-west-1", "us-east-1"], True, False),
        (["eu-west-1", "eu-south-1"], True, True),
        (["eu-west-1", "eu-south-1"], False, False),
        (["all"], False, True),
        (["cn-north-1"], True, False),
        (["eu-wst-1"], True, True),
    ],
)
def test_an_account_is_asked_only_where_its_answer_matters(regions, only_enabled, expected):
    assert must_be_asked(regions, only_enabled) is expected


def test_the_regions_of_an_account():
    wanted = ["eu-west-1", "eu-south-1", "me-south-1", "af-south-1"]
    assert regions_of(wanted, None) == wanted
    assert regions_of(wanted, STATUSES) == ["eu-west-1", "eu-south-1"]
    assert regions_of(["all"], STATUSES) == ["eu-west-1", "eu-south-1"]


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ("af-south-1", "Enable it with `aws account enable-region --region-name af-south-1`"),
        ("eu-wst-1", "Did you mean eu-west-1"),
    ],
)
def test_a_region_that_no_account_has(region, message):
    refuse_unused(["eu-south-1", "all"], [STATUSES, {"eu-south-1": "DISABLED"}])
    with pytest.raises(SelectionError) as raised:
        refuse_unused([region], [STATUSES, STATUSES])
    assert f"none of the 2 selected accounts has enabled {region}. {message}" in str(raised.value)


@pytest.mark.parametrize(
    ("regions", "expected"),
    [(["all"], "us-east-1"), (["eu-west-1"], "us-east-1"), (["cn-north-1"], "cn-north-1")],
)
def test_the_organization_is_asked_in_the_partition_of_its_regions(regions, expected):
    assert of_the_organization(regions) == expected
