# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts and regions in one task: what each target gets, and what becomes of those that fail."""

from __future__ import annotations

import pytest

from tests.sandbox.aws_endpoint.client import Endpoint

MODULE = "sagemaker_domain_docker_settings"
ENABLE = {"all_domains": True, "enable_docker_access": True}


def made(endpoint: Endpoint, accounts, **request) -> list[dict]:
    """The option `targets` for a new organization's accounts, in eu-west-1."""
    request = {"accounts": accounts, "domains": 2, **request}
    return [
        {"name": account["name"], "region": "eu-west-1", "role_arn": account["role_arn"]}
        for account in endpoint.organization(**request)["accounts"]
    ]


def changed_domains(endpoint: Endpoint) -> set[tuple[str, str]]:
    return {(call.account, call.region) for call in endpoint.calls("UpdateDomain")}


def by_name(run) -> dict[str, dict]:
    return {target["name"]: target for target in run["targets"]}


@pytest.mark.parametrize("runner", ["ansible"], indirect=True)
def test_check_do_check_again_do_again(runner, endpoint):
    targets = made(endpoint, 3, regions=["eu-west-1", "us-east-1"])
    targets.append({**targets[0], "name": "team-01-us", "region": "us-east-1"})
    predicted = runner.ok(MODULE, check=True, targets=targets, **ENABLE)
    assert endpoint.calls("UpdateDomain") == []
    done = runner.ok(MODULE, targets=targets, **ENABLE)
    for run in (predicted, done):
        assert run["changed"]
        assert [target["changed"] for target in run["targets"]] == [True] * 4
        assert {(domain["target"], domain["account_id"], domain["region"]) for domain in run["domains"]} == {
            ("team-01", "111100000001", "eu-west-1"),
            ("team-02", "111100000002", "eu-west-1"),
            ("team-03", "111100000003", "eu-west-1"),
            ("team-01-us", "111100000001", "us-east-1"),
        }
        assert {domain["docker_settings"]["enable_docker_access"] for domain in run["domains"]} == {True}
        assert all(diff["before_header"].startswith("team-0") for diff in run["diff"])
    assert len(changed_domains(endpoint)) == 4
    assert len(endpoint.calls("AssumeRole")) == 8
    targets_of_domains = {
        domain_id: settings.pop("target") for domain_id, settings in done["previous_docker_settings"].items()
    }
    assert targets_of_domains == {domain["domain_id"]: domain["target"] for domain in done["domains"]}
    assert set(map(str, done["previous_docker_settings"].values())) == {"{'enable_docker_access': False}"}
    for check in (True, False):
        assert not runner.ok(MODULE, check=check, targets=targets, **ENABLE)["changed"]


def test_options_of_a_target_are_in_place_of_the_tasks(direct, endpoint):
    targets = made(endpoint, 2)
    targets[1]["options"] = {"domains": ["studio-2"], "rootless_docker": "true"}
    run = direct.ok(MODULE, targets=targets, **ENABLE)
    settings = {(d["target"], d["domain_name"]): d["docker_settings"]["rootless_docker"] for d in run["domains"]}
    assert settings == {("team-01", "studio-1"): False, ("team-01", "studio-2"): False, ("team-02", "studio-2"): True}


def test_the_present_credentials_are_a_target_as_well(direct, endpoint):
    own = endpoint.domain("own")
    targets = [*made(endpoint, 1), {"name": "management", "region": "eu-west-1"}]
    run = direct.ok(MODULE, targets=targets, **ENABLE)
    assert by_name(run)["management"]["account_id"] == endpoint.account
    assert own in {domain["domain_id"] for domain in run["domains"] if domain["target"] == "management"}
    assert len(endpoint.calls("GetCallerIdentity")) == 1


def test_a_bad_account_is_one_bad_account(direct, endpoint):
    targets = made(
        endpoint,
        [
            {},
            {"role": ""},
            {"trust": ["arn:aws:iam::999999999999:root"]},
            {"external_id": "a"},
            {"regions": {"eu-west-1": "DISABLED"}},
            {},
            {},
        ],
    )
    targets[1]["role_arn"] = "arn:aws:iam::111100000002:role/studio-local-mode"
    endpoint.controls(account="111100000005", disabled_region=True)
    endpoint.controls(
        account="111100000006",
        denied_actions={"sagemaker:ListDomains": "*"},
        denial_reasons={"sagemaker:ListDomains": "with an explicit deny in a service control policy"},
    )
    run = direct.run(MODULE, targets=targets, **ENABLE)
    assert run.returncode != 0
    assert run["msg"].startswith("5 of 7 target(s) failed. ")
    assert {name for name, target in by_name(run).items() if not target["failed"]} == {"team-01", "team-07"}
    assert {account for account, _region in changed_domains(endpoint)} == {"111100000001", "111100000007"}
    errors = {name: target["error"] for name, target in by_name(run).items() if target["failed"]}
    for name in ("team-02", "team-03", "team-04"):
        assert errors[name].startswith("The role arn:aws:iam::1111000000")
        assert "external ID" in errors[name]
        assert by_name(run)[name]["error_code"] == "AccessDenied"
    assert "service control policy" in errors["team-06"]
    assert all(f"{name} (1111000000" in run["msg"] for name in errors)
    assert "Targets with changes: team-01, team-07." in run["msg"]


