# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarting and deleting apps: which apps are selected, how they are created again, and that none is lost."""

from __future__ import annotations

import time
from collections import Counter

import pytest

MODULE = "sagemaker_studio_app"
NO_CAPACITY = "EC2InsufficientCapacityError: Instance type 'ml.m5.large' is temporarily unavailable."
LAB = {"AppType": "JupyterLab", "AppName": "default"}
SPEC = {"InstanceType": "ml.m5.large", "SageMakerImageArn": "arn:aws:sagemaker:eu-west-1:123456789012:image/custom"}


@pytest.fixture(autouse=True)
def _at_once(endpoint):
    """Most of these tests are not about waiting, so no transition takes time."""
    endpoint.controls(transition_seconds=0.0)


def described(endpoint, domain_id, space="ada-jupyterlab"):
    return endpoint.boto3().describe_app(DomainId=domain_id, SpaceName=space, **LAB)


def tags(endpoint, arn):
    return {tag["Key"]: tag["Value"] for tag in endpoint.boto3().list_tags(ResourceArn=arn)["Tags"]}


def space_arn(domain_id, space="ada-jupyterlab"):
    return f"arn:aws:sagemaker:eu-west-1:123456789012:space/{domain_id}/{space}"


def changed(run):
    return {app["owner"]: app["changed"] for app in run["apps"]}


def stop(endpoint, domain_id, space="ada-jupyterlab"):
    endpoint.update("delete_app", DomainId=domain_id, SpaceName=space, **LAB)


def creations(endpoint):
    return Counter(call.parameters.get("SpaceName") for call in endpoint.calls("CreateApp") if call.status == 200)


def test_check_restart_check_again_restart_again(endpoint, ansible):
    endpoint.controls(transition_seconds=0.3)
    domain_id = endpoint.domain("research")
    config = endpoint.lifecycle_config("shell")
    spec = {**SPEC, "LifecycleConfigArn": config}
    arn = endpoint.app(domain_id, ResourceSpec=spec, Tags=[{"Key": "cost", "Value": "7"}])
    before = described(endpoint, domain_id)

    predicted = ansible.ok(MODULE, check=True, domains=["research"])
    assert changed(predicted) == {"ada-jupyterlab": True}
    assert endpoint.mutating_calls() == []
    assert described(endpoint, domain_id)["CreationTime"] == before["CreationTime"]

    done = ansible.ok(MODULE, domains=["research"])
    assert done.differences == predicted.differences
    [(was, becomes)] = done.differences
    assert (was["status"], becomes["status"]) == ("InService", "InService")
    [app] = done["apps"]
    assert (app["type"], app["name"], app["owner_type"], app["status"]) == (
        "JupyterLab",
        "default",
        "space",
        "InService",
    )
    after = described(endpoint, domain_id)
    assert after["CreationTime"] > before["CreationTime"]
    assert after["ResourceSpec"] == spec == app["specification"]["ResourceSpec"]
    assert tags(endpoint, arn)["cost"] == "7"
    assert tags(endpoint, space_arn(domain_id)) == {}

    for check in (True, False):
        endpoint.clear_calls()
        again = ansible.ok(MODULE, check=check, domains=["research"])
        assert (again["changed"], again["apps"], again.differences) == (False, [], [])
        assert endpoint.mutating_calls() == []


def test_an_app_that_keeps_its_creation_time_is_not_restarted_for_the_same_update_again(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(keep_app_creation_time=True)
    assert direct.ok(MODULE, domains=[domain_id])["changed"]
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]
    endpoint.update("update_domain", DomainId=domain_id)
    assert direct.ok(MODULE, domains=[domain_id])["changed"]


def arrange_several(endpoint):
    """Apps of every kind: old and new, stopped, of types with and without local mode, of another domain."""
    domain_id, other = endpoint.domain("research"), endpoint.domain("other")
    for profile in ("old", "stopped"):
        endpoint.app(domain_id, profile=profile)
    endpoint.app(domain_id, profile="old", app_type="CodeEditor")
    endpoint.app(domain_id, "kernel", profile="classic", app_type="KernelGateway")
    endpoint.app(domain_id, "canvas", profile="classic", app_type="Canvas")
    stop(endpoint, domain_id, "stopped-jupyterlab")
    endpoint.app(domain_id, profile="new", created_before_update=False)
    endpoint.app(other, profile="old")
    return domain_id


