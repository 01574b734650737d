# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import select

DOMAINS = [
    {"DomainId": "d-aaa", "DomainName": "research"},
    {"DomainId": "d-bbb", "DomainName": "twin"},
    {"DomainId": "d-ccc", "DomainName": "twin"},
    {"DomainId": "d-ddd", "DomainName": "d-names-itself-so"},
    {"DomainId": "d-eee", "DomainName": "d-aaa"},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("d-abc", True), ("d-a-b", True), ("research", False), ("d-", False), ("d-ABC", False), ("xd-abc", False)],
)
def test_looks_like_id(text, expected):
    assert select.looks_like_id(text) is expected


@pytest.mark.parametrize(
    ("requested", "ids"),
    [
        (["research"], ["d-aaa"]),
        (["d-bbb", "research"], ["d-bbb", "d-aaa"]),
        (["d-names-itself-so"], ["d-ddd"]),
        (["research", "d-aaa"], ["d-aaa"]),
    ],
    ids=["name", "mixed-in-order", "name-like-an-id", "twice-the-same"],
)
def test_match(requested, ids):
    assert select.match(requested, DOMAINS, "eu-west-1") == ids


def test_an_id_wins_over_an_equal_name():
    assert select.match(["d-aaa"], DOMAINS, "eu-west-1") == ["d-aaa"]


def test_all_problems_are_named_at_once():
    with pytest.raises(ResourceError) as raised:
        select.match(["twin", "nobody", "d-zzz"], DOMAINS, "eu-west-1")
    message = str(raised.value)
    assert "2 domains have the name 'twin', use the ID instead: d-bbb, d-ccc" in message
    assert "'nobody'" in message
    assert "'d-zzz'" in message
    assert "The region eu-west-1 has 5: research (d-aaa)" in message


def test_a_region_without_domains():
    with pytest.raises(ResourceError, match="us-east-9 has no domain: check region and account"):
        select.match(["research"], [], "us-east-9")


def test_a_long_list_of_domains_is_shortened():
    many = [{"DomainId": f"d-{n}", "DomainName": f"n{n}"} for n in range(25)]
    with pytest.raises(ResourceError, match=r"has 25: .* and 15 more"):
        select.match(["nobody"], many, "eu-west-1")
