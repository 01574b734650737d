# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of spaces over many accounts and regions: roles, hosts, and one bad account among good ones."""

from __future__ import annotations

import pytest

from tests.integration.inventories import Parser

SPACES = "mlops.studio_local_mode.studio_spaces"
ACCOUNTS = "mlops.studio_local_mode.studio_accounts"
REGIONS = ["eu-west-1", "us-east-1"]
LARGE = {"InstanceType": "ml.m5.large"}
BLUE, GREEN, RED = "111100000001", "111100000002", "111100000003"
MEMBERS = [{"name": name, "external_id": "x9"} for name in ("blue", "green", "red")]


@pytest.fixture
def parser(endpoint, tmp_path, monkeypatch, capfd):
    return Parser(endpoint, tmp_path, monkeypatch, capfd)


@pytest.fixture
def organization(endpoint):
    """Three accounts with one reachable space in each of two regions."""
    made = endpoint.organization(accounts=MEMBERS)
    for account in made["accounts"]:
        for region in REGIONS:
            there = endpoint.at(account["id"], region)
            space = f"{account['name']}-{region}"
            there.app(there.domain(account["name"]), space=space, remote_access=True, ResourceSpec=LARGE)
    return made


def sources(**options):
    accounts = {"plugin": ACCOUNTS, "regions": REGIONS, "role_name": "studio-local-mode", "external_id": "x9"}
    return (
        ("1_studio_accounts.yml", accounts),
        ("2_studio_spaces.yml", {"plugin": SPACES, "targets_from_inventory": True, **options}),
    )


def spaces(found):
    return found.groups.get("studio_apps", [])


def test_the_spaces_of_all_targets_are_hosts_with_the_role_of_their_account(endpoint, parser, organization):
    found = parser.parse(*sources())
    assert spaces(found) == sorted(f"{name}-{region}" for name in ("blue", "green", "red") for region in REGIONS)
    variables = found.variables("green-us-east-1")
    assert {name: variables[name] for name in variables if name.startswith(("studio_ssh", "studio_target"))} == {
        "studio_target": "green.us-east-1",
        "studio_ssh_assume_role_arn": f"arn:aws:iam::{GREEN}:role/studio-local-mode",
        "studio_ssh_assume_role_external_id": "x9",
    }
    assert (variables["studio_account_id"], variables["studio_region"]) == (GREEN, "us-east-1")
    assert len(endpoint.calls("AssumeRole")) == 6
    assert {(call.account, call.region) for call in endpoint.calls("ListSpaces")} == {
        (account, region) for account in (BLUE, GREEN, RED) for region in REGIONS
    }


def test_targets_written_by_hand_may_have_templates_and_group_variables(parser, organization):
    hand_written = """
[studio_targets]
blue-eu studio_target_account_id="'111100000001'" studio_target_region=eu-west-1
blue-us studio_target_account_id="'111100000001'" studio_target_region=us-east-1
[studio_targets:vars]
studio_target_role_arn=arn:aws:iam::{{ studio_target_account_id }}:role/studio-local-mode
studio_target_external_id=x9
"""
    found = parser.parse(("1_targets.ini", hand_written), sources()[1])
    assert spaces(found) == ["blue-eu-west-1", "blue-us-east-1"]


def test_targets_of_the_option_and_their_regions(parser, organization):
    targets = [
        {"name": region, "region": region, "role_arn": organization["accounts"][0]["role_arn"], "external_id": "x9"}
        for region in REGIONS
    ]
    found = parser.parse(("studio_spaces.yml", {"plugin": SPACES, "targets": targets}))
    assert spaces(found) == ["blue-eu-west-1", "blue-us-east-1"]
    only = parser.parse(("studio_spaces.yml", {"plugin": SPACES, "targets": targets, "regions": ["us-east-1"]}))
    assert spaces(only) == ["blue-us-east-1"]


@pytest.mark.parametrize(
    ("controls", "text"),
    [
        ({"denied_actions": {"sagemaker:ListSpaces": "*"}}, "lack the IAM action sagemaker:ListSpaces"),
        ({"disabled_region": True}, "AWS does not accept the credentials"),
        ({"rate_limits": {"*": 0.0001}}, "wait_timeout"),
        (None, "cannot be assumed"),
    ],
    ids=["denied", "region", "throttled", "role"],
)
def test_one_bad_account_hides_no_other(endpoint, parser, organization, controls, text):
    if controls is None:
        iam = endpoint.at(GREEN).boto3("iam")
        iam.delete_role(RoleName="studio-local-mode")
    else:
        endpoint.controls(account=GREEN, **controls)
    lenient = parser.parse(*sources(strict_permissions=False, wait_timeout=3 if controls else 30))
    assert spaces(lenient) == sorted(f"{name}-{region}" for name in ("blue", "red") for region in REGIONS)
    assert f"The spaces of green.us-east-1 ({GREEN}, us-east-1) are not listed." in lenient.warnings
    assert text in lenient.warnings
    strict = parser.parse(*sources(wait_timeout=3 if controls else 30))
    assert spaces(strict) == []
    assert "Or list the other targets without it: strict_permissions: false" in strict.warnings


def test_the_cache_keeps_the_answers_of_all_targets(endpoint, parser, organization, tmp_path):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    before = parser.parse(*sources(**cache))
    endpoint.clear_calls()
    again = parser.parse(*sources(**cache))
    assert again.groups == before.groups
    assert endpoint.calls("ListSpaces") == endpoint.calls("AssumeRole") == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"targets_from_inventory": True},
            "the group studio_targets has no host yet. Name the inventory of",
        ),
        ({"targets": [{"name": "x"}]}, "x: its region is ''"),
        ({"targets": [{"nam": "x"}]}, "targets, item 1: {'nam': 'x'} is not a dictionary of name, region"),
        ({"targets": ["x"]}, "targets, item 1: 'x' is not a dictionary"),
        (
            {"targets": [{"name": name, "region": "eu-west-1", "account_id": BLUE} for name in "ab"]},
            "a and b are the same account and region",
        ),
        ({"targets": [{"name": "a", "region": "eu-west-1"}], "targets_from_inventory": True}, "Set one of targets and"),
        (
            {"targets": [{"name": "a", "region": "eu-west-1"}], "regions": ["us-east-1"]},
            "none of the 1 targets is in us-east-1",
        ),
        (
            {"targets": [{"name": "a", "region": "eu-west-1", "account_id": BLUE}]},
            f"Its account is {BLUE}, and the present credentials belong to 123456789012",
        ),
    ],
    ids=str,
)
def test_bad_input(endpoint, parser, options, message):
    endpoint.app(endpoint.domain(), remote_access=True, ResourceSpec=LARGE)
    found = parser.parse(("studio_spaces.yml", {"plugin": SPACES, **options}))
    assert spaces(found) == []
    assert message in found.warnings