@pytest.mark.parametrize(
    ("options", "selected"),
    [
        ({}, {"old-jupyterlab", "old-codeeditor"}),
        ({"predates_domain_update": False}, {"old-jupyterlab", "old-codeeditor", "new-jupyterlab"}),
        ({"types": ["JupyterLab"]}, {"old-jupyterlab"}),
        ({"owners": ["old-codeeditor", "new-jupyterlab"]}, {"old-codeeditor"}),
        ({"state": "absent"}, {"old-jupyterlab", "old-codeeditor", "new-jupyterlab"}),
        ({"state": "absent", "predates_domain_update": True}, {"old-jupyterlab", "old-codeeditor"}),
        ({"state": "absent", "types": ["KernelGateway"]}, {"classic"}),
    ],
    ids=["default", "any-age", "type", "owner", "absent", "absent-older", "absent-classic"],
)
def test_selected_apps(endpoint, direct, options, selected):
    arrange_several(endpoint)
    run = direct.ok(MODULE, check=True, domains=["research"], **options)
    assert {app["owner"] for app in run["apps"]} == selected
    assert endpoint.mutating_calls() == []


def test_all_selected_apps_are_restarted_and_no_others(endpoint, direct):
    domain_id = arrange_several(endpoint)
    run = direct.ok(MODULE, domains=["research"])
    assert changed(run) == {"old-jupyterlab": True, "old-codeeditor": True}
    assert described(endpoint, domain_id, "stopped-jupyterlab")["Status"] == "Deleted"
    assert creations(endpoint) == {"old-jupyterlab": 1, "old-codeeditor": 1}
    apps = endpoint.boto3().list_apps(DomainIdEquals=domain_id, UserProfileNameEquals="classic")["Apps"]
    assert {(app["AppName"], app["Status"]) for app in apps} == {("kernel", "InService"), ("canvas", "InService")}


def test_absent_deletes_an_app_and_no_later_run_starts_it(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    run = direct.ok(MODULE, domains=[domain_id], state="absent", owners=["ada-jupyterlab", "nobody"])
    assert run["apps"][0]["status"] == "Deleted"
    assert "user profile named nobody" in run.warnings
    assert described(endpoint, domain_id)["Status"] == "Deleted"
    assert not direct.ok(MODULE, domains=[domain_id], state="absent")["changed"]
    # No restart was interrupted, so nothing is started.
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]


def test_an_app_that_cannot_be_created_stops_no_other_and_the_next_run_creates_it(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id, profile="ada", ResourceSpec=SPEC)
    endpoint.app(domain_id, profile="bob")
    endpoint.controls(denied_actions={"sagemaker:CreateApp": "*/ada-jupyterlab/*"})
    run = direct.run(MODULE, domains=["research"], max_failures=1)
    assert run.returncode != 0
    assert "lack the IAM action sagemaker:CreateApp on arn:aws:sagemaker:eu-west-1:123456789012:app/" in run["msg"]
    assert "Restarted: JupyterLab default of space bob-jupyterlab in research" in run["msg"]
    assert "running this task again within 24 hours" in run["msg"]
    failed = next(app for app in run["apps"] if "error" in app)
    assert (failed["status"], failed["changed"]) == ("Deleted", True)
    assert failed["error_code"] == run["error"]["code"] == "AccessDeniedException"
    assert "perform: sagemaker:CreateApp" in run["error"]["message"]
    [left] = run["apps_to_restart"][domain_id]
    assert (left["owner"], left["status"]) == ("ada-jupyterlab", "Deleted")
    assert failed["specification"]["ResourceSpec"] == SPEC
    assert described(endpoint, domain_id, "bob-jupyterlab")["Status"] == "InService"

    endpoint.controls(denied_actions={})
    finished = direct.ok(MODULE, domains=["research"])
    assert finished["apps_to_restart"] == {domain_id: []}
    assert changed(finished) == {"ada-jupyterlab": True}
    assert described(endpoint, domain_id)["ResourceSpec"] == SPEC
    assert tags(endpoint, space_arn(domain_id)) == {}
    assert not direct.ok(MODULE, domains=["research"])["changed"]


