# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of targets against the AWS endpoint: hosts, variables, calls, and what bad input says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import iam_policies
from tests.integration.inventories import Parser
from tests.sandbox import layout

PLUGIN = "mlops.studio_local_mode.studio_accounts"
ROLE = {"role_name": "studio-local-mode"}
ORGANIZATION = [
    {"name": "prod-a", "unit": "Workloads/Prod", "tags": {"team": "blue", "stage": "prod"}},
    {"name": "prod-b", "unit": "Workloads/Prod", "tags": {"team": "green", "stage": "prod"}},
    {"name": "dev-a", "unit": "Workloads/Dev", "tags": {"team": "blue", "stage": "dev"}},
    {"name": "blue-dev", "unit": "Workloads/Dev/Blue", "regions": {"eu-south-1": "ENABLED"}},
    {"name": "closed", "unit": "Workloads/Dev", "state": "SUSPENDED"},
    {"name": "closing", "unit": "Workloads/Dev", "state": "PENDING_CLOSURE"},
    {"name": "sandbox", "unit": "Sandbox"},
    {"name": "at-root"},
]


@pytest.fixture
def inventory(endpoint, tmp_path, monkeypatch, capfd):
    parser = Parser(endpoint, tmp_path, monkeypatch, capfd)

    def parse(name="studio_accounts.yml", *, refresh=False, **options):
        return parser.parse((name, {"plugin": PLUGIN, **ROLE, **options}), refresh=refresh)

    return parse


def targets(found):
    return found.groups.get("studio_targets", [])


def accounts(found):
    """The names of the accounts, in a region that all have."""
    return {name.partition(".")[0] for name in targets(found)}


def counted(endpoint):
    return Counter(call.operation for call in endpoint.calls())


def test_each_account_and_region_is_a_host_with_the_role_to_assume(endpoint, inventory):
    endpoint.organization(accounts=ORGANIZATION[:1])
    found = inventory(regions=["eu-west-1", "us-east-1"], external_id="secret")
    assert found.groups == {
        "all": ["prod-a.eu-west-1", "prod-a.us-east-1"],
        "studio_targets": ["prod-a.eu-west-1", "prod-a.us-east-1"],
        "ungrouped": [],
    }
    variables = found.variables("prod-a.us-east-1")
    assert {name: value for name, value in variables.items() if not name.startswith("inventory_")} == {
        "ansible_connection": "local",
        "studio_target_account_id": "111100000001",
        "studio_target_account_name": "prod-a",
        "studio_target_organizational_unit": "Root/Workloads/Prod",
        "studio_target_partition": "aws",
        "studio_target_region": "us-east-1",
        "studio_target_role_arn": "arn:aws:iam::111100000001:role/studio-local-mode",
        "studio_target_external_id": "secret",
        "studio_target_session_name": "studio-local-mode",
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "prod-a prod-b dev-a blue-dev sandbox at-root"),
        ({"organizational_units": ["Workloads/Dev"]}, "dev-a blue-dev"),
        ({"organizational_units": ["Root/Workloads/Dev/"]}, "dev-a blue-dev"),
        ({"organizational_units": ["Workloads/Dev"], "recursive": False}, "dev-a"),
        ({"organizational_units": ["Blue", "Prod"]}, "prod-a prod-b blue-dev"),
        ({"organizational_units": ["Workloads"], "exclude_organizational_units": ["Dev"]}, "prod-a prod-b"),
        ({"accounts": ["prod-*", "111100000003"]}, "prod-a prod-b dev-a"),
        ({"accounts": ["*"], "exclude_accounts": ["prod-*", "at-root"]}, "dev-a blue-dev sandbox"),
        ({"account_tags": {"team": "blue"}}, "prod-a dev-a"),
        ({"account_states": ["PENDING_CLOSURE"]}, "closing"),
        ({"accounts": ["management"]}, "management"),
        (
            {"organizational_units": ["Root"], "recursive": False, "include_management_account": True},
            "at-root management",
        ),
        ({"filters": [{"exclude": "'Dev' in studio_target_organizational_unit"}], "accounts": ["*-a"]}, "prod-a"),
    ],
    ids=str,
)
def test_selected_accounts(endpoint, inventory, options, expected):
    endpoint.organization(accounts=ORGANIZATION)
    assert accounts(inventory(**options)) == set(expected.split())