def test_a_slow_target_fails_at_its_own_deadline(direct, endpoint):
    targets = made(endpoint, 3)
    endpoint.controls(account="111100000002", latency_ms=15000)
    run = direct.run(MODULE, targets=targets, target_timeout=5, **ENABLE)
    assert {name for name, target in by_name(run).items() if target["failed"]} == {"team-02"}
    assert "target_timeout 5 s" in by_name(run)["team-02"]["error"]
    assert {account for account, _region in changed_domains(endpoint)} == {"111100000001", "111100000003"}


def test_a_throttled_target_does_not_make_the_others_slower(direct, endpoint):
    targets = made(endpoint, 4, domains=5)
    endpoint.controls(account="111100000001", rate_limits={"*": 2})
    run = direct.ok(MODULE, targets=targets, **ENABLE)
    assert len(run["domains"]) == 20
    ends = {
        account: max(call.time for call in endpoint.calls() if call.account == account)
        for account in (f"11110000000{number}" for number in range(1, 5))
    }
    throttled = ends.pop("111100000001")
    assert max(ends.values()) + 2 < throttled


def test_a_throttled_role_does_not_make_the_others_slower(direct, endpoint):
    """Each waits by itself: with one rate for all, every refused call would slow the calls for the other roles."""
    targets = made(endpoint, 5, domains=1)
    endpoint.controls(rate_limits={"sts:AssumeRole": 1})
    run = direct.ok(MODULE, targets=targets, **ENABLE)
    assert len(run["domains"]) == 5
    assert any(call.error for call in endpoint.calls("AssumeRole"))


NO_REGION = {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}


@pytest.mark.parametrize(("number", "of_sts"), [(3, "eu-west-1"), (1, "us-east-1")])
def test_a_region_that_the_callers_account_has_not_enabled_keeps_no_target_from_being_done(
    direct, endpoint, number, of_sts
):
    targets = made(endpoint, number)
    targets[0]["region"] = "eu-south-1"
    south = endpoint.at("111100000001", "eu-south-1")
    endpoint.region_status("111100000001", eu_south_1="ENABLED")
    south.domain("south")
    run = direct.ok(MODULE, targets=targets, environment=NO_REGION, **ENABLE)
    assert ("111100000001", "eu-south-1") in changed_domains(endpoint)
    assert [target["changed"] for target in run["targets"]] == [True] * number
    assert {call.region for call in endpoint.calls("AssumeRole")} == {of_sts}


def test_a_region_of_the_task_that_the_callers_account_has_not_enabled_is_named(direct, endpoint):
    targets = made(endpoint, 1)
    text = direct.fails(MODULE, targets=targets, region="eu-south-1", **ENABLE)
    assert "studio-local-mode cannot be assumed: AWS does not accept the credentials in eu-south-1 (Invalid" in text
    assert "aws account get-region-opt-status --region-name eu-south-1" in text


def test_max_failures_ends_the_run_early(direct, endpoint):
    targets = made(endpoint, [{"role": ""}, *[{}] * 20])
    targets[0]["role_arn"] = "arn:aws:iam::111100000001:role/studio-local-mode"
    endpoint.controls(latency_ms=100)
    run = direct.run(MODULE, targets=targets, max_failures=0, **ENABLE)
    not_begun = [target for target in run["targets"] if "not started: 1 target(s) failed" in target.get("error", "")]
    assert 10 <= len(not_begun) < 20
    assert len(changed_domains(endpoint)) == 20 - len(not_begun)
    assert f"{len(not_begun)} target(s) not started" in run["msg"]


def test_credentials_are_renewed_before_they_end(direct, endpoint):
    targets = made(endpoint, 2)
    endpoint.controls(session_seconds=6.0, transition_seconds=8.0)
    run = direct.ok(MODULE, targets=targets, **ENABLE)
    assert {domain["status"] for domain in run["domains"]} == {"InService"}
    assert len(endpoint.calls("AssumeRole")) > 2


def test_the_external_id_and_the_name_of_the_session_reach_sts(direct, endpoint):
    targets = made(endpoint, [{"external_id": "studio-4711"}])
    targets[0] |= {"external_id": "studio-4711", "session_name": "nightly"}
    assert direct.ok(MODULE, targets=targets, **ENABLE)["changed"]
    [call] = endpoint.calls("AssumeRole")
    assert call.parameters["RoleSessionName"] == "nightly"
    assert call.parameters["ExternalId"] == "studio-4711"


