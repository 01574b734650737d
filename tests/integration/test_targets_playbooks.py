# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of domains over the group studio_targets: whose settings win, what is passed on and rolled back."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import iam_policies
from tests.sandbox import layout

EU = "eu-west-1"
COLLECTION = "mlops.studio_local_mode"


@dataclass
class Run:
    """A run of a playbook, and the artifacts that AWX would get of it."""

    code: int
    output: str
    artifacts: dict


class Fleet:
    """Accounts with two domains each as hosts of an inventory; by default two in production, and one in development."""

    def __init__(
        self, endpoint, folder: Path, members=(*[{"unit": "production"}] * 2, {"unit": "development"})
    ) -> None:
        self.endpoint = endpoint
        self.folder = folder
        self.accounts = endpoint.organization(accounts=list(members), domains=2)["accounts"]
        groups: dict = {"production": {}, "development": {}}
        for account in self.accounts:
            groups[account["unit"]][account["name"]] = {"studio_target_role_arn": account["role_arn"]}
        self.group_variables = {"studio_target_region": EU, "domain_docker_access_all_domains": True}
        self.groups = {name: {"hosts": hosts, "vars": {}} for name, hosts in groups.items()}

    def run(self, name: str, *arguments: str, **variables) -> Run:
        inventory = self.folder / "inventory.json"
        group = {"children": self.groups, "vars": self.group_variables}
        inventory.write_text(json.dumps({"all": {"children": {"studio_targets": group}}}))
        command = [Path(sys.executable).with_name("ansible-playbook"), f"--inventory={inventory}"]
        command += [f"playbooks/{name}.yml", f"--extra-vars={json.dumps(variables)}", *arguments]
        environment = {
            **os.environ,
            **self.endpoint.environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(layout.COLLECTIONS),
            "ANSIBLE_SHOW_CUSTOM_STATS": "true",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "HOME": str(self.folder),
        }
        done = subprocess.run(
            command, cwd=layout.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        output = done.stdout + done.stderr
        found = re.search(r"CUSTOM STATS: \*+\s+RUN: (\{.*\})\s*$", done.stdout, re.DOTALL)
        return Run(done.returncode, output, json.loads(found[1]) if found else {})

    def access(self) -> dict[str, set[bool]]:
        """Whether the domains of each account have Docker access."""
        found: dict[str, set[bool]] = {}
        for account in self.accounts:
            client = self.endpoint.at(account["id"], EU).boto3()
            for domain_id in account["domains"][EU]:
                settings = client.describe_domain(DomainId=domain_id).get("DomainSettings", {})
                access = settings.get("DockerSettings", {}).get("EnableDockerAccess") == "ENABLED"
                found.setdefault(account["name"], set()).add(access)
        return found


@pytest.fixture
def fleet(endpoint, tmp_path):
    return Fleet(endpoint, tmp_path)


def test_the_groups_decide_and_the_artifacts_roll_it_back(fleet):
    fleet.groups["development"]["vars"]["domain_docker_access_enabled"] = False
    run = fleet.run("enable_local_mode")
    assert run.code == 0, run.output
    assert fleet.access() == {"team-01": {True}, "team-02": {True}, "team-03": {False}}
    assert run.artifacts["studio_targets_by_outcome"] == {
        "changed": ["team-01", "team-02"],
        "unchanged": ["team-03"],
        "failed": [],
    }
    assert run.artifacts["studio_target_counts"] == {"changed": 2, "unchanged": 1, "failed": 0, "total": 3}
    targets = run.artifacts["domain_docker_access_domain_targets"]
    assert Counter(targets.values()) == {"team-01": 2, "team-02": 2, "team-03": 2}
    previous = run.artifacts["domain_docker_access_previous_settings"]
    assert not fleet.run("enable_local_mode").artifacts["studio_targets_by_outcome"]["changed"]
    back = fleet.run("roll_back_domains", domain_docker_access_previous_settings=previous)
    assert back.code == 0, back.output
    assert fleet.access() == {"team-01": {False}, "team-02": {False}, "team-03": {False}}


@pytest.mark.slow
def test_a_playbook_that_disables_is_over_the_groups(fleet):
    fleet.run("enable_local_mode")
    fleet.groups["production"]["vars"]["domain_docker_access_enabled"] = True
    run = fleet.run("disable_local_mode", "--limit=localhost,production")
    assert run.code == 0, run.output
    assert fleet.access() == {"team-01": {False}, "team-02": {False}, "team-03": {True}}


def test_a_target_that_fails_is_told_after_the_others_are_done(fleet):
    fleet.groups["production"]["hosts"]["team-01"]["studio_target_role_arn"] += "-missing"
    run = fleet.run("enable_local_mode")
    assert run.code != 0
    assert fleet.access() == {"team-01": {False}, "team-02": {True}, "team-03": {True}}
    assert run.artifacts["studio_targets_by_outcome"]["failed"] == ["team-01"]
    end = run.output[run.output.index("TASK [Summary]") :]
    assert "1 of 3 target(s) failed. team-01 (111100000001, eu-west-1): The role" in " ".join(end.split())


@pytest.mark.slow
def test_the_domains_that_a_person_approved_are_those_of_their_targets(fleet):
    audit = fleet.run("enable_local_mode", "--check")
    targets = audit.artifacts["domain_docker_access_domain_targets"]
    approved = [domain_id for domain_id, target in targets.items() if target == "team-02"]
    run = fleet.run(
        "enable_local_mode", domain_docker_access_domain_ids=approved, domain_docker_access_domain_targets=targets
    )
    assert run.code == 0, run.output
    assert fleet.access() == {"team-01": {False}, "team-02": {True}, "team-03": {False}}
    without = fleet.run("enable_local_mode", domain_docker_access_domain_ids=approved)
    assert without.code != 0
    assert "Pass domain_docker_access_domain_targets as well" in " ".join(without.output.split())


def test_apps_are_restarted_in_their_targets(fleet):
    for account in fleet.accounts[:2]:
        fleet.endpoint.at(account["id"], EU).app(account["domains"][EU][0], space="notebooks")
    run = fleet.run("enable_local_mode", restart_apps=True)
    assert run.code == 0, run.output
    assert {call.account for call in fleet.endpoint.calls("CreateApp")} == {"111100000001", "111100000002"}
    again = fleet.run("restart_apps", domain_docker_access_restart_outdated_only=False)
    assert again.code == 0, again.output
    assert len(fleet.endpoint.calls("CreateApp")) == 4


@pytest.mark.slow
def test_accounts_are_trusted_in_every_target(fleet):
    run = fleet.run("trusted_accounts", domain_docker_access_accounts=["012345678901"])
    assert run.code == 0, run.output
    assert run.artifacts["studio_target_counts"]["changed"] == 3


@pytest.mark.slow
def test_drift_is_what_a_target_has_in_place_of_its_own_settings(fleet):
    """Who changed it comes from the event history of each account; one that may not be asked is one."""
    fleet.run("enable_local_mode")
    fleet.groups["development"]["vars"]["domain_docker_access_enabled"] = False
    for account in ("111100000001", "111100000002"):
        there = fleet.endpoint.at(account, EU)
        [domain, _other] = there.boto3().list_domains()["Domains"]
        settings = {"DockerSettings": {"EnableDockerAccess": "DISABLED"}}
        author = f"arn:aws:iam::{account}:user/alice"
        there.update("update_domain", DomainId=domain["DomainId"], by=author, DomainSettingsForUpdate=settings)
    fleet.endpoint.controls(account="111100000002", denied_actions={"cloudtrail:LookupEvents": "*"})
    fleet.endpoint.clear_calls()
    run = fleet.run("audit_drift", look_up_changes=True)
    assert run.code == 2
    assert fleet.endpoint.calls("UpdateDomain") == []
    assert run.artifacts["studio_targets_by_outcome"]["changed"] == ["team-01", "team-02", "team-03"]
    text = " ".join(run.output[run.output.index("TASK [Summary]") :].split())
    assert "Drift: 4 of 6 domains do not have the requested settings: " in text
    assert text.count("Last changed by alice (IAMUser) ") == 1
    assert text.count("does not show who changed the Docker settings last. The credentials lack the IAM action") == 1
    assert text.count("with this collection from 127.0.0.1 ") == 2
    assert Counter(call.account for call in fleet.endpoint.calls("LookupEvents")) == {
        "111100000001": 1,
        "111100000002": 1,
        "111100000003": 1,
    }


def test_hosts_that_are_no_targets_are_refused(fleet):
    del fleet.group_variables["studio_target_region"]
    run = fleet.run("enable_local_mode")
    assert run.code != 0
    assert "team-01: set the host variable studio_target_region, such as eu-west-1, or" in " ".join(run.output.split())
    assert fleet.endpoint.calls("AssumeRole") == []


@pytest.mark.slow
def test_the_iam_policies_allow_the_calls(fleet):
    assert fleet.run("enable_local_mode").code == 0
    calls = fleet.endpoint.calls()
    assert iam_policies.not_allowed(calls, "assume_target_roles", "enable_local_mode") == set()
    assert iam_policies.unused(calls, "assume_target_roles") == set()


def test_the_settings_and_where_they_come_from_are_shown(fleet):
    fleet.groups["development"]["vars"]["domain_docker_access_trusted_accounts"] = ["012345678901"]
    fleet.groups["production"]["hosts"]["team-02"]["domain_docker_access_enabled"] = False
    run = fleet.run("show_settings", domain_docker_access_rootless="true")
    assert run.code == 0, run.output
    shown = run.output[run.output.index("TASK [Show the settings]") :].split("team-0")
    first, second, third = shown[1:4]
    assert "domain_docker_access_enabled: true, from default of the role" in first
    assert "domain_docker_access_all_domains: true, from group studio_targets" in first
    assert "domain_docker_access_enabled: false, from host" in second
    assert 'domain_docker_access_rootless: "true", from extra variable' in second
    assert 'domain_docker_access_trusted_accounts: ["012345678901"], from group development (' in third
    assert fleet.endpoint.calls() == []


def test_the_report_compares_each_target_with_the_settings_of_its_groups(fleet, tmp_path):
    fleet.run("enable_local_mode")
    fleet.groups["development"]["vars"]["domain_docker_access_enabled"] = False
    path = tmp_path / "report.json"
    fleet.run("fleet_report", report_path=str(path), report_drift=True, look_up_changes=True)
    report = json.loads(path.read_text())
    drift = {
        (d["target"], f["status"]): f["observed"]
        for d in report["domains"]
        for f in d["findings"]
        if f["check"] == "drift"
    }
    assert {name: status for name, status in drift} == {"team-01": "ok", "team-02": "ok", "team-03": "failed"}
    assert drift["team-03", "failed"].startswith("enable_docker_access true. Last changed by ")
    assert {call.account for call in fleet.endpoint.calls("LookupEvents")} == {"111100000003"}


@pytest.mark.slow
def test_one_report_of_all_targets(fleet, tmp_path):
    """A report over accounts: totals by account, and an account that cannot be entered is one error of it."""
    path = tmp_path / "report.json"
    denied = fleet.accounts[0]
    fleet.groups[denied["unit"]]["hosts"][denied["name"]]["studio_target_role_arn"] += "-missing"
    run = fleet.run("fleet_report", report_path=str(path))
    assert run.code != 0
    report = json.loads(path.read_text())
    others = {account["id"]: account["name"] for account in fleet.accounts[1:]}
    assert {d["account"]: d["target"] for d in report["domains"]} == others
    assert {a["account"]: a["domains"]["total"] for a in report["by_account"]} == dict.fromkeys(others, 2)
    [failed] = [region for region in report["regions"] if region["error"]]
    assert (failed["account"], failed["target"]) == (denied["id"], denied["name"])
    assert f"  {min(others)}: 2 domains" in run.output
    # The command of the report is for the domains of every target that could be entered.
    [step] = [step for step in report["next_steps"] if step["cause"] == "docker_access"]
    [values] = [json.loads(shlex.split(command)[-1]) for command in step["commands"]]
    # That of one domain does not change another one, although the group selects all.
    [first, *_others] = report["domains"]
    [finding] = [finding for finding in first["findings"] if finding["check"] == "docker_access"]
    command = shlex.split(finding["remediation"].partition(": ")[2])
    assert command[:4] == [
        "ansible-playbook",
        "-i",
        str(fleet.folder / "inventory.json"),
        f"{COLLECTION}.enable_local_mode",
    ]
    one = fleet.run("enable_local_mode", **json.loads(command[-1]))
    assert one.artifacts["studio_targets_by_outcome"]["changed"] == [first["target"]]
    assert {call.parameters["DomainId"] for call in fleet.endpoint.calls("UpdateDomain")} == {first["domain_id"]}
    assert fleet.run("enable_local_mode", **values).code == 0
    assert {name: access for name, access in fleet.access().items() if access == {True}}.keys() == set(others.values())


@pytest.mark.slow
def test_the_prerequisites_are_checked_in_the_targets_that_name_domains(fleet):
    fleet.groups["development"]["vars"]["local_mode_check_domains"] = ["studio-1"]
    run = fleet.run("check_local_mode")
    assert {call.account for call in fleet.endpoint.calls("DescribeDomain")} == {"111100000003"}
    assert run.code != 0
    end = " ".join(run.output[run.output.index("TASK [Summary]") :].split())
    assert "studio-1" in end
    assert f"-i {fleet.folder / 'inventory.json'} {COLLECTION}.enable_local_mode -e" in end
