# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""sagemaker_domain_changes_info against the event history of the AWS endpoint, which the calls really made feed."""

from __future__ import annotations

import pytest

MODULE = "sagemaker_domain_changes_info"
ALICE = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.org"
ENABLED, DISABLED = ({"DockerSettings": {"EnableDockerAccess": value}} for value in ("ENABLED", "DISABLED"))
HOUR = 3600
DAY = 24 * HOUR


def update(endpoint, domain_id, age, settings=DISABLED, by=ALICE):
    endpoint.update("update_domain", DomainId=domain_id, age=age, by=by, DomainSettingsForUpdate=settings)


def old_domain(endpoint, name, age=400 * DAY):
    """A domain that is older than the event history."""
    request = endpoint.boto3().describe_domain(DomainId=endpoint.domain(f"{name}-form"))
    members = ("AuthMode", "DefaultUserSettings", "VpcId", "SubnetIds", "AppNetworkAccessType")
    endpoint.update("create_domain", age=age, DomainName=name, **{member: request[member] for member in members})
    [found] = [one for one in endpoint.boto3().list_domains()["Domains"] if one["DomainName"] == name]
    return found["DomainId"]


def look_ups(endpoint):
    return [call.parameters["LookupAttributes"][0]["AttributeValue"] for call in endpoint.calls("LookupEvents")]


def test_the_caller_of_the_last_change_is_named(endpoint, direct):
    domain_id = endpoint.domain("research")
    update(endpoint, domain_id, 3 * HOUR, ENABLED, by="arn:aws:iam::123456789012:user/bob")
    update(endpoint, domain_id, 2 * HOUR)
    endpoint.update(
        "update_domain", DomainId=domain_id, age=HOUR, DefaultUserSettings={"ExecutionRole": role(endpoint)}
    )
    [found] = direct.ok(MODULE, domains=["research"])["domains"]
    change = found["last_change"]
    assert (found["domain_id"], found["unknown_because"]) == (domain_id, None)
    assert change["user"] == {
        "type": "AssumedRole",
        "name": "Admin/alice@example.org",
        "arn": ALICE,
        "account_id": "123456789012",
        "role": "Admin",
        "session_name": "alice@example.org",
        "source_identity": None,
        "invoked_by": None,
    }
    assert (change["event_name"], change["docker_settings"]) == ("UpdateDomain", {"enable_docker_access": False})
    assert not change["made_by_this_collection"]


def role(endpoint):
    return f"arn:aws:iam::{endpoint.account}:role/other"