ONE = {"name": "one", "region": "eu-west-1", "role_arn": "arn:aws:iam::111100000001:role/studio-local-mode"}


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([], "There is no target"),
        ([ONE, {**ONE, "name": "two"}], "one and two are the same account and region (111100000001, eu-west-1)"),
        ([ONE, {**ONE, "region": "us-east-1"}], "2 targets have the name 'one'"),
        (
            [{**ONE, "account_id": "222200000001"}],
            "its account is 222200000001, and its role belongs to the account 11",
        ),
        ([{"name": "x", "region": "eu-west-1", "account_id": 12345}], "has 5 digits, YAML drops the leading zeros"),
        ([{**ONE, "role_arn": "studio-local-mode"}], "role_arn is 'studio-local-mode', not an ARN"),
        ([{**ONE, "session_name": "my session"}], "one: session_name is 'my session', not 2 to 64 letters"),
        ([{**ONE, "external_id": "x"}], "one: external_id is not 2 to 1224 letters"),
        ([{**ONE, "region": "Ireland"}], "its region is 'Ireland', not a name such as eu-west-1"),
        (
            [{**ONE, "region": "cn-north-1"}],
            "its role belongs to the partition aws, and its region cn-north-1 to aws-cn",
        ),
        ([{**ONE, "options": {"domain": "x"}}], "one: options: domain. Supported parameters include"),
        ([{**ONE, "options": {"wait_timeout": 0}}], "one: wait_timeout is 0"),
        ([{**ONE, "options": {"domains": []}}], "one: No domain is selected"),
        ([{"name": "own", "region": "eu-west-1", "account_id": "222200000001"}], "the present credentials belong to"),
    ],
)
def test_bad_input_is_refused_before_anything_is_changed(direct, endpoint, targets, message):
    made(endpoint, 1)
    text = direct.fails(MODULE, targets=targets, **ENABLE)
    assert message in text
    assert text.endswith("Nothing was changed.")
    assert endpoint.mutating_calls() == []
    assert endpoint.calls("AssumeRole") == []


def test_settings_of_single_domains_are_over_those_of_the_target(direct, endpoint):
    targets = made(endpoint, 2)
    targets[1]["options"] = {"domain_settings": {"studio-1": {"enable_docker_access": False}}}
    run = direct.ok(MODULE, targets=targets, domain_settings={"*-2": {"rootless_docker": True}}, **ENABLE)
    settings = {
        (domain["target"], domain["domain_name"]): tuple(domain["docker_settings"].values())[:2]
        for domain in run["domains"]
    }
    assert settings == {
        ("team-01", "studio-1"): (True, False),
        ("team-01", "studio-2"): (True, True),
        ("team-02", "studio-1"): (False, False),
        ("team-02", "studio-2"): (True, False),
    }


def test_patterns_and_tags_are_about_the_targets_that_have_such_domains(direct, endpoint):
    targets = made(endpoint, 3)
    endpoint.at("111100000002").domain("research-1", tags={"team": "x"})
    for selection in ({"domains": ["research-*", "research?1", "nowhere-*"]}, {"domain_tags": {"team": "x"}}):
        run = direct.ok(MODULE, targets=targets, enable_docker_access=True, **selection)
        assert [(domain["target"], domain["domain_name"]) for domain in run["domains"]] == [("team-02", "research-1")]
        assert [target["failed"] for target in run["targets"]] == [False] * 3
    for selection, message in (
        ({"domains": ["nowhere-*"]}, "no domain's name matches the pattern 'nowhere-*'. The region eu-west-1 has 2"),
        ({"domain_tags": {"team": "y"}}, "None of 2 domain(s) in eu-west-1 has the tags {'team': 'y'}"),
    ):
        text = direct.fails(MODULE, targets=targets, enable_docker_access=True, **selection)
        assert text.startswith("Nothing is selected in any target. ")
        assert message in text
    run = direct.run(MODULE, targets=targets, enable_docker_access=True, domains=["research-1"])
    assert [target["failed"] for target in run["targets"]] == [True, False, True]


def test_an_arn_tells_the_target_of_its_domain(direct, endpoint):
    targets = made(endpoint, 3)
    arn = endpoint.at("111100000002").boto3().list_domains()["Domains"][0]["DomainArn"]
    run = direct.ok(MODULE, targets=targets, enable_docker_access=True, domains=[arn])
    assert [domain["target"] for domain in run["domains"]] == ["team-02"]
    assert changed_domains(endpoint) == {("111100000002", "eu-west-1")}
    text = direct.fails(MODULE, targets=targets[:1], enable_docker_access=True, domains=[arn])
    assert f"None of {arn} is in 111100000001, eu-west-1" in text
