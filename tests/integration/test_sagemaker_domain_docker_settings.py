# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "sagemaker_domain_docker_settings"
ACCOUNT = "012345678901"


def described(endpoint, domain_id):
    domain = endpoint.boto3().describe_domain(DomainId=domain_id)
    return domain.get("DomainSettings", {}).get("DockerSettings", {})


@pytest.mark.parametrize(("runner", "semantics"), [("ansible", "replace"), ("direct", "merge")], indirect=["runner"])
def test_check_do_check_again_do_again(endpoint, runner, semantics):
    endpoint.controls(update_semantics=semantics)
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    desired = {"domains": [domain_id], "enable_docker_access": True, "vpc_only_trusted_accounts": [ACCOUNT]}
    after = {"enable_docker_access": True, "rootless_docker": False, "vpc_only_trusted_accounts": [ACCOUNT]}

    predicted = runner.ok(MODULE, check=True, **desired)
    assert predicted["changed"]
    assert predicted["domains"][0]["docker_settings"] == after
    assert endpoint.mutating_calls() == []

    done = runner.ok(MODULE, **desired)
    assert done["changed"]
    assert done.differences == predicted.differences
    assert done["domains"] == [
        {
            "domain_id": domain_id,
            "domain_name": "research",
            "domain_arn": f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{domain_id}",
            "changed": True,
            "status": "InService",
            "docker_settings": after,
        }
    ]
    assert described(endpoint, domain_id)["VpcOnlyTrustedAccounts"] == [ACCOUNT]

    for check in (True, False):
        endpoint.clear_calls()
        again = runner.ok(MODULE, check=check, **desired)
        assert not again["changed"]
        assert again.differences == []
        assert [call.operation for call in endpoint.calls()] == ["DescribeDomain"]


