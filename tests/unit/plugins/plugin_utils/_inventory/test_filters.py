# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleParserError
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._inventory import filters


@pytest.mark.parametrize(
    ("items", "accepted"),
    [
        ([], True),
        ([{"include": "no"}], True),
        ([{"exclude": "yes"}], False),
        ([{"include": "yes"}, {"exclude": True}], True),
        ([{"include": "no"}, {"exclude": True}], False),
        ([{"exclude": "no"}, {"include": False}], True),
    ],
)
def test_the_first_true_filter_decides(items, accepted):
    assert filters.accepts(filters.parse(items), lambda condition: condition == "yes") is accepted


@pytest.mark.parametrize("item", ["x", {}, {"include": "a", "exclude": "b"}, {"keep": "a"}, {"include": 1}])
def test_any_other_form_is_an_error_that_has_its_number(item):
    with pytest.raises(AnsibleParserError, match="item 2"):
        filters.parse([{"include": "a"}, item])
