# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote access of spaces: which are selected, what is changed, and that no app is lost by a restart."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from tests import iam_policies

MODULE = "sagemaker_studio_space"
LARGE = {"InstanceType": "ml.m5.large"}
LAB = {"AppType": "JupyterLab", "AppName": "default"}


@pytest.fixture(autouse=True)
def _at_once(endpoint):
    endpoint.controls(transition_seconds=0.0)


def app(endpoint, domain_id, space="ada-jupyterlab", **options):
    endpoint.app(domain_id, space=space, ResourceSpec=options.pop("spec", LARGE), **options)


def remote_access(endpoint, domain_id, space="ada-jupyterlab"):
    described = endpoint.boto3().describe_space(DomainId=domain_id, SpaceName=space)
    return described["SpaceSettings"].get("RemoteAccess", "DISABLED")


def app_status(endpoint, domain_id, space="ada-jupyterlab"):
    return endpoint.boto3().describe_app(DomainId=domain_id, SpaceName=space, **LAB)["Status"]


def by_name(run, key):
    return {space["space_name"]: space[key] for space in run["spaces"]}


def test_check_switch_check_again_switch_again(endpoint, ansible):
    endpoint.controls(transition_seconds=0.3)
    domain_id = endpoint.domain("research")
    app(endpoint, domain_id)
    options = {"domains": ["research"], "remote_access": True, "restart": True}

    predicted = ansible.ok(MODULE, check=True, **options)
    assert predicted["changed"]
    assert endpoint.mutating_calls() == []

    done = ansible.ok(MODULE, **options)
    assert done.differences == predicted.differences
    [(before, after)] = done.differences
    assert (before["remote_access"], after["remote_access"]) == (False, True)
    [space] = done["spaces"]
    assert (space["remote_access"], space["reachable"], space["restarted"]) == (True, True, True)
    assert space["app"]["status"] == "InService"
    calls = [call.operation for call in endpoint.mutating_calls() if not call.operation.endswith("Tags")]
    assert calls == ["DeleteApp", "UpdateSpace", "CreateApp"]
    [update] = endpoint.calls("UpdateSpace")
    assert update.parameters["SpaceSettings"] == {"RemoteAccess": "ENABLED"}
    created = endpoint.boto3().describe_app(DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    assert created["ResourceSpec"] == LARGE

    for check in (True, False):
        endpoint.clear_calls()
        again = ansible.ok(MODULE, check=check, **options)
        assert (again["changed"], again.differences) == (False, [])
        assert endpoint.mutating_calls() == []


def arrange_several(endpoint):
    research, other = endpoint.domain("research"), endpoint.domain("other")
    app(endpoint, research, "ada-lab", profile="ada")
    app(endpoint, research, "bob-lab", profile="bob", remote_access=True)
    app(endpoint, research, "bob-editor", profile="bob", app_type="CodeEditor")
    endpoint.space(research, "classic", SpaceSettings={"AppType": "JupyterServer"})
    app(endpoint, other, "ada-lab", profile="ada")
    tag = [{"Key": "team", "Value": "x"}]
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:space/{research}/bob-editor"
    endpoint.update("add_tags", ResourceArn=arn, Tags=tag)
    return research


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ({}, {"ada-lab": True, "bob-lab": False, "bob-editor": True, "classic": False}),
        ({"spaces": ["bob-*"]}, {"bob-lab": False, "bob-editor": True}),
        ({"owners": ["ada"]}, {"ada-lab": True, "classic": False}),
        ({"space_tags": {"team": "x"}}, {"bob-editor": True}),
        ({"spaces": ["bob-*"], "remote_access": False}, {"bob-lab": True, "bob-editor": False}),
    ],
    ids=["all", "name", "owner", "tag", "off"],
)
def test_selected_spaces(endpoint, direct, options, changed):
    domain_id = arrange_several(endpoint)
    run = direct.ok(MODULE, **{"domains": ["research"], "remote_access": True, **options})
    assert by_name(run, "changed") == changed
    updated = {call.parameters["SpaceName"] for call in endpoint.calls("UpdateSpace")}
    assert updated == {name for name, is_changed in changed.items() if is_changed}
    assert {call.parameters["DomainId"] for call in endpoint.calls("UpdateSpace")} == {domain_id}
    assert endpoint.calls("DeleteApp") == []


def test_it_describes_without_remote_access(endpoint, direct):
    arrange_several(endpoint)
    run = direct.ok(MODULE, domains=["research"])
    assert not run["changed"]
    assert by_name(run, "reachable") == {"ada-lab": False, "bob-lab": True, "bob-editor": False, "classic": False}
    assert "remote access is off" in by_name(run, "unreachable_because")["ada-lab"]
    assert Counter(call.operation for call in endpoint.calls()) == {
        "ListDomains": 1,
        "DescribeDomain": 1,
        "ListSpaces": 1,
        "ListApps": 1,
    }


