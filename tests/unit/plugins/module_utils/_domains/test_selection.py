# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import selection
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import DomainSelection

DOMAINS = [
    {"DomainId": "d-aaa", "DomainName": "research", "Status": "InService"},
    {"DomainId": "d-bbb", "DomainName": "twin", "Status": "InService"},
    {"DomainId": "d-ccc", "DomainName": "twin", "Status": "Updating"},
    {"DomainId": "d-ddd", "DomainName": "d-names-itself-so", "Status": "InService"},
    {"DomainId": "d-eee", "DomainName": "d-aaa", "Status": "InService"},
]
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-abc"


def matched(names, exclude=(), domains=DOMAINS):
    found = selection.match(DomainSelection(names, exclude=exclude), domains, "eu-west-1")
    return {item.domain_id: item.by_name for item in found}


def refused(*args, **kwargs):
    with pytest.raises(ResourceError) as raised:
        matched(*args, **kwargs)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("d-abc", True), ("d-a-b", True), ("research", False), ("d-", False), ("d-ABC", False), ("xd-abc", False)],
)
def test_looks_like_id(text, expected):
    assert selection.looks_like_id(text) is expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["research"], {"d-aaa": True}),
        (["d-bbb", "research"], {"d-bbb": True, "d-aaa": True}),
        (["d-names-itself-so"], {"d-ddd": True}),
        (["research", "d-aaa"], {"d-aaa": True}),
        (["tw*"], {"d-bbb": False, "d-ccc": False}),
        (["?esearch", "[d]-n*"], {"d-aaa": False, "d-ddd": False}),
        (["res*", "research"], {"d-aaa": True}),
        (None, dict.fromkeys(["d-aaa", "d-bbb", "d-ccc", "d-ddd", "d-eee"], False)),
    ],
    ids=["name", "mixed-in-order", "name-like-an-id", "duplicate", "pattern", "patterns", "pattern-and-name", "all"],
)
def test_match(names, expected):
    assert list(matched(names).items()) == list(expected.items())


def test_an_id_wins_over_an_equal_name():
    assert matched(["d-aaa"]) == {"d-aaa": True}


@pytest.mark.parametrize("exclude", [["research"], ["d-aaa"], ["res*"], ["res*", "nothing-*"]])
def test_exclude(exclude):
    assert matched(["research", "d-bbb"], exclude) == {"d-bbb": True}


def test_an_ambiguous_name_excludes_all_its_domains():
    assert set(matched(None, ["twin"])) == {"d-aaa", "d-ddd", "d-eee"}


def test_a_name_that_excludes_nothing_is_a_problem():
    assert refused(None, ["reserach"]).startswith("exclude: no domain has the ID or the name 'reserach'. The region")


@pytest.mark.parametrize("status", ["Failed", "Deleting", "Delete_Failed"])
def test_an_unusable_domain_does_not_make_a_name_ambiguous(status):
    leftover = {"DomainId": "d-fff", "DomainName": "research", "Status": status}
    assert matched(["research"], domains=[leftover, *DOMAINS]) == {"d-aaa": True}
    assert matched(["research"], domains=[leftover]) == {"d-fff": True}
    assert "2 domains have the name 'research'" in refused(["research"], domains=[leftover, leftover])


def test_all_problems_are_named_at_once():
    message = refused(["twin", "nobody", "d-zzz", "x*"])
    assert "2 domains have the name 'twin', use the ID instead: d-bbb, d-ccc" in message
    assert "'nobody'" in message
    assert "'d-zzz'" in message
    assert "no domain's name matches the pattern 'x*'" in message
    assert "The region eu-west-1 has 5: research (d-aaa)" in message


def test_a_region_without_domains():
    assert "eu-west-1 has no domain: check region and account" in refused(["research"], domains=[])


def test_a_long_list_of_domains_is_shortened():
    many = [{"DomainId": f"d-{n}", "DomainName": f"n{n}", "Status": "InService"} for n in range(25)]
    message = refused(["nobody"], domains=many)
    assert "has 25: " in message
    assert " and 15 more" in message


def test_an_arn_is_its_id():
    assert selection.without_arns([ARN, "research"], "eu-west-1") == ("d-abc", "research")
    with pytest.raises(ResourceError, match=f"{ARN}: the region of this task is us-east-1"):
        selection.without_arns([ARN], "us-east-1")


def test_arns_of_other_targets_are_left_out():
    own = ARN.split(":")[4]
    assert selection.without_arns([ARN, "research"], "eu-west-1", own) == ("d-abc", "research")
    assert selection.without_arns([ARN, "research"], "us-east-1", own) == ("research",)
    assert selection.without_arns([ARN], "eu-west-1", "999999999999") == ()


@pytest.mark.parametrize(
    ("names", "options", "expected"),
    [
        (("d-abc", "d-def"), {}, True),
        (("d-abc", "research"), {}, False),
        (None, {}, False),
        (("d-abc",), {"tags": {"team": "x"}}, False),
        (("d-abc",), {"exclude": ("d-abc",)}, False),
    ],
)
def test_ids_need_no_list(names, options, expected):
    assert DomainSelection(names, **options).has_ids_only is expected


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ({"Status": "InService"}, None),
        ({"Status": "Update_Failed"}, None),
        ({"Status": "Failed"}, "it is Failed"),
        (
            {"Status": "InService", "DomainSettings": {"UnifiedStudioSettings": {"StudioWebPortalAccess": "DISABLED"}}},
            None,
        ),
        (
            {"Status": "InService", "DomainSettings": {"UnifiedStudioSettings": {"DomainId": "dzd-1"}}},
            "Amazon SageMaker Unified Studio manages it",
        ),
    ],
)
def test_skip_reason(domain, reason):
    assert selection.skip_reason(domain) == reason