def down(endpoint, domain_id):
    apps = endpoint.boto3().list_apps(DomainIdEquals=domain_id, MaxResults=100)["Apps"]
    return [app["SpaceName"] for app in apps if app["Status"] != "InService"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"app_quotas": {"*": 0}}, "a service quota of the account is exhausted, and nothing is wrong with the app"),
        ({"denied_actions": {"sagemaker:CreateApp": "*"}}, "lack the IAM action sagemaker:CreateApp"),
        ({"app_failures": {"*": f"{NO_CAPACITY} ..."}}, "AWS has no capacity for ml.m5.large now"),
    ],
    ids=["quota", "denied", "capacity"],
)
def test_only_the_first_app_is_down_if_apps_cannot_be_created_and_the_next_run_creates_it(
    endpoint, direct, fault, message
):
    domain_id = endpoint.domain()
    for number in range(5):
        endpoint.app(domain_id, profile=f"user-{number}", ResourceSpec=SPEC)
    endpoint.controls(**fault)
    run = direct.run(MODULE, domains=[domain_id])
    assert run.returncode != 0
    assert message in run["msg"]
    assert "(1 app(s) did not get into service again, and max_failures is 0)" in run["msg"]
    [first] = down(endpoint, domain_id)
    assert len(endpoint.calls("DeleteApp")) == 1
    assert len(run["apps_to_restart"][domain_id]) == 5
    assert [app["owner"] for app in run["apps"] if "skip_reason" not in app] == [first]
    if "app_failures" not in fault:
        # As long as apps cannot be created, no further run deletes one.
        direct.fails(MODULE, domains=[domain_id])
        assert down(endpoint, domain_id) == [first]

    endpoint.controls(denied_actions={}, app_quotas={}, app_failures={})
    endpoint.clear_calls()
    finished = direct.ok(MODULE, domains=[domain_id])
    assert set(changed(finished).values()) == {True}
    assert len(finished["apps"]) == 5
    assert endpoint.calls("CreateApp")[0].parameters["SpaceName"] == first
    assert down(endpoint, domain_id) == []
    assert finished["apps_to_restart"] == {domain_id: []}


def test_apps_are_restarted_in_batches(endpoint, direct):
    domain_id = endpoint.domain()
    for number in range(5):
        endpoint.app(domain_id, profile=f"user-{number}")
    endpoint.controls(transition_seconds=0.5)
    direct.ok(MODULE, domains=[domain_id], batch_size=2)
    order = [call.operation for call in endpoint.calls() if call.operation in ("DeleteApp", "CreateApp")]
    assert order[:2] == ["DeleteApp", "CreateApp"]
    down_now = most = 0
    for operation in order:
        down_now += 1 if operation == "DeleteApp" else -1
        most = max(most, down_now)
    assert most == 2


@pytest.mark.parametrize("app_type", ["KernelGateway", "JupyterServer"])
def test_apps_of_studio_classic_are_never_restarted(endpoint, direct, app_type):
    domain_id = endpoint.domain()
    endpoint.app(domain_id, profile="classic", app_type="KernelGateway", name="kernel")
    message = direct.fails(MODULE, domains=[domain_id], types=["JupyterLab", app_type])
    assert "apps of Studio Classic cannot be restarted, because AWS no longer creates them" in message
    assert endpoint.calls() == []
    run = direct.ok(MODULE, domains=[domain_id], types=["KernelGateway"], state="absent")
    assert changed(run) == {"classic": True}


def test_an_app_in_recovery_mode_is_not_restarted(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id, RecoveryMode=True)
    run = direct.ok(MODULE, domains=[domain_id])
    assert not run["changed"]
    assert "it is not restarted, because it runs in recovery mode" in run.warnings
    assert [app["owner"] for app in run["apps_to_restart"][domain_id]] == ["ada-jupyterlab"]
    assert endpoint.mutating_calls() == []
    assert direct.ok(MODULE, domains=[domain_id], state="absent")["changed"]