@pytest.mark.parametrize("semantics", ["replace", "merge"])
def test_omitted_settings_do_not_change(endpoint, direct, semantics):
    endpoint.controls(update_semantics=semantics)
    before = {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED", "VpcOnlyTrustedAccounts": [ACCOUNT]}
    domain_id = endpoint.domain("research", before)
    direct.ok(MODULE, domains=["research"], rootless_docker=False)
    assert described(endpoint, domain_id) == {**before, "RootlessDocker": "DISABLED"}
    direct.ok(MODULE, domains=["research"], vpc_only_trusted_accounts=[])
    assert described(endpoint, domain_id) == {**before, "RootlessDocker": "DISABLED", "VpcOnlyTrustedAccounts": []}


@pytest.mark.parametrize("check", [True, False])
def test_apps_to_restart_are_those_of_the_changed_domain(endpoint, direct, check):
    research, empty = endpoint.domain("research"), endpoint.domain("empty")
    endpoint.app(research, created_before_update=False)
    run = direct.ok(MODULE, check=check, domains=[research, empty], enable_docker_access=True, include_apps=True)
    [app], none = (domain["apps_to_restart"] for domain in run["domains"])
    assert none == []
    assert (app["owner"], app["status"]) == ("ada-jupyterlab", "InService")
    # Check mode does not predict the time of the update.
    assert app["predates_domain_update"] is not check


def test_apps_to_restart_of_an_unchanged_domain_predate_its_update(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED"})
    endpoint.app(domain_id, profile="ada", created_before_update=True)
    endpoint.app(domain_id, profile="bob", created_before_update=False)
    run = direct.ok(MODULE, domains=[domain_id], enable_docker_access=True, include_apps=True)
    assert [app["owner"] for app in run["domains"][0]["apps_to_restart"]] == ["ada-jupyterlab"]


def test_apps_that_may_not_be_listed_are_a_warning(endpoint, direct):
    ids = [endpoint.domain("research"), endpoint.domain("other")]
    endpoint.app(ids[0])
    endpoint.controls(denied_actions={"sagemaker:ListApps": "*"})
    run = direct.ok(MODULE, domains=ids, enable_docker_access=True, include_apps=True)
    assert [(domain["changed"], domain["apps_to_restart"]) for domain in run["domains"]] == [(True, [])] * 2
    assert "The apps of 2 domain(s) are not listed." in run.warnings
    assert "lack the IAM action sagemaker:ListApps" in run.warnings


def test_rootless_docker_is_disabled_together_with_docker_access(endpoint, direct):
    before = {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED", "VpcOnlyTrustedAccounts": []}
    domain_id = endpoint.domain("research", before)
    done = direct.ok(MODULE, domains=[domain_id], enable_docker_access=False)
    on, off = ({"enable_docker_access": value, "rootless_docker": value} for value in (True, False))
    assert done.differences == [(on, off)]
    assert described(endpoint, domain_id)["RootlessDocker"] == "DISABLED"
    assert not direct.ok(MODULE, domains=[domain_id], enable_docker_access=False)["changed"]


def test_only_docker_settings_are_sent(endpoint, direct):
    domain_id = endpoint.domain()
    direct.ok(MODULE, domains=[domain_id], enable_docker_access=True)
    [update] = endpoint.calls("UpdateDomain")
    assert update.parameters == {
        "DomainId": domain_id,
        "DomainSettingsForUpdate": {
            "DockerSettings": {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": []},
        },
    }


def test_ids_and_names_mixed_and_all_domains(endpoint, direct):
    first, second, third = endpoint.domain("one"), endpoint.domain("two"), endpoint.domain("three")
    mixed = direct.ok(MODULE, domains=["two", first], enable_docker_access=True)
    assert [domain["domain_id"] for domain in mixed["domains"]] == [second, first]
    everywhere = direct.ok(MODULE, all_domains=True, enable_docker_access=True)
    assert {d["domain_id"]: d["changed"] for d in everywhere["domains"]} == {first: False, second: False, third: True}


def test_a_failing_domain_does_not_stop_the_others(endpoint, direct):
    broken, fine, right = (
        endpoint.domain("broken"),
        endpoint.domain("fine"),
        endpoint.domain("right", {"EnableDockerAccess": "ENABLED"}),
    )
    endpoint.controls(update_failures={broken: "The VPC has gone."})
    run = direct.run(MODULE, domains=[broken, fine, right], enable_docker_access=True)
    assert run.returncode != 0
    assert f"broken ({broken}): it ended in status Update_Failed: The VPC has gone." in run["msg"]
    assert f"Changed: fine ({fine})" in run["msg"]
    assert f"Unchanged: right ({right})" in run["msg"]
    assert [domain["changed"] for domain in run["domains"]] == [False, True, False]
    assert [domain["status"] for domain in run["domains"]] == ["Update_Failed", "InService", "InService"]
    assert run["changed"]


def test_a_setting_that_the_service_kept_or_dropped_is_an_error(endpoint, direct):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [ACCOUNT]})
    endpoint.controls(ignored_docker_settings=["VpcOnlyTrustedAccounts"])
    message = direct.fails(MODULE, domains=[domain_id], vpc_only_trusted_accounts=[])
    assert f"vpc_only_trusted_accounts: expected [], observed ['{ACCOUNT}']" in message
    endpoint.controls(ignored_docker_settings=[], dropped_docker_settings=["RootlessDocker"])
    message = direct.fails(MODULE, domains=[domain_id], rootless_docker=True)
    assert "rootless_docker: expected True, observed False" in message


def test_wait_false_returns_at_once_with_a_warning(endpoint, direct):
    endpoint.controls(stuck_domains=["*"])
    domain_id = endpoint.domain()
    run = direct.ok(MODULE, domains=[domain_id], enable_docker_access=True, wait=False)
    assert run["domains"][0]["status"] == "Updating"
    assert "its settings are not verified" in run.warnings
    message = direct.fails(MODULE, domains=[domain_id], enable_docker_access=False, wait=False)
    assert "it is Updating, and wait is false" in message


def test_the_wait_for_an_updating_domain_ends_with_its_status(endpoint, direct):
    endpoint.controls(stuck_domains=["*"])
    domain_id = endpoint.domain()
    message = direct.fails(MODULE, domains=[domain_id], enable_docker_access=True, wait_timeout=2)
    assert "it was still Updating after" in message
    assert "(wait_timeout 2 s)" in message


@pytest.mark.parametrize(
    ("settings", "vpc_only", "warning"),
    [
        ({"rootless_docker": True}, True, "SageMaker ignores vpc_only_trusted_accounts"),
        ({}, False, "has an effect in VpcOnly domains only"),
    ],
)
def test_settings_without_effect_cause_a_warning(endpoint, direct, settings, vpc_only, warning):
    domain_id = endpoint.domain(vpc_only=vpc_only)
    desired = {"enable_docker_access": True, "vpc_only_trusted_accounts": [ACCOUNT], **settings}
    assert warning in direct.ok(MODULE, domains=[domain_id], **desired).warnings