def test_without_a_restart_it_names_the_apps_to_restart_until_they_are(endpoint, direct):
    domain_id = endpoint.domain("research")
    app(endpoint, domain_id)
    endpoint.space(domain_id, "empty", SpaceSettings={"AppType": "JupyterLab"})
    options = {"domains": ["research"], "remote_access": True}
    for check in (True, False):
        run = direct.ok(MODULE, check=check, **options)
        assert by_name(run, "restart_required") == {"ada-jupyterlab": True, "empty": False}
        assert [item["owner"] for item in run["apps_to_restart"][domain_id]] == ["ada-jupyterlab"]
    assert endpoint.calls("DeleteApp") == []
    again = direct.ok(MODULE, **options)
    assert not again["changed"]
    assert by_name(again, "restart_required")["ada-jupyterlab"]
    assert "its app started before" in by_name(again, "unreachable_because")["ada-jupyterlab"]
    restarted = direct.ok(MODULE, **options, restart=True)
    assert by_name(restarted, "restarted") == {"ada-jupyterlab": True, "empty": False}
    assert not direct.ok(MODULE, **options, restart=True)["changed"]


def test_an_app_that_keeps_its_creation_time_is_not_restarted_again(endpoint, direct):
    domain_id = endpoint.domain()
    app(endpoint, domain_id)
    endpoint.controls(keep_app_creation_time=True)
    options = {"domains": [domain_id], "remote_access": True, "restart": True}
    assert direct.ok(MODULE, **options)["changed"]
    assert not direct.ok(MODULE, **options)["changed"]


def test_too_small_an_instance_is_told_before_and_not_restarted(endpoint, direct):
    domain_id = endpoint.domain()
    app(endpoint, domain_id, spec={"InstanceType": "ml.t3.medium"})
    for check in (True, False):
        run = direct.ok(MODULE, check=check, domains=[domain_id], remote_access=True, restart=True)
        assert "its instance type ml.t3.medium has less than the 8 GiB" in run.warnings
        assert by_name(run, "reachable") == {"ada-jupyterlab": False}
    assert endpoint.calls("DeleteApp") == []
    assert remote_access(endpoint, domain_id) == "ENABLED"


@pytest.mark.parametrize("was_run", [False, True], ids=["never run", "stopped"])
@pytest.mark.parametrize("app_type", ["JupyterLab", "CodeEditor"])
def test_too_small_an_instance_of_a_stopped_space_is_told_before(endpoint, direct, app_type, was_run):
    domain_id = endpoint.domain()
    small = {"InstanceType": "ml.t3.medium"}
    name = f"ada-{app_type.lower()}"
    default = {} if was_run else {f"{app_type}AppSettings": {"DefaultResourceSpec": small}}
    endpoint.space(domain_id, name, SpaceSettings={"AppType": app_type, **default})
    endpoint.space(domain_id, "large", SpaceSettings={"AppType": app_type})
    if was_run:
        app(endpoint, domain_id, app_type=app_type, space=name, spec=small)
        endpoint.update("delete_app", DomainId=domain_id, SpaceName=name, AppType=app_type, AppName="default")
    for check in (True, False, False):
        run = direct.ok(MODULE, check=check, domains=[domain_id], remote_access=True)
        assert f"{name} in studio ({domain_id}): ml.t3.medium has less than the 8 GiB" in run.warnings
        assert "ml.t3.medium has less than the 8 GiB" in by_name(run, "unreachable_because")[name]
        assert "8 GiB" not in by_name(run, "unreachable_because")["large"]
        assert "large in studio" not in run.warnings
    described = endpoint.boto3().describe_space(DomainId=domain_id, SpaceName=name)
    assert described["SpaceSettings"]["RemoteAccess"] == "ENABLED"
    assert "8 GiB" not in direct.ok(MODULE, domains=[domain_id], remote_access=False).warnings


def test_a_domain_without_a_name_or_an_arn(endpoint, direct):
    nameless, arnless = endpoint.domain("nameless"), endpoint.domain("arnless")
    for domain_id in (nameless, arnless):
        app(endpoint, domain_id)
    endpoint.controls(missing_domain_members={nameless: ["DomainName"], arnless: ["DomainArn"]})
    assert [space["domain_name"] for space in direct.ok(MODULE, domains=[nameless])["spaces"]] == [nameless]
    run = direct.run(MODULE, all_domains=True)
    assert f"{arnless}: SageMaker describes it without an ARN" in run["msg"]
    assert [space["domain_id"] for space in run["spaces"]] == [nameless]


@pytest.mark.parametrize("restart", [False, True])
def test_a_refusal_beside_a_running_app_is_explained_and_a_restart_avoids_it(endpoint, direct, restart):
    domain_id = endpoint.domain()
    app(endpoint, domain_id)
    endpoint.controls(refuse_space_updates_while_apps_run=True)
    run = direct.run(MODULE, domains=[domain_id], remote_access=True, restart=restart)
    if restart:
        assert run["spaces"][0]["reachable"]
    else:
        assert "does not accept the change while the app of the space runs" in run["msg"]
        assert "Set restart=true" in run["msg"]
        assert run["spaces"][0]["error_code"] == "ResourceInUse"