def test_spaces_that_are_deleted_and_apps_that_failed_before_stop_no_restart(endpoint, direct):
    """Their tags cannot be read; a stopped app costs at most one call, for its owner."""
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    for number in range(4):
        space = f"stopped-{number}-jupyterlab"
        endpoint.app(domain_id, profile=f"stopped-{number}")
        stop(endpoint, domain_id, space)
        if number == 3:
            endpoint.update("delete_space", DomainId=domain_id, SpaceName=space)
    endpoint.app(domain_id, profile="failed")
    stop(endpoint, domain_id, "failed-jupyterlab")
    endpoint.controls(app_failures={"*": "The lifecycle configuration failed."})
    endpoint.boto3().create_app(DomainId=domain_id, SpaceName="failed-jupyterlab", **LAB)
    endpoint.clear_calls()
    assert changed(direct.ok(MODULE, check=True, domains=[domain_id])) == {"ada-jupyterlab": True}
    read = Counter(call.parameters["ResourceArn"].rpartition("/")[2] for call in endpoint.calls("ListTags"))
    assert read == {"default": 1, "failed-jupyterlab": 1, **{f"stopped-{number}-jupyterlab": 1 for number in range(4)}}
    assert len(endpoint.calls("DescribeApp")) == 1


def test_the_stopped_apps_of_one_owner_cost_one_call(endpoint, direct):
    domain_id = endpoint.domain()
    for number in range(5):
        endpoint.app(domain_id, f"kernel-{number}", app_type="KernelGateway", profile="classic")
    for number in range(5):
        app = {"DomainId": domain_id, "UserProfileName": "classic", "AppType": "KernelGateway"}
        endpoint.update("delete_app", **app, AppName=f"kernel-{number}")
    for app_type in ("JupyterLab", "CodeEditor"):
        endpoint.app(domain_id, app_type=app_type, space="shared")
        app = {"DomainId": domain_id, "SpaceName": "shared", "AppType": app_type, "AppName": "default"}
        endpoint.update("delete_app", **app)
    endpoint.clear_calls()
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]
    assert Counter(call.operation for call in endpoint.calls()) == {
        "DescribeDomain": 1,
        "ListApps": 1,
        "ListTags": 1,
    }


@pytest.mark.parametrize("attach_as", ["default", "available"])
@pytest.mark.parametrize("profiles", [None, ["ada"]], ids=["domain", "user-profile"])
def test_a_restarted_app_starts_the_newer_lifecycle_configuration(endpoint, direct, attach_as, profiles):
    domain_id = endpoint.domain()
    endpoint.user_profile(domain_id)
    options = {"name": "docker", "domains": [domain_id], "app_types": ["JupyterLab"], "attach_as": attach_as}
    if profiles:
        options["user_profiles"] = profiles

    def attach(content):
        run = direct.ok("sagemaker_studio_lifecycle_config", content=content, **options)
        return run["lifecycle_configs"][0]["arn"], run["removed"]

    older, _ = attach("#!/bin/sh\n: older\n")
    endpoint.app(domain_id, ResourceSpec={**SPEC, "LifecycleConfigArn": older})
    newer, removed = attach("#!/bin/sh\n: newer\n")
    assert removed == []
    endpoint.update("update_domain", DomainId=domain_id)
    direct.ok(MODULE, domains=[domain_id])
    assert described(endpoint, domain_id)["ResourceSpec"] == {**SPEC, "LifecycleConfigArn": newer}
    # Nothing uses the older one any more.
    assert attach("#!/bin/sh\n: newer\n")[1] == [older.rpartition("/")[2]]


