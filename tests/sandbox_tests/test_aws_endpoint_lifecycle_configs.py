# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle configurations of the sandbox's AWS endpoint, what they are attached to, and what apps take from them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

LAB = {"AppType": "JupyterLab", "AppName": "default"}
SPACE = "ada-jupyterlab"


def attached(arn):
    return {"JupyterLabAppSettings": {"LifecycleConfigArns": [arn], "DefaultResourceSpec": {"LifecycleConfigArn": arn}}}


@pytest.fixture(autouse=True)
def calls_in_a_row(endpoint):
    """AWS's own rates have tests in test_aws_endpoint_rates."""
    kinds = ("Create", "Delete", "Describe")
    rates = {f"{kind}StudioLifecycleConfig": 100.0 for kind in kinds} | {"ListStudioLifecycleConfigs": 100.0}
    endpoint.controls(rate_limits=rates)


def code(call, **request):
    with pytest.raises(ClientError) as refused:
        call(**request)
    return refused.value.response["Error"]["Code"]


def test_a_configuration_is_created_described_listed_tagged_and_deleted(endpoint):
    sagemaker = endpoint.boto3()
    request = {"StudioLifecycleConfigContent": "Og==", "StudioLifecycleConfigAppType": "JupyterLab"}
    created = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName="docker-1", **request, Tags=[{"Key": "team", "Value": "ml"}]
    )
    arn = created["StudioLifecycleConfigArn"]
    assert arn == "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/docker-1"
    described = sagemaker.describe_studio_lifecycle_config(StudioLifecycleConfigName="docker-1")
    assert described["StudioLifecycleConfigContent"] == "Og=="
    assert described["CreationTime"] == described["LastModifiedTime"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "ml"}]
    assert (
        code(sagemaker.create_studio_lifecycle_config, StudioLifecycleConfigName="docker-1", **request)
        == "ResourceInUse"
    )
    endpoint.lifecycle_config("docker-2", app_type="CodeEditor")
    endpoint.lifecycle_config("other")

    def names(**filters):
        listed = sagemaker.list_studio_lifecycle_configs(**filters)["StudioLifecycleConfigs"]
        assert all("StudioLifecycleConfigContent" not in config for config in listed)
        return {config["StudioLifecycleConfigName"] for config in listed}

    assert names() == {"docker-1", "docker-2", "other"}
    assert names(NameContains="docker") == {"docker-1", "docker-2"}
    assert names(NameContains="docker", AppTypeEquals="CodeEditor") == {"docker-2"}
    sagemaker.delete_studio_lifecycle_config(StudioLifecycleConfigName="docker-1")
    for operation in (sagemaker.describe_studio_lifecycle_config, sagemaker.delete_studio_lifecycle_config):
        assert code(operation, StudioLifecycleConfigName="docker-1") == "ResourceNotFound"


@pytest.mark.parametrize("member", ["StudioLifecycleConfigContent", "StudioLifecycleConfigName"])
def test_a_configuration_that_breaks_the_model_is_refused(endpoint, member):
    request = {
        "StudioLifecycleConfigName": "docker",
        "StudioLifecycleConfigContent": "Og==",
        "StudioLifecycleConfigAppType": "JupyterLab",
        member: "-" * 16385,
    }
    assert code(endpoint.boto3().create_studio_lifecycle_config, **request) == "ValidationException"