def test_units_are_selected_by_id(endpoint, inventory):
    made = endpoint.organization(accounts=ORGANIZATION)
    assert accounts(inventory(organizational_units=[made["units"]["Workloads/Prod"]])) == {"prod-a", "prod-b"}


def test_a_region_is_listed_where_it_is_enabled(endpoint, inventory):
    endpoint.organization(accounts=ORGANIZATION[:4])
    found = inventory(regions=["eu-west-1", "eu-south-1"])
    assert [name for name in targets(found) if name.endswith("eu-south-1")] == ["blue-dev.eu-south-1"]
    assert len(targets(found)) == 5
    unasked = inventory(regions=["eu-west-1", "eu-south-1"], only_enabled_regions=False)
    assert len(targets(unasked)) == 8
    everywhere = inventory(regions=["all"], accounts=["blue-dev"])
    assert {"blue-dev.eu-south-1", "blue-dev.eu-west-1"} <= set(targets(everywhere))
    assert len(targets(everywhere)) == 18


def test_an_organization_of_another_partition_is_asked_there(endpoint, inventory, monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    inventory(regions=["cn-north-1"])
    asked = {call.region for call in endpoint.calls("ListRoots")}
    assert asked
    assert asked <= {"cn-north-1", "cn-northwest-1"}


def test_the_role_is_a_template_over_the_account(endpoint, inventory):
    endpoint.organization(accounts=ORGANIZATION[:4])
    path = "{{ studio_target_account_tags.stage }}/studio"
    arn = "arn:{{ studio_target_partition }}:iam::{{ studio_target_account_id }}:role/" + path
    found = inventory(role_name=None, role_arn=arn, include_account_tags=True)
    assert accounts(found) == {"prod-a", "prod-b", "dev-a"}
    assert "blue-dev" in found.warnings
    assert "The account is left out" in found.warnings
    variables = found.variables("dev-a.eu-west-1")
    assert variables["studio_target_role_arn"] == "arn:aws:iam::111100000003:role/dev/studio"
    assert variables["studio_target_account_tags"] == {"team": "blue", "stage": "dev"}
    strict = inventory(role_name=None, role_arn=arn, include_account_tags=True, strict=True)
    assert targets(strict) == []


def test_groups_for_settings(endpoint, inventory):
    endpoint.organization(accounts=ORGANIZATION[:3])
    found = inventory(
        regions=["eu-west-1", "us-east-1"],
        keyed_groups=[
            {"prefix": "unit", "key": "studio_target_organizational_unit"},
            {"prefix": "region", "key": "studio_target_region"},
        ],
    )
    assert found.groups["unit_Root_Workloads_Dev"] == ["dev-a.eu-west-1", "dev-a.us-east-1"]
    assert found.groups["region_us_east_1"] == ["dev-a.us-east-1", "prod-a.us-east-1", "prod-b.us-east-1"]


def test_an_account_may_be_one_host_with_its_regions(endpoint, inventory):
    endpoint.organization(accounts=[*ORGANIZATION[:4], {"name": "prod-a"}])
    found = inventory(one_host_per="account", regions=["eu-west-1", "eu-south-1"])
    assert sorted(targets(found)) == ["blue-dev", "dev-a", "prod-a.111100000001", "prod-a.111100000005", "prod-b"]
    assert found.variables("blue-dev")["studio_target_regions"] == ["eu-west-1", "eu-south-1"]
    assert found.variables("dev-a")["studio_target_regions"] == ["eu-west-1"]
    assert "studio_target_region" not in found.variables("dev-a")
    assert found.groups["region_eu_south_1"] == []
    none = inventory(one_host_per="account", regions=["eu-south-1"], accounts=["dev-a"])
    assert "none of the 1 selected accounts has enabled eu-south-1" in none.warnings


def test_forty_accounts_and_three_regions_cost_few_calls(endpoint, inventory):
    endpoint.organization(accounts=40, units=["Workloads/Prod", "Workloads/Dev"])
    endpoint.clear_calls()
    assert len(targets(inventory(regions=["eu-west-1", "eu-central-1", "us-east-1"]))) == 120
    assert counted(endpoint) == {"ListRoots": 1, "ListOrganizationalUnitsForParent": 4, "ListAccountsForParent": 4}
    endpoint.clear_calls()
    found = inventory(organizational_units=["Workloads/Prod"], regions=["eu-west-1", "eu-central-1", "us-east-1"])
    assert len(targets(found)) == 60
    assert counted(endpoint) == {"ListRoots": 1, "ListOrganizationalUnitsForParent": 3, "ListAccountsForParent": 1}


def test_the_iam_policies_allow_the_calls_and_nothing_else(endpoint, inventory):
    endpoint.organization(accounts=ORGANIZATION[:4])
    inventory()
    assert iam_policies.not_allowed(endpoint.calls(), "studio_accounts") == set()
    assert iam_policies.unused(endpoint.calls(), "studio_accounts") == set()
    inventory(include_account_tags=True, regions=["eu-south-1"])
    # No policy is needed for GetCallerIdentity, and none can deny it.
    calls = [call for call in endpoint.calls() if call.operation != "GetCallerIdentity"]
    assert iam_policies.not_allowed(calls, "studio_accounts", "studio_accounts_details") == set()
    assert iam_policies.unused(calls, "studio_accounts", "studio_accounts_details") == set()


def test_the_cache_keeps_the_answers_and_a_refresh_reads_them_again(endpoint, inventory, tmp_path):
    endpoint.organization(accounts=ORGANIZATION[:2])
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    options = {"include_account_tags": True, "regions": ["eu-west-1", "me-south-1"], "only_enabled_regions": True}
    endpoint.region_status("111100000001", me_south_1="ENABLED")
    before = inventory(**cache, **options)
    endpoint.clear_calls()
    again = inventory(**cache, **options, session_name="another")
    assert endpoint.calls() == []
    assert again.groups == before.groups
    assert again.variables("prod-a.me-south-1")["studio_target_account_tags"] == {"team": "blue", "stage": "prod"}
    inventory(**cache, **options, refresh=True)
    assert endpoint.calls("ListRoots")


def test_a_delegated_administrator_lists_the_organization_with_a_role(endpoint, inventory):
    made = endpoint.organization(
        accounts=[*ORGANIZATION[:2], {"name": "tools", "delegated": True, "external_id": "x9"}]
    )
    arn = made["accounts"][2]["role_arn"]
    found = inventory(assume_role_arn=arn, assume_role_external_id="x9", regions=["eu-west-1", "eu-south-1"])
    assert "none of the 3 selected accounts has enabled eu-south-1" in found.warnings
    endpoint.region_status("111100000003", eu_south_1="ENABLED")
    found = inventory(assume_role_arn=arn, assume_role_external_id="x9", regions=["eu-west-1", "eu-south-1"])
    assert len(targets(found)) == 4
    assert {call.account for call in endpoint.calls("ListAccountsForParent")} == {"111100000003"}


def test_denied_details_are_an_error_or_a_warning(endpoint, inventory):
    endpoint.organization(accounts=ORGANIZATION[:2], trusted_services=[])
    options = {"regions": ["eu-west-1", "eu-south-1"]}
    strict = inventory(**options)
    assert targets(strict) == []
    assert "enable-aws-service-access --service-principal account.amazonaws.com" in strict.warnings
    assert "only_enabled_regions: false" in strict.warnings
    lenient = inventory(**options, strict_permissions=False)
    assert len(targets(lenient)) == 4
    assert "trusted access" in lenient.warnings
    endpoint.controls(denied_actions={"organizations:ListTagsForResource": "*"})
    assert "organizations:ListTagsForResource" in inventory(include_account_tags=True).warnings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"accounts": ["999999999999"]},
            "has the ID or name '999999999999'",
        ),
        ({"accounts": ["prod-a", "closed"]}, "111100000005 (closed) is SUSPENDED"),
        ({"exclude_accounts": ["prod-x"]}, "exclude_accounts: no account"),
        ({"organizational_units": ["Workloads/Prd"]}, "Did you mean Root/Workloads/Prod"),
        ({"organizational_units": ["Prd"]}, "Did you mean Prod"),
        ({"accounts": ["closed", "*"], "exclude_accounts": ["*"]}, "No account is selected"),
        ({"organizational_units": ["Workloads/Dev"], "accounts": ["clos*"]}, "No account is selected"),
        ({"account_tags": {"team": "red"}}, "has the tags team=red"),
        ({"regions": ["eu-west-1", "eu-south-2"]}, "none of the 6 selected accounts has enabled eu-south-2. Enable it"),
        ({"regions": ["eu-wst-1"]}, "Did you mean eu-west-1"),
        ({"role_name": "{{ studio_target_account_tags.role }}"}, "The template fits none of the 6 selected accounts"),
        ({"role_name": "a role"}, "is not the name of a role"),
        ({"role_arn": "arn:aws:iam::111100000001:role/x"}, "Set one of role_name and role_arn"),
        (
            {"role_name": None, "role_arn": "arn:aws:iam::123456789012:role/x"},
            "is a role of another account than 111100000008 (at-root)",
        ),
        ({"role_name": None}, "Set one of role_name and role_arn"),
        ({"filters": [{"exclude": True}]}, "filters excludes all 6"),
        ({"name": "targets.yml"}, "rename it, its name must end in studio_accounts.yml"),
    ],
    ids=str,
)
def test_bad_input(endpoint, inventory, options, message):
    endpoint.organization(accounts=ORGANIZATION)
    options = dict(options)
    found = inventory(options.pop("name", "studio_accounts.yml"), **options)
    assert targets(found) == []
    assert message in found.warnings


