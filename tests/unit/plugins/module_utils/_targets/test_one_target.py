# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with targets, as far as they tell it themselves."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets import target as targets

ROLE = "arn:aws:iam::111122223333:role/studio"
GOOD = {"name": "one", "region": "eu-west-1", "role_arn": ROLE}


def problems(*values: dict) -> str:
    return " ".join(targets.problems([targets.of(one) for one in values]))


def test_the_account_is_that_of_the_role():
    assert targets.of(GOOD).account_id == "111122223333"
    assert targets.of({"name": "own", "region": "eu-west-1"}).account_id is None


def test_an_empty_text_is_no_value():
    target = targets.of({**GOOD, "external_id": "", "account_id": " ", "session_name": ""})
    assert (target.external_id, target.account_id, target.session_name) == (None, "111122223333", "studio-local-mode")


@pytest.mark.parametrize(
    "values",
    [
        GOOD,
        {**GOOD, "account_id": "111122223333", "external_id": "x9"},
        {**GOOD, "role_arn": "arn:aws:iam::111122223333:role/path/of/the/role"},
        {**GOOD, "role_arn": "arn:aws-cn:iam::111122223333:role/studio", "region": "cn-north-1"},
        {**GOOD, "role_arn": "arn:aws-us-gov:iam::111122223333:role/studio", "region": "us-gov-west-1"},
        {**GOOD, "region": "ap-southeast-7"},
    ],
)
def test_a_target_without_problems(values):
    assert problems(values) == ""


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({**GOOD, "region": ""}, "one: its region is ''"),
        ({**GOOD, "region": "EU-WEST-1"}, "one: its region is 'EU-WEST-1'"),
        ({**GOOD, "account_id": "1111-2222-3333"}, "account_id is '1111-2222-3333', not a text of 12 digits"),
        ({**GOOD, "account_id": "11122223333"}, "has 11 digits, YAML drops the leading zeros of a number"),
        ({**GOOD, "role_arn": "arn:aws:iam::111122223333:user/studio"}, "not an ARN such as arn:aws:iam"),
        ({**GOOD, "role_arn": "arn:aws:iam::111122223333:role/"}, "not an ARN such as arn:aws:iam"),
        ({**GOOD, "region": "us-gov-west-1"}, "the partition aws, and its region us-gov-west-1 to aws-us-gov"),
        (
            {"name": "one", "region": "eu-west-1", "external_id": "x9"},
            "one: external_id has no effect without role_arn.",
        ),
        ({**GOOD, "name": ""}, "A target without a name: give it a name."),
    ],
)
def test_each_problem_names_the_target(values, text):
    assert text in problems(values)


def test_one_account_in_two_regions_is_two_targets():
    assert problems(GOOD, {**GOOD, "name": "two", "region": "us-east-1"}) == ""
    assert "one and two are the same account and region" in problems(GOOD, {**GOOD, "name": "two"})


def test_no_target():
    assert problems().startswith("There is no target: targets is empty.")
