# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._spaces.select import SpaceSelection

SPACE = {"SpaceName": "ada-lab", "OwnershipSettingsSummary": {"OwnerUserProfileName": "ada"}}
SHARED = {"SpaceName": "team"}


@pytest.mark.parametrize(
    ("options", "space", "selected"),
    [
        ({}, SPACE, True),
        ({}, SHARED, True),
        ({"names": ("ada-*",)}, SPACE, True),
        ({"names": ("ada",)}, SPACE, False),
        ({"names": ()}, SPACE, False),
        ({"owners": ("a?a",)}, SPACE, True),
        ({"owners": ("*",)}, SHARED, False),
        ({"names": ("ada-lab",), "owners": ("bob",)}, SPACE, False),
    ],
)
def test_names_and_owners(options, space, selected):
    assert SpaceSelection(**options).matches(space) is selected


@pytest.mark.parametrize(
    ("requested", "tags", "selected"),
    [(None, {}, True), ({"a": "1"}, {"a": "1", "b": "2"}, True), ({"a": "1"}, {"a": "2"}, False)],
)
def test_tags(requested, tags, selected):
    assert SpaceSelection(tags=requested).matches_tags(tags) is selected


def test_what_selects_no_space_is_named_with_its_option():
    selection = SpaceSelection(("ada-lab", "x-*"), ("eve", "ada"))
    assert selection.unknown([SPACE, SHARED]) == ["spaces: 'x-*'", "owners: 'eve'"]
