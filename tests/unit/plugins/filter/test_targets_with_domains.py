# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The domains of each target."""

from __future__ import annotations

from ansible_collections.mlops.studio_local_mode.plugins.filter.targets_with_domains import targets_with_domains

TARGETS = [{"name": "one", "region": "eu-west-1", "options": {"all_domains": True}}, {"name": "two"}, {"name": "three"}]
RESULTS = [
    {"target": "two", "domain_id": "d-2"},
    {"target": "one", "domain_id": "d-1"},
    {"target": "two", "domain_id": "d-2"},
    {"target": "two", "domain_id": "d-3"},
]


def test_targets_without_a_result_are_left_out():
    assert targets_with_domains(TARGETS, RESULTS) == [
        {"name": "one", "region": "eu-west-1", "options": {"domains": ["d-1"]}},
        {"name": "two", "options": {"domains": ["d-2", "d-3"]}},
    ]
    assert targets_with_domains(TARGETS, []) == []


def test_other_options_may_stay():
    targets = [{"name": "one", "options": {"owners": ["ada"], "domains": ["*"]}}]
    [target] = targets_with_domains(targets, RESULTS, keep_options=True)
    assert target["options"] == {"owners": ["ada"], "domains": ["d-1"]}