def test_a_change_of_this_collection_says_so_and_names_the_job_of_awx(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    awx = {"AWX_HOST": "https://awx.example.org", "JOB_ID": "42"}
    change = {"domains": [domain_id], "enable_docker_access": True}
    direct.ok("sagemaker_domain_docker_settings", environment=awx, **change)
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"]["made_by_this_collection"]
    assert found["last_change"]["awx_job_id"] == 42
    assert found["last_change"]["docker_settings"] == {"enable_docker_access": True, "vpc_only_trusted_accounts": []}
    assert found["unknown_because"] is None


def test_one_call_answers_for_many_domains_and_the_module_changes_nothing(endpoint, ansible):
    ids = [endpoint.domain(f"team-{number}") for number in range(5)]
    for age, domain_id in enumerate(ids, start=1):
        update(endpoint, domain_id, age * HOUR)
    for check in (True, False):
        endpoint.clear_calls()
        run = ansible.ok(MODULE, domains=["team-*"], check=check)
        assert [domain["last_change"]["user"]["name"] for domain in run["domains"]] == ["Admin/alice@example.org"] * 5
        assert not run["changed"]
        assert look_ups(endpoint) == ["UpdateDomain"]
        assert endpoint.mutating_calls() == []


def test_more_than_a_page_of_updates_is_read_at_the_rate_of_aws(endpoint, direct):
    """120 updates are three pages, and AWS allows two calls a second."""
    domain_id, other = endpoint.domain("research"), endpoint.domain("busy")
    update(endpoint, domain_id, 2 * DAY)
    for minute in range(120):
        endpoint.update("update_domain", DomainId=other, age=minute * 60)
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"]["user"]["arn"] == ALICE
    assert look_ups(endpoint) == ["UpdateDomain"] * 3
    assert [call.error for call in endpoint.calls("LookupEvents")] == [None] * 3


def test_a_domain_that_nobody_changed_has_its_creation(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"]["event_name"] == "CreateDomain"
    assert found["last_change"]["docker_settings"] == {"enable_docker_access": True}
    assert found["unknown_because"] is None
    assert look_ups(endpoint) == ["UpdateDomain", "CreateDomain"]


def test_nothing_is_asked_about_a_domain_that_nobody_updated_for_longer_than_the_history(endpoint, direct):
    domain_id = old_domain(endpoint, "research")
    endpoint.controls(denied_actions={"cloudtrail:LookupEvents": "*"})
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"] is None
    assert "event history has the last 90 days only" in found["unknown_because"]
    assert look_ups(endpoint) == []


def test_an_older_change_is_not_in_the_history(endpoint, direct):
    domain_id = old_domain(endpoint, "research")
    update(endpoint, domain_id, 100 * DAY)
    endpoint.update("update_domain", DomainId=domain_id, age=DAY)
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"] is None
    assert "the last one is older" in found["unknown_because"]


def test_a_change_that_is_not_visible_yet_is_announced(endpoint, direct):
    domain_id = old_domain(endpoint, "research")
    endpoint.controls(trail_delay_seconds=600)
    endpoint.update("update_domain", DomainId=domain_id, DomainSettingsForUpdate=DISABLED)
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"] is None
    assert "CloudTrail usually shows a call within 15 minutes: ask again later." in found["unknown_because"]


def test_an_older_change_does_not_pass_for_one_that_is_not_visible_yet(endpoint, direct):
    domain_id = endpoint.domain("research")
    update(endpoint, domain_id, HOUR, ENABLED)
    endpoint.controls(trail_delay_seconds=600)
    endpoint.update("update_domain", DomainId=domain_id, DomainSettingsForUpdate=DISABLED)
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"]["docker_settings"] == {"enable_docker_access": True}
    assert "did not lead to the present settings: a later one may follow" in found["unknown_because"]


def test_a_refused_call_is_no_change(endpoint, direct):
    domain_id = endpoint.domain("research")
    update(endpoint, domain_id, HOUR)
    endpoint.controls(denied_actions={"sagemaker:UpdateDomain": "*"})
    with pytest.raises(Exception, match="AccessDenied"):
        endpoint.boto3().update_domain(DomainId=domain_id, DomainSettingsForUpdate=ENABLED)
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"]["user"]["arn"] == ALICE


def test_a_denied_look_up_names_the_action_once_and_each_domain(endpoint, direct):
    ids = [endpoint.domain(f"team-{number}") for number in range(3)]
    endpoint.controls(denied_actions={"cloudtrail:LookupEvents": "*"})
    run = direct.run(MODULE, domains=ids)
    assert run["failed"]
    assert run["msg"].startswith("3 of 3 domain(s) failed.")
    assert run["msg"].count("The credentials lack the IAM action cloudtrail:LookupEvents") == 1
    assert [domain["error_code"] for domain in run["domains"]] == ["AccessDeniedException"] * 3
    assert all(domain["last_change"] is None for domain in run["domains"])


def test_a_look_up_that_is_throttled_is_repeated(endpoint, direct):
    domain_id = endpoint.domain("research")
    update(endpoint, domain_id, HOUR)
    cloudtrail = endpoint.boto3("cloudtrail")
    with pytest.raises(Exception, match="Throttling"):
        [cloudtrail.lookup_events() for _ in range(50)]
    [found] = direct.ok(MODULE, domains=[domain_id])["domains"]
    assert found["last_change"]["user"]["arn"] == ALICE


def test_one_look_up_for_each_target_and_one_that_is_denied_is_one(endpoint, direct):
    made = endpoint.organization(accounts=3, domains=2)["accounts"]
    targets = [{"name": one["name"], "region": "eu-west-1", "role_arn": one["role_arn"]} for one in made]
    endpoint.controls(account="111100000002", denied_actions={"cloudtrail:LookupEvents": "*"})
    for account in ("111100000001", "111100000002", "111100000003"):
        there = endpoint.at(account)
        for domain in there.boto3().list_domains()["Domains"]:
            update(there, domain["DomainId"], HOUR, by=f"arn:aws:iam::{account}:user/alice")
    endpoint.clear_calls()
    run = direct.run(MODULE, targets=targets)
    assert [target["failed"] for target in run["targets"]] == [False, True, False]
    users = {
        (domain["target"], (domain["last_change"] or {"user": {"arn": None}})["user"]["arn"])
        for domain in run["domains"]
    }
    assert users == {
        ("team-01", "arn:aws:iam::111100000001:user/alice"),
        ("team-02", None),
        ("team-03", "arn:aws:iam::111100000003:user/alice"),
    }
    assert sorted(call.account for call in endpoint.calls("LookupEvents")) == [
        f"11110000000{number}" for number in (1, 2, 3)
    ]
