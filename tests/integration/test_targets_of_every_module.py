# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module that takes targets: each result says whose it is, and restarts count the apps of all of them."""

from __future__ import annotations

import pytest

CONTENT = "#!/bin/bash\ntrue\n"
ACCOUNTS = ("111100000001", "111100000002", "111100000003")


@pytest.fixture
def targets(endpoint):
    """Three accounts with a domain each, and an app that predates the last update of its domain."""
    organization = endpoint.organization(accounts=3, domains=1)
    for account in organization["accounts"]:
        [domain_id] = account["domains"]["eu-west-1"]
        endpoint.at(account["id"]).app(domain_id, space="notebooks")
    endpoint.clear_calls()
    return [
        {"name": account["name"], "region": "eu-west-1", "role_arn": account["role_arn"]}
        for account in organization["accounts"]
    ]


def places(results) -> list[tuple[str, str]]:
    return [(result["target"], result["account_id"]) for result in results]


EACH = [("team-01", ACCOUNTS[0]), ("team-02", ACCOUNTS[1]), ("team-03", ACCOUNTS[2])]


def test_one_app_of_all_targets_is_restarted_first(direct, endpoint, targets):
    endpoint.controls(transition_seconds=0.5)
    run = direct.ok("sagemaker_studio_app", targets=targets, all_domains=True)
    assert places(run["apps"]) == EACH
    assert [app["status"] for app in run["apps"]] == ["InService"] * 3
    assert sorted(run["apps_to_restart"].values()) == [[], [], []]
    created = min(call.time for call in endpoint.calls("CreateApp"))
    before = [call.account for call in endpoint.calls("DeleteApp") if call.time < created]
    assert len(before) == 1


def test_an_app_that_fails_keeps_those_of_other_targets_running(direct, endpoint, targets):
    endpoint.controls(account=ACCOUNTS[0], app_failures={"notebooks": "ImageError: no such image"})
    run = direct.run("sagemaker_studio_app", targets=targets, all_domains=True)
    assert run.returncode != 0
    assert {call.account for call in endpoint.calls("DeleteApp")} == {ACCOUNTS[0]}
    assert [target["failed"] for target in run["targets"]] == [True, False, False]
    assert [app.get("skip_reason", "") != "" for app in run["apps"]] == [False, True, True]


def test_apps_of_a_target_that_fails_do_not_keep_the_others(direct, endpoint, targets):
    targets[1]["role_arn"] = f"arn:aws:iam::{ACCOUNTS[1]}:role/missing"
    run = direct.run("sagemaker_studio_app", targets=targets, all_domains=True)
    assert places(run["apps"]) == [EACH[0], EACH[2]]
    assert [app["changed"] for app in run["apps"]] == [True, True]
    assert run["targets"][1]["error_code"] == "AccessDenied"


def test_spaces(direct, endpoint, targets):
    run = direct.ok("sagemaker_studio_space", targets=targets, all_domains=True, remote_access=True, restart=True)
    assert places(run["spaces"]) == EACH
    assert [(space["remote_access"], space["restarted"]) for space in run["spaces"]] == [(True, True)] * 3


def test_lifecycle_configurations(direct, endpoint, targets):
    options = {"targets": targets, "all_domains": True, "name": "install", "app_types": ["JupyterLab"]}
    run = direct.ok("sagemaker_studio_lifecycle_config", content=CONTENT, **options)
    assert places(run["attachments"]) == places(run["lifecycle_configs"]) == EACH
    assert not direct.ok("sagemaker_studio_lifecycle_config", content=CONTENT, **options)["changed"]
    listed = direct.ok("sagemaker_studio_lifecycle_config_info", targets=targets)
    assert places(listed["lifecycle_configs"]) == EACH
    assert all(account in config["arn"] for config, account in zip(listed["lifecycle_configs"], ACCOUNTS, strict=True))


def test_domains(direct, targets):
    run = direct.ok("sagemaker_domain_info", targets=targets, include_apps=True)
    assert places(run["domains"]) == EACH
    assert [len(domain["apps"]) for domain in run["domains"]] == [1, 1, 1]


def test_prerequisites(direct, targets):
    run = direct.ok("sagemaker_domain_prerequisites_info", targets=targets, domains=["studio-1"])
    assert places(run["domains"]) == EACH
    assert all(domain["findings"] for domain in run["domains"])


def test_trusted_accounts(direct, endpoint, targets):
    targets[2]["options"] = {"accounts": ["444455556666"]}
    options = {"targets": targets, "all_domains": True, "accounts": ["012345678901"]}
    run = direct.ok("sagemaker_domain_trusted_accounts", **options)
    accounts = [domain["docker_settings"]["vpc_only_trusted_accounts"] for domain in run["domains"]]
    assert accounts == [["012345678901"], ["012345678901"], ["444455556666"]]
