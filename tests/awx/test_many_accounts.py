# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of domains over the accounts of the inventory source: slices, limits, groups, and what an approval shows."""

from __future__ import annotations

import pytest

from tests.awx import configuration, survey_rules
from tests.awx.job import slice_of
from tests.awx.test_inventory_source import source_of, updated

ENABLE = "playbooks/enable_local_mode.yml"
REGIONS = ["eu-west-1", "us-east-1"]
SETTINGS = {"studio_awx_accounts_credential": "AWS", "studio_awx_accounts_regions": REGIONS}
EVERYTHING = {"domain_docker_access_all_domains": "true"}


@pytest.fixture
def accounts(endpoint):
    """Five accounts with a domain in each of two regions."""
    made = endpoint.organization(accounts=5, regions=REGIONS, domains=1)["accounts"]
    endpoint.clear_calls()
    return [account["id"] for account in made]


@pytest.fixture
def inventory(endpoint, accounts, tmp_path):
    found = updated(source_of("Studio accounts", SETTINGS), endpoint, tmp_path)
    endpoint.clear_calls()
    return found


def answers(template, **given):
    return survey_rules.answers(configuration.survey_of(template), EVERYTHING | given)


def updated_places(endpoint):
    return {(call.account, call.region) for call in endpoint.calls("UpdateDomain")}


@pytest.mark.parametrize("count", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_a_slice_has_accounts_with_all_of_their_regions(controller, endpoint, aws, accounts, inventory, count):
    done = []
    for number in range(1, count + 1):
        part = slice_of(inventory, number, count)
        job = controller.run(ENABLE, answers("enable domains"), inventory=part, environment=aws)
        places = updated_places(endpoint)
        endpoint.clear_calls()
        assert places == {(account, region) for account, _region in places for region in REGIONS}
        assert job.artifacts["studio_target_counts"]["changed"] == len(places)
        done += [account for account, region in places if region == REGIONS[0]]
    assert sorted(done) == accounts


@pytest.mark.slow
def test_a_limit_is_an_account_and_the_answer_region_a_region(controller, endpoint, aws, accounts, inventory):
    options = {"inventory": inventory, "environment": aws}
    limit = f"--diff --limit localhost:account_{accounts[1]}"
    controller.run(ENABLE, answers("enable domains"), arguments=limit, **options)
    assert updated_places(endpoint) == {(accounts[1], region) for region in REGIONS}
    endpoint.clear_calls()
    controller.run(ENABLE, answers("enable domains", domain_docker_access_region="us-east-1"), **options)
    assert updated_places(endpoint) == {(a, "us-east-1") for a in accounts if a != accounts[1]}
    refused = controller.launch(
        ENABLE, answers("enable domains"), arguments="--diff --limit localhost:region_us_east_1", **options
    )
    # Ansible's own refusal: the group of a region has no host.
    assert refused.status == "failed"
    assert "leaves us with no hosts to target" in refused.output
    forgotten = controller.launch(
        ENABLE, answers("enable domains"), arguments=f"--diff --limit account_{accounts[0]}", **options
    )
    assert "leaves out localhost, where this playbook does its work" in forgotten.messages
    assert f"Run it again with 'Limit': localhost,account_{accounts[0]}." in forgotten.messages


@pytest.mark.slow
def test_settings_of_a_region_are_variables_of_its_group(controller, endpoint, aws, accounts, inventory):
    """Somebody adds them in AWX to a group that the source made."""
    inventory["region_us_east_1"] = {"vars": {"domain_docker_access_enabled": False}}
    controller.run(ENABLE, answers("enable domains"), inventory=inventory, environment=aws)
    assert updated_places(endpoint) == {(account, "eu-west-1") for account in accounts}


def test_the_approval_has_totals_by_account_and_changes_what_was_audited(
    controller, endpoint, aws, accounts, inventory
):
    options = {"inventory": inventory, "environment": aws}
    denied = {"sagemaker:DescribeDomain": "*"}
    endpoint.controls(account=accounts[4], denied_actions=denied)
    audit = controller.launch(ENABLE, answers("audit domains"), arguments="--check --diff", **options)
    counts = {"total": 2, "changed": 2, "unchanged": 0, "failed": 0}
    failed = {"total": 2, "changed": 0, "unchanged": 0, "failed": 2}
    assert audit.artifacts["studio_domain_counts_by_account"] == {
        **dict.fromkeys(accounts[:4], counts),
        accounts[4]: failed,
    }
    summary = audit.output[audit.output.index("TASK [Summary]") :]
    assert f"  {accounts[0]}: 2 domains: 2 would change" in summary
    assert f"  {accounts[4]}: 2 domains: 2 failed" in summary
    assert updated_places(endpoint) == set()
    endpoint.controls(account=accounts[4], denied_actions={})
    controller.run(ENABLE, answers("enable domains") | audit.artifacts, **options)
    assert updated_places(endpoint) == {(account, region) for account in accounts for region in REGIONS}