def test_a_name_that_two_units_have_is_refused(endpoint, inventory):
    endpoint.organization(accounts=[{"unit": "A/Prod"}, {"unit": "B/Prod"}])
    message = "'Prod' is the name of 2 organizational units. Name one by its path: Root/A/Prod, Root/B/Prod."
    assert message in inventory(organizational_units=["Prod"]).warnings


def test_credentials_that_must_not_list_the_organization(endpoint, inventory, monkeypatch):
    assert "belongs to no organization" in inventory().warnings
    endpoint.organization(accounts=1)
    for name, value in endpoint.at("111100000001").environment().items():
        monkeypatch.setenv(name, value)
    assert "The credentials are of a member account" in inventory().warnings


def test_throttled_calls_are_repeated_and_the_time_is_limited(endpoint, inventory):
    endpoint.organization(accounts=30)
    endpoint.controls(rate_limits={"organizations:*": 5})
    assert len(targets(inventory())) == 30
    endpoint.controls(rate_limits={"organizations:*": 0.0001})
    found = inventory(wait_timeout=2)
    assert targets(found) == []
    assert "wait_timeout" in found.warnings


def test_a_hostile_name_evaluates_nothing(endpoint, inventory):
    endpoint.organization(accounts=[{"name": "{{ lookup('pipe', 'id') }}", "tags": {"x": "{{ 1 + 1 }}"}}])
    found = inventory(include_account_tags=True, role_name="studio-{{ studio_target_account_name | length }}")
    [name] = targets(found)
    assert found.variables(name)["studio_target_account_tags"] == {"x": "{{ 1 + 1 }}"}
    assert found.variables(name)["studio_target_role_arn"].endswith("role/studio-26")


def test_a_playbook_changes_no_account_if_the_inventory_of_the_targets_fails(endpoint, tmp_path):
    """Ansible itself only warns of an inventory that fails, and runs on localhost."""
    domain_id = endpoint.domain(docker_settings={"EnableDockerAccess": "DISABLED"})
    endpoint.organization(accounts=ORGANIZATION)
    source = tmp_path / "studio_accounts.yml"
    source.write_text(f"plugin: {PLUGIN}\naccounts: [closed]\nrole_name: studio-local-mode\n")
    command = [Path(sys.executable).with_name("ansible-playbook"), f"--inventory={source}"]
    command += ["playbooks/enable_local_mode.yml", "--extra-vars=domain_docker_access_all_domains=true"]
    environment = {
        **os.environ,
        **endpoint.environment(),
        "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        command, cwd=layout.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    output = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0
    assert "111100000005 (closed) is SUSPENDED" in output
    assert (
        "The accounts of the organization could not be listed: accounts: 111100000005 (closed) is SUSPENDED" in output
    )
    assert endpoint.calls("UpdateDomain") == []
    settings = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainSettings"]["DockerSettings"]
    assert settings["EnableDockerAccess"] == "DISABLED"