def test_an_owner_selects_the_private_spaces_of_the_user_profile(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.app(domain_id, app_type="CodeEditor")
    endpoint.app(domain_id, space="team", shared=True)
    endpoint.app(domain_id, profile="bob")
    run = direct.ok(MODULE, check=True, domains=[domain_id], owners=["ada"])
    assert changed(run) == {"ada-jupyterlab": True, "ada-codeeditor": True}
    assert "No selected app belongs to" not in run.warnings
    run = direct.ok(MODULE, check=True, domains=[domain_id], owners=["team", "bob", "eve"])
    assert changed(run) == {"team": True, "bob-jupyterlab": True}
    assert "No selected app belongs to a space or user profile named eve." in run.warnings


def test_a_stopped_run_restarts_no_further_app_and_says_so(endpoint, direct):
    domain_id = endpoint.domain()
    for number in range(20):
        endpoint.app(domain_id, profile=f"user-{number}")
    endpoint.controls(latency_ms=50, transition_seconds=0.3)
    running = direct.start(MODULE, domains=[domain_id], batch_size=2)
    while len(endpoint.calls("DeleteApp")) < 3:
        assert running.alive()
        time.sleep(0.02)
    running.interrupt()
    run = direct.finish(running)
    assert run.returncode != 0
    deleted = {call.parameters["SpaceName"] for call in endpoint.calls("DeleteApp")}
    assert len(deleted) < 20
    assert set(creations(endpoint)) == deleted
    assert {app["owner"] for app in run["apps"] if "skip_reason" not in app} == deleted
    assert {app["owner"] for app in run["apps_to_restart"][domain_id]} >= {
        app["owner"] for app in run["apps"] if "skip_reason" in app
    }
    assert "(the task was stopped because it received SIGINT)" in run["msg"]


def test_the_specification_in_the_result_is_what_create_app_takes(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id, ResourceSpec=SPEC)
    run = direct.ok(MODULE, domains=[domain_id], state="absent")
    endpoint.boto3().create_app(**run["apps"][0]["specification"])
    assert described(endpoint, domain_id)["ResourceSpec"] == SPEC


def test_an_app_that_fails_to_start_is_restarted_by_the_next_run(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id, ResourceSpec=SPEC)
    endpoint.controls(app_failures={"*": "No capacity."})
    assert "it ended in status Failed: No capacity." in direct.fails(MODULE, domains=[domain_id])
    assert direct.ok(MODULE, domains=[domain_id])["changed"]
    after = described(endpoint, domain_id)
    assert (after["Status"], after["ResourceSpec"]) == ("InService", SPEC)


def test_an_app_that_failed_before_is_not_restarted(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.controls(app_failures={"*": "No capacity."})
    endpoint.app(domain_id)
    stop(endpoint, domain_id)
    endpoint.boto3().create_app(DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    assert described(endpoint, domain_id)["Status"] == "Failed"
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]


def test_a_failed_app_that_its_user_started_after_an_interrupted_restart_is_left_alone(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(transition_seconds=2.0)
    running = direct.start(MODULE, domains=[domain_id])
    while len(endpoint.calls("AddTags")) < 2:
        assert running.alive()
        time.sleep(0.02)
    running.interrupt()
    direct.finish(running)
    sagemaker = endpoint.boto3()
    [(key, value)] = tags(endpoint, space_arn(domain_id)).items()
    assert value.startswith("recreated 20")
    # Three weeks later.
    long_ago = {"Key": key, "Value": "recreated 2020-01-31T11:00:00+00:00"}
    sagemaker.add_tags(ResourceArn=space_arn(domain_id), Tags=[long_ago])
    stop(endpoint, domain_id)
    endpoint.controls(transition_seconds=0.0, app_failures={"*": "The user's own failure."})
    sagemaker.create_app(DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    assert described(endpoint, domain_id)["Status"] == "Failed"
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]


@pytest.mark.parametrize("next_run", ["once deleted", "while deleting"])
def test_the_next_run_creates_an_app_that_a_killed_run_deleted(endpoint, direct, next_run):
    domain_id = endpoint.domain()
    endpoint.app(domain_id, ResourceSpec=SPEC)
    endpoint.controls(transition_seconds=0.5 if next_run == "once deleted" else 4.0)
    running = direct.start(MODULE, domains=[domain_id])
    while not endpoint.calls("DeleteApp"):
        assert running.alive()
        time.sleep(0.02)
    running.kill()
    assert creations(endpoint) == {}
    while next_run == "once deleted" and described(endpoint, domain_id)["Status"] == "Deleting":
        time.sleep(0.1)
    predicted = direct.ok(MODULE, check=True, domains=[domain_id])
    assert changed(predicted) == {"ada-jupyterlab": True}
    run = direct.ok(MODULE, domains=[domain_id])
    assert described(endpoint, domain_id)["Status"] == "InService"
    assert described(endpoint, domain_id)["ResourceSpec"] == SPEC
    # The tags of an app that is still Deleting can be read, if the run comes early enough.
    assert "its own tags can no longer be read" in run.warnings or next_run == "while deleting"
    assert creations(endpoint) == {"ada-jupyterlab": 1}


def test_an_app_that_its_user_started_and_stopped_meanwhile_is_not_started(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(denied_actions={"sagemaker:CreateApp": "*"})
    direct.fails(MODULE, domains=[domain_id])
    endpoint.update("create_app", DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    stop(endpoint, domain_id)
    endpoint.controls(denied_actions={})
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]
    assert described(endpoint, domain_id)["Status"] == "Deleted"


def test_an_app_that_cannot_be_deleted_keeps_running_and_its_owner_gets_no_tag(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(denied_actions={"sagemaker:DeleteApp": "*"})
    run = direct.run(MODULE, domains=[domain_id])
    assert "lack the IAM action sagemaker:DeleteApp" in run["msg"]
    assert "within 24 hours" not in run["msg"]
    assert not run["changed"]
    assert described(endpoint, domain_id)["Status"] == "InService"
    assert tags(endpoint, space_arn(domain_id)) == {}


def test_a_domain_whose_apps_cannot_be_listed_stops_no_other(endpoint, direct):
    closed, open_ = endpoint.domain("closed"), endpoint.domain("open")
    for domain_id in (closed, open_):
        endpoint.app(domain_id)
    endpoint.controls(denied_actions={"sagemaker:DescribeDomain": f"*/{closed}"})
    run = direct.run(MODULE, domains=[closed, open_])
    assert run.returncode != 0
    assert f"{closed}: The credentials lack the IAM action sagemaker:DescribeDomain" in run["msg"]
    assert [(app["domain_name"], app["status"]) for app in run["apps"]] == [("open", "InService")]


@pytest.mark.parametrize(
    "faults",
    [
        {"busy_calls": {"DeleteApp": 2, "CreateApp": 3}},
        {"drop_every": 5, "drop_moment": "after"},
        {"throttle_every": 5, "drop_every": 7, "error_every": 11, "busy_calls": {"CreateApp": 1}},
    ],
    ids=["busy", "dropped-after", "all-of-it"],
)
def test_temporary_faults_are_retried(endpoint, direct, faults):
    domain_id = endpoint.domain()
    for number in range(3):
        endpoint.app(domain_id, profile=f"user-{number}", ResourceSpec=SPEC)
    endpoint.controls(**faults)
    run = direct.ok(MODULE, domains=[domain_id])
    assert set(changed(run).values()) == {True}
    counted = creations(endpoint)
    endpoint.controls(throttle_every=0, drop_every=0, error_every=0, busy_calls={})
    for number in range(3):
        space = f"user-{number}-jupyterlab"
        app = described(endpoint, domain_id, space)
        assert (app["Status"], app["ResourceSpec"]) == ("InService", SPEC)
        assert counted[space] <= 1
        assert tags(endpoint, space_arn(domain_id, space)) == {}
    assert not direct.ok(MODULE, domains=[domain_id])["changed"]


def test_two_concurrent_runs_restart_each_app_and_both_succeed(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id, ResourceSpec=SPEC)
    endpoint.controls(transition_seconds=4.0)
    running = [direct.start(MODULE, domains=[domain_id]) for _ in range(2)]
    runs = [direct.finish(process) for process in running]
    assert [run.returncode for run in runs] == [0, 0]
    assert described(endpoint, domain_id)["Status"] == "InService"
    assert tags(endpoint, space_arn(domain_id)) == {}
