# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import domain_tags

FIFTY = {f"key-{number}": "x" for number in range(50)}


def test_values_become_strings():
    assert domain_tags.validate({"a": 4711, 5: True, "empty": None}) == {"a": "4711", "5": "True", "empty": ""}


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"aws:team": "x"}, "'aws:team' begins with aws:, which AWS reserves"),
        ({"": "x"}, "the key '' has 0 characters, it must have 1 to 128"),
        ({"k" * 129: "x"}, "has 129 characters"),
        ({"k": "x" * 257}, "the value of 'k' has 257 characters, at most 256"),
        ({**FIFTY, "one-more": "x"}, "at most 50 tags, 51 were given"),
    ],
)
def test_invalid_tags_are_named(tags, says):
    with pytest.raises(SettingsError) as raised:
        domain_tags.validate(tags)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("desired", "purge", "after"),
    [
        (None, True, {"team": "platform", "aws:owner": "cloudformation"}),
        ({}, False, {"team": "platform", "aws:owner": "cloudformation"}),
        ({}, True, {"aws:owner": "cloudformation"}),
        ({"new": "x"}, True, {"new": "x", "aws:owner": "cloudformation"}),
        ({"new": "x"}, False, {"team": "platform", "new": "x", "aws:owner": "cloudformation"}),
        ({"team": "data"}, True, {"team": "data", "aws:owner": "cloudformation"}),
    ],
    ids=["none", "empty", "purged", "replaced", "added", "changed"],
)
def test_tags_after_the_changes(desired, purge, after):
    current = {"team": "platform", "aws:owner": "cloudformation"}
    assert domain_tags.after(current, *domain_tags.changes(current, desired, purge)) == after
    assert domain_tags.changes(after, desired, purge) == ({}, [])


def test_the_limit_applies_to_the_merged_tags():
    assert len(domain_tags.after({**FIFTY, "aws:owner": "x"}, {"key-0": "y"}, [])) == 51
    with pytest.raises(SettingsError, match="at most 50 tags, with its present tags it would have 51"):
        domain_tags.after(FIFTY, {"one-more": "x"}, [])