def test_what_is_attached_or_running_is_in_use(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.user_profile(domain_id)
    arn = endpoint.lifecycle_config("docker")
    detached = {"JupyterLabAppSettings": {"LifecycleConfigArns": [], "DefaultResourceSpec": {}}}

    def deletion():
        return code(sagemaker.delete_studio_lifecycle_config, StudioLifecycleConfigName="docker")

    endpoint.update("update_domain", DomainId=domain_id, DefaultUserSettings=attached(arn))
    assert deletion() == "ResourceInUse"
    endpoint.update("update_domain", DomainId=domain_id, DefaultUserSettings=detached)
    profile = {"DomainId": domain_id, "UserProfileName": "ada"}
    endpoint.update("update_user_profile", **profile, UserSettings=attached(arn))
    assert deletion() == "ResourceInUse"
    endpoint.update("update_user_profile", **profile, UserSettings=detached)
    endpoint.app(domain_id, ResourceSpec={"LifecycleConfigArn": arn})
    assert deletion() == "ResourceInUse"
    endpoint.controls(guard_lifecycle_configs=False)
    sagemaker.delete_studio_lifecycle_config(StudioLifecycleConfigName="docker")
    request = {"DomainId": domain_id, "DefaultUserSettings": attached(arn)}
    assert code(sagemaker.update_domain, **request) == "ValidationException"


@pytest.mark.parametrize(("semantics", "kept"), [("merge", True), ("replace", False)])
def test_app_settings_are_merged_or_replaced_and_cleared_by_none(endpoint, semantics, kept):
    endpoint.controls(update_semantics=semantics, transition_seconds=0)
    sagemaker, arn = endpoint.boto3(), endpoint.lifecycle_config("docker")
    domain_id = endpoint.domain()
    block = {**attached(arn)["JupyterLabAppSettings"], "BuiltInLifecycleConfigArn": arn}

    def settings_after(**update):
        sagemaker.update_domain(DomainId=domain_id, DefaultUserSettings={"JupyterLabAppSettings": update})
        settings = sagemaker.describe_domain(DomainId=domain_id)["DefaultUserSettings"]
        assert "ExecutionRole" in settings
        return settings["JupyterLabAppSettings"]

    assert settings_after(**block) == block
    assert ("LifecycleConfigArns" in settings_after(BuiltInLifecycleConfigArn=arn)) is kept
    assert "BuiltInLifecycleConfigArn" not in settings_after(BuiltInLifecycleConfigArn="None")
    assert "DefaultResourceSpec" not in settings_after(DefaultResourceSpec={"LifecycleConfigArn": "None"})


def test_an_app_takes_the_nearest_resource_spec_and_the_built_in_configuration(endpoint):
    endpoint.controls(transition_seconds=0)
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    arn = endpoint.lifecycle_config("docker")
    endpoint.app(domain_id)
    app = {"DomainId": domain_id, "SpaceName": SPACE, **LAB}
    built_in = {"BuiltInLifecycleConfigArn": arn, "DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}
    endpoint.update("update_domain", DomainId=domain_id, DefaultUserSettings={"JupyterLabAppSettings": built_in})
    space = {"DefaultResourceSpec": {"InstanceType": "ml.t3.large", "LifecycleConfigArn": arn}}
    sagemaker.update_space(DomainId=domain_id, SpaceName=SPACE, SpaceSettings={"JupyterLabAppSettings": space})
    assert "BuiltInLifecycleConfigArn" not in sagemaker.describe_app(**app)
    sagemaker.delete_app(**app)
    assert sagemaker.describe_app(**app)["Status"] == "Deleted"
    sagemaker.create_app(**app, ResourceSpec={"InstanceType": "ml.m5.large"})
    described = sagemaker.describe_app(**app)
    assert described["ResourceSpec"] == {"InstanceType": "ml.m5.large", "LifecycleConfigArn": arn}
    assert described["BuiltInLifecycleConfigArn"] == arn


def test_an_app_fails_once_keeps_its_time_and_loses_its_tags(endpoint):
    endpoint.controls(transition_seconds=0, app_failures={SPACE: "No capacity."}, keep_app_creation_time=True)
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain(tags={"team": "ml"}, TagPropagation="ENABLED")
    arn = endpoint.app(domain_id, Tags=[{"Key": "cost", "Value": "7"}])
    app = {"DomainId": domain_id, "SpaceName": SPACE, **LAB}
    assert {tag["Key"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]} == {"team", "cost"}
    created = sagemaker.describe_app(**app)["CreationTime"]
    sagemaker.delete_app(**app)
    assert code(sagemaker.list_tags, ResourceArn=arn) == "ValidationException"
    sagemaker.create_app(**app)
    failed = sagemaker.describe_app(**app)
    assert (failed["Status"], failed["FailureReason"]) == ("Failed", "No capacity.")
    assert failed["CreationTime"] == created
    sagemaker.delete_app(**app)
    sagemaker.create_app(**app)
    assert sagemaker.describe_app(**app)["Status"] == "InService"


def test_profiles_and_spaces_are_updated_one_at_a_time(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(stuck_domains=["*"], busy_calls={"UpdateSpace": 1}, busy_updates=1)
    profile = {"DomainId": domain_id, "UserProfileName": "ada"}
    space = {"DomainId": domain_id, "SpaceName": SPACE}
    assert code(sagemaker.update_space, **space) == "ResourceInUse"
    assert code(sagemaker.update_space, **space, SpaceSettings={"AppType": "JupyterLab"}) == "ValidationException"
    for update, request in ((sagemaker.update_user_profile, profile), (sagemaker.update_space, space)):
        update(**request)
        assert code(update, **request) == "ResourceInUse"
    assert sagemaker.describe_user_profile(**profile)["Status"] == "Updating"


def test_an_action_on_one_app_can_be_denied(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.app(domain_id)
    endpoint.app(domain_id, profile="bob")
    endpoint.controls(denied_actions={"sagemaker:DeleteApp": "*:app/*/ada-jupyterlab/*"})
    request = {"DomainId": domain_id, **LAB}
    assert code(sagemaker.delete_app, **request, SpaceName=SPACE) == "AccessDeniedException"
    sagemaker.delete_app(**request, SpaceName="bob-jupyterlab")