def test_a_space_that_cannot_be_updated_gets_its_app_again_and_stops_no_other(endpoint, direct):
    domain_id = endpoint.domain()
    app(endpoint, domain_id, "closed")
    app(endpoint, domain_id, "open")
    endpoint.controls(denied_actions={"sagemaker:UpdateSpace": "*/closed"})
    run = direct.run(MODULE, domains=[domain_id], remote_access=True, restart=True)
    assert run.returncode != 0
    assert "1 of 2 space(s) failed. closed in studio" in run["msg"]
    assert "lack the IAM action sagemaker:UpdateSpace on" in run["msg"]
    assert "Changed: open in studio" in run["msg"]
    assert app_status(endpoint, domain_id, "closed") == app_status(endpoint, domain_id, "open") == "InService"
    assert by_name(run, "reachable") == {"closed": False, "open": True}


def test_the_next_run_creates_an_app_that_was_not_created(endpoint, direct):
    domain_id = endpoint.domain()
    app(endpoint, domain_id, "first")
    app(endpoint, domain_id, "second")
    endpoint.controls(denied_actions={"sagemaker:CreateApp": "*"})
    options = {"domains": [domain_id], "remote_access": True, "restart": True}
    run = direct.run(MODULE, **options)
    assert "running this task again within 24 hours" in run["msg"]
    assert "Not restarted: second in studio" in run["msg"]
    assert (app_status(endpoint, domain_id, "first"), app_status(endpoint, domain_id, "second")) == (
        "Deleted",
        "InService",
    )
    endpoint.controls(denied_actions={})
    assert by_name(direct.ok(MODULE, **options), "reachable") == {"first": True, "second": True}
    assert app_status(endpoint, domain_id, "first") == "InService"


def test_a_stopped_run_creates_what_it_deleted_and_begins_nothing_more(endpoint, direct):
    domain_id = endpoint.domain()
    for number in range(8):
        app(endpoint, domain_id, f"space-{number}")
    endpoint.controls(latency_ms=50, transition_seconds=0.3)
    running = direct.start(MODULE, domains=[domain_id], remote_access=True, restart=True, batch_size=2)
    while len(endpoint.calls("DeleteApp")) < 2:
        assert running.alive()
        time.sleep(0.02)
    running.interrupt()
    run = direct.finish(running)
    assert run.returncode != 0
    deleted = {call.parameters["SpaceName"] for call in endpoint.calls("DeleteApp")}
    assert len(deleted) < 8
    assert {call.parameters["SpaceName"] for call in endpoint.calls("CreateApp")} == deleted
    assert "the task was stopped because it received SIGINT" in run["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"domains": ["reserach"]}, "no domain has the ID or the name 'reserach'"),
        ({"spaces": ["nobodys"]}, "No space of research matches spaces: 'nobodys'."),
        ({"owners": ["eve", "ada"]}, "No space of research matches owners: 'eve'."),
        ({"restart": True, "remote_access": None}, "restart=true requires remote_access"),
        ({"batch_size": 0}, "batch_size is 0, but must be at least 1"),
    ],
    ids=["domain", "space", "owner", "restart", "batch"],
)
def test_bad_input(endpoint, direct, options, message):
    app(endpoint, endpoint.domain("research"))
    assert message in direct.fails(MODULE, **{"domains": ["research"], "remote_access": True, **options})
    assert endpoint.mutating_calls() == []


def test_temporary_faults_are_retried(endpoint, direct):
    domain_id = endpoint.domain()
    for number in range(3):
        app(endpoint, domain_id, f"space-{number}")
    endpoint.controls(throttle_every=5, drop_every=7, error_every=11, busy_calls={"UpdateSpace": 1, "CreateApp": 1})
    run = direct.ok(MODULE, domains=[domain_id], remote_access=True, restart=True)
    assert set(by_name(run, "reachable").values()) == {True}
    created = Counter(call.parameters["SpaceName"] for call in endpoint.calls("CreateApp") if call.status == 200)
    assert set(created.values()) == {1}


def test_the_iam_policies_of_the_playbook_allow_the_calls_and_nothing_else(endpoint, direct):
    domain_id = endpoint.domain("research")
    older = endpoint.lifecycle_config("docker-jupyterlab-000000000000", age=60)
    tags = [{"Key": "team", "Value": "research"}]
    app(endpoint, domain_id, Tags=tags, spec={**LARGE, "LifecycleConfigArn": older})
    app(endpoint, domain_id, "stopped")
    endpoint.update("delete_app", DomainId=domain_id, SpaceName="stopped", **LAB)
    policies = ("remote_access", "enable_local_mode_restart_apps")
    direct.ok(MODULE, domains=["research"], remote_access=True, restart=True)
    assert iam_policies.not_allowed(endpoint.calls(), *policies) == set()
    assert iam_policies.unused(endpoint.calls(), *policies) == set()
