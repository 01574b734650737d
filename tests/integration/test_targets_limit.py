# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which targets a run works on: limits, regions, accounts with several regions, and inventories that failed."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.integration.test_targets_playbooks import EU, Fleet

US = "us-east-1"
ONE, TWO, THREE = "111100000001", "111100000002", "111100000003"
PLAYBOOKS = (
    "enable_local_mode",
    "disable_local_mode",
    "trusted_accounts",
    "restart_apps",
    "roll_back_domains",
    "audit_drift",
    "fleet_report",
    "check_local_mode",
    "show_settings",
)


@pytest.fixture
def fleet(endpoint, tmp_path):
    return Fleet(endpoint, tmp_path)


@pytest.fixture
def accounts(fleet):
    """The same accounts, each as one host with two regions."""
    del fleet.group_variables["studio_target_region"]
    fleet.group_variables["studio_target_regions"] = [EU, US]
    for account in fleet.accounts:
        fleet.endpoint.at(account["id"], US).domain("american")
    fleet.endpoint.clear_calls()
    return fleet


def text_of(run) -> str:
    return " ".join(run.output.split())


def updated(fleet) -> set[tuple[str, str]]:
    return {(call.account, call.region) for call in fleet.endpoint.calls("UpdateDomain")}


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_limit_without_localhost_is_refused_with_the_command(fleet, playbook):
    """Ansible skips a play whose hosts the limit leaves out, and succeeds."""
    run = fleet.run(playbook, "--limit=production:!team-01")
    assert run.code == 2
    assert "--limit 'localhost,production:!team-01'" in text_of(run)
    assert fleet.endpoint.calls() == []


def test_an_intersection_is_refused_with_the_names_of_its_hosts(fleet):
    run = fleet.run("enable_local_mode", "--limit=production:&team-02")
    assert "--limit localhost,team-02" in text_of(run)
    assert fleet.run("enable_local_mode", "--limit=localhost,team-02").code == 0
    assert updated(fleet) == {(TWO, EU)}


def test_a_limit_to_no_target_is_refused(fleet):
    run = fleet.run("enable_local_mode", "--limit=localhost")
    assert run.code != 0
    assert "leaves us with no hosts to target" in text_of(run)


def test_the_region_of_the_domains_selects_targets(accounts):
    run = accounts.run("enable_local_mode", domain_docker_access_region=US)
    assert run.code == 0, run.output
    assert updated(accounts) == {(account, US) for account in (ONE, TWO, THREE)}
    refused = accounts.run("enable_local_mode", domain_docker_access_region="eu-central-1")
    assert refused.code == 2
    assert "none of the inventory's is in the region eu-central-1" in text_of(refused)


def test_an_account_with_two_regions_is_two_targets_with_the_variables_of_their_regions(accounts):
    accounts.groups["region_us_east_1"] = {"vars": {"domain_docker_access_enabled": False}, "hosts": {}}
    trusted = "{{ ['012345678901'] if studio_target_region == 'eu-west-1' else [] }}"
    accounts.groups["production"]["vars"]["domain_docker_access_trusted_accounts"] = trusted
    shown = accounts.run("show_settings")
    assert "team-01.us-east-1 (arn:aws:iam::111100000001" in text_of(shown)
    assert "domain_docker_access_enabled: false, from group region_us_east_1" in text_of(shown)
    run = accounts.run("enable_local_mode", "--limit=localhost,production")
    assert run.code == 0, run.output
    assert updated(accounts) == {(account, EU) for account in (ONE, TWO)}
    assert run.artifacts["studio_targets_by_outcome"]["changed"] == ["team-01.eu-west-1", "team-02.eu-west-1"]
    # The artifacts name the targets, so that the next job and a roll-back find them.
    approved = accounts.run(
        "disable_local_mode",
        **{
            name: run.artifacts[name]
            for name in ("domain_docker_access_domain_ids", "domain_docker_access_domain_targets")
        },
    )
    assert approved.code == 0, approved.output
    back = accounts.run(
        "roll_back_domains",
        domain_docker_access_previous_settings=approved.artifacts["domain_docker_access_previous_settings"],
    )
    assert back.code == 0, back.output
    assert accounts.access()["team-01"] == accounts.access()["team-02"] == {True}


def test_a_host_with_one_and_several_regions_is_refused(accounts):
    accounts.groups["production"]["hosts"]["team-01"]["studio_target_region"] = EU
    run = accounts.run("enable_local_mode")
    assert "team-01: set one of studio_target_region and studio_target_regions." in text_of(run)


def test_targets_that_an_inventory_could_not_list_stop_the_run(fleet, tmp_path):
    """Ansible would go on with the targets of the other inventory."""
    source = tmp_path / "studio_accounts.yml"
    options = {"plugin": "mlops.studio_local_mode.studio_accounts", "accounts": ["team-9"], "role_name": "x"}
    source.write_text(yaml.safe_dump({**options, "regions": [EU]}))
    run = fleet.run("enable_local_mode", f"--inventory={source}")
    assert run.code == 2
    failure = text_of(run)[text_of(run).index("TASK [") :]
    assert "could not be listed: accounts: no account in the selected organizational units has the ID" in failure
    assert updated(fleet) == set()


@pytest.mark.parametrize(
    "playbook", [*PLAYBOOKS[-3:], *(pytest.param(playbook, marks=pytest.mark.slow) for playbook in PLAYBOOKS[:-3])]
)
@pytest.mark.parametrize("is_unread", [True, False], ids=["the inventory failed", "nobody added a host"])
def test_without_any_target_the_account_of_the_credentials_is_no_substitute(fleet, tmp_path, playbook, is_unread):
    """A wrong unit, a suspended account or a throttled call leaves the group empty, and Ansible goes on."""
    fleet.endpoint.domain("of-the-credentials")
    fleet.groups.clear()
    options = {"plugin": "mlops.studio_local_mode.studio_accounts", "accounts": ["team-9"], "role_name": "x"}
    (tmp_path / "studio_accounts.yml").write_text(yaml.safe_dump({**options, "regions": [EU]}))
    source = [f"--inventory={tmp_path / 'studio_accounts.yml'}"] if is_unread else []
    fleet.endpoint.clear_calls()
    run = fleet.run(
        playbook,
        *source,
        domain_docker_access_accounts=["012345678901"],
        domain_docker_access_previous_settings={"d-abcdefghijkl": {"target": "team-01"}},
        report_path=str(tmp_path / "report.json"),
    )
    assert run.code == 2, run.output
    says = "could not be listed: accounts: no account in the selected" if is_unread else "There is no target: the group"
    failure = text_of(run)[text_of(run).index("TASK [") :]
    assert says in failure
    assert fleet.endpoint.calls("ListDomains") == fleet.endpoint.calls("DescribeDomain") == []
    if playbook == "fleet_report":
        [region] = json.loads((tmp_path / "report.json").read_text())["regions"]
        assert says in region["error"]
