# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One bad account is one bad account, in every playbook: its own message and deadline, and the others are done."""

from __future__ import annotations

import json
import re

import pytest

from tests.integration.test_targets_playbooks import EU, Fleet

SOUTH = "eu-south-1"
DENIED = {"sagemaker:ListDomains": "*", "sagemaker:DescribeDomain": "*"}
SCP = "with an explicit deny in a service control policy: arn:aws:organizations::123456789012:policy/o-1/scp/p-1"
MEMBERS = [
    {"name": "good"},
    {"name": "no-role", "role": ""},
    {"name": "deny"},
    {"name": "region-off"},
    {"name": "throttled"},
    {"name": "slow"},
    {"name": "suspended", "state": "SUSPENDED"},
    {"name": "fine"},
]
SAYS = {
    "no-role": "arn:aws:iam::111100000002:role/studio-local-mode cannot be assumed: ",
    "deny": "service control policy",
    "region-off": "aws account get-region-opt-status --region-name eu-south-1",
    "throttled": "hrottl",
    "slow": "after 30 s (target_timeout 30 s)",
    "suspended": "Check that the account 111100000007 is active",
    "outside": "arn:aws:iam::999900000001:role/studio-local-mode cannot be assumed: ",
}


@pytest.fixture
def fleet(endpoint, tmp_path):
    members = [{"unit": "production", **member} for member in MEMBERS]
    fleet = Fleet(endpoint, tmp_path, [*members, {"unit": "development", "name": "spare"}])
    hosts = fleet.groups["production"]["hosts"]
    for number, name in ((2, "no-role"), (7, "suspended")):
        hosts[name]["studio_target_role_arn"] = f"arn:aws:iam::11110000000{number}:role/studio-local-mode"
    hosts["outside"] = {"studio_target_role_arn": "arn:aws:iam::999900000001:role/studio-local-mode"}
    hosts["region-off"]["studio_target_region"] = SOUTH
    accounts = {account["name"]: account["id"] for account in fleet.accounts}
    # The first session of a new endpoint takes it longer than the deadline here on a busy machine.
    endpoint.boto3("sts").assume_role(RoleArn=fleet.accounts[0]["role_arn"], RoleSessionName="first")
    endpoint.controls(account=accounts["deny"], denied_actions=DENIED, denial_reasons=dict.fromkeys(DENIED, SCP))
    endpoint.controls(account=accounts["throttled"], rate_limits={"*": 0.0001})
    endpoint.controls(account=accounts["slow"], latency_ms=120000)
    return fleet


def end_of(run) -> str:
    return " ".join(run.output[run.output.index("TASK [Summary]") :].split())


@pytest.mark.parametrize(
    ("playbook", "variables"),
    [
        ("enable_local_mode", {}),
        pytest.param("trusted_accounts", {"domain_docker_access_accounts": ["012345678901"]}, marks=pytest.mark.slow),
        pytest.param("restart_apps", {}, marks=pytest.mark.slow),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_bad_account_says_what_is_wrong_and_the_others_are_done(fleet, playbook, variables):
    run = fleet.run(playbook, domain_docker_access_target_timeout=30, **variables)
    assert run.code == 2
    text = " ".join(run.output.split())
    for name, message in SAYS.items():
        assert message in text, name
    if playbook == "restart_apps":
        return
    assert sorted(run.artifacts["studio_targets_by_outcome"]["failed"]) == sorted(SAYS)
    assert sorted(run.artifacts["studio_targets_by_outcome"]["changed"]) == ["fine", "good", "spare"]


@pytest.mark.slow
def test_the_report_has_an_error_of_each_bad_account(fleet, tmp_path):
    path = tmp_path / "report.json"
    run = fleet.run("fleet_report", report_path=str(path), domain_docker_access_target_timeout=30)
    assert run.code == 2
    report = json.loads(path.read_text())
    # The domains of the throttled account are listed before AWS throttles their descriptions.
    places = [*report["regions"], *report["domains"]]
    errors = {place["target"]: place["error"] for place in places if place.get("error")}
    assert errors.keys() == SAYS.keys()
    assert all(message in errors[name] for name, message in SAYS.items())
    described = {domain["target"] for domain in report["domains"] if not domain.get("error")}
    assert described == {"good", "fine", "spare"}


def test_max_failures_ends_the_run_early(endpoint, tmp_path):
    members = [{"unit": "production", "role": ""}] * 10 + [{"unit": "development"}] * 10
    fleet = Fleet(endpoint, tmp_path, members)
    for number, host in enumerate(fleet.groups["production"]["hosts"].values(), start=1):
        host["studio_target_role_arn"] = f"arn:aws:iam::1111000000{number:02}:role/studio-local-mode"
    run = fleet.run("enable_local_mode", domain_docker_access_max_failures=0)
    assert run.code == 2
    [not_started] = re.findall(r"(\d+) target\(s\) not started: \d+ target\(s\) failed, and max", end_of(run))[:1]
    assert int(not_started) >= 10
    assert endpoint.calls("UpdateDomain") == []


def test_a_region_of_one_account_that_is_off_leaves_its_other_region_alone(fleet):
    hosts = fleet.groups["production"]["hosts"]
    good = hosts.pop("good")
    fleet.groups["production"]["hosts"] = {"good": {**good, "studio_target_regions": [EU, SOUTH]}}
    del fleet.group_variables["studio_target_region"]
    fleet.groups["development"]["vars"]["studio_target_region"] = EU
    run = fleet.run("enable_local_mode", domain_docker_access_target_timeout=30)
    assert run.code == 2
    assert run.artifacts["studio_targets_by_outcome"] == {
        "changed": ["good.eu-west-1", "spare"],
        "unchanged": [],
        "failed": ["good.eu-south-1"],
    }
