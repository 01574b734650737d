# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "sagemaker_domain_trusted_accounts"
ONE, TWO, THREE = "012345678901", "111111111111", "222222222222"


def trusted(endpoint, domain_id):
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    assert settings["EnableDockerAccess"] == "ENABLED"
    return sorted(settings["VpcOnlyTrustedAccounts"])


@pytest.mark.parametrize(
    ("runner", "options", "accounts", "after", "semantics"),
    [
        ("ansible", {"state": "present"}, [THREE, ONE], [ONE, TWO, THREE], "replace"),
        ("direct", {"state": "absent"}, [TWO, THREE], [ONE], "merge"),
        ("direct", {"purge_accounts": True}, [THREE], [THREE], "merge"),
    ],
    indirect=["runner"],
)
def test_check_do_check_again_do_again(endpoint, runner, options, accounts, after, semantics):
    endpoint.controls(update_semantics=semantics)
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [TWO, ONE]})
    desired = {"domains": [domain_id], "accounts": accounts, **options}

    predicted = runner.ok(MODULE, check=True, **desired)
    assert endpoint.mutating_calls() == []
    done = runner.ok(MODULE, **desired)
    assert done["changed"]
    assert done.differences == predicted.differences
    assert done.differences == [
        ({"vpc_only_trusted_accounts": [ONE, TWO]}, {"vpc_only_trusted_accounts": after}),
    ]
    assert trusted(endpoint, domain_id) == after
    for check in (True, False):
        again = runner.ok(MODULE, check=check, **desired)
        assert not again["changed"]
        assert len(endpoint.calls("UpdateDomain")) == 1


def test_order_and_duplicates_do_not_matter(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [TWO, ONE]})
    assert not direct.ok(MODULE, domains=[domain_id], accounts=[ONE, TWO, ONE], purge_accounts=True)["changed"]


def test_the_limit_applies_to_the_merged_list_before_any_update(endpoint, direct):
    twenty = [f"{number:012}" for number in range(20)]
    domain_id = endpoint.domain("full", {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": twenty})
    message = direct.fails(MODULE, domains=[domain_id], accounts=[TWO])
    assert "at most 20 accounts, this list would have 21" in message
    assert endpoint.mutating_calls() == []
