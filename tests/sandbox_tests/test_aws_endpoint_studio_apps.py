# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User profiles, spaces and apps of the sandbox's AWS endpoint."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError

LAB = {"AppType": "JupyterLab", "AppName": "default"}


def stable_app(sagemaker, **app):
    deadline = time.monotonic() + 60
    while (described := sagemaker.describe_app(**app))["Status"] in ("Pending", "Deleting"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return described


def test_profile_space_and_app_live_and_die(endpoint):
    endpoint.controls(transition_seconds=0.1)
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    sagemaker.create_user_profile(DomainId=domain_id, UserProfileName="ada")
    sagemaker.create_space(
        DomainId=domain_id,
        SpaceName="lab",
        OwnershipSettings={"OwnerUserProfileName": "ada"},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={"AppType": "JupyterLab", "RemoteAccess": "ENABLED"},
    )
    app = {"DomainId": domain_id, "SpaceName": "lab", **LAB}
    arn = sagemaker.create_app(**app, ResourceSpec={"InstanceType": "ml.t3.large"})["AppArn"]
    assert arn == f"arn:aws:sagemaker:eu-west-1:123456789012:app/{domain_id}/lab/JupyterLab/default"
    running = stable_app(sagemaker, **app)
    assert (running["Status"], running["ResourceSpec"]) == ("InService", {"InstanceType": "ml.t3.large"})
    [space] = sagemaker.list_spaces(DomainIdEquals=domain_id)["Spaces"]
    assert space["SpaceSettingsSummary"] == {"AppType": "JupyterLab", "RemoteAccess": "ENABLED"}
    assert space["OwnershipSettingsSummary"] == {"OwnerUserProfileName": "ada"}
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.delete_space(DomainId=domain_id, SpaceName="lab")
    sagemaker.delete_app(**app)
    assert stable_app(sagemaker, **app)["Status"] == "Deleted"
    sagemaker.create_app(**app)
    assert stable_app(sagemaker, **app)["Status"] == "InService"
    sagemaker.delete_app(**app)
    stable_app(sagemaker, **app)
    sagemaker.delete_space(DomainId=domain_id, SpaceName="lab")


def test_a_profile_and_a_space_are_described_and_deleted(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(transition_seconds=0)
    sagemaker.create_user_profile(DomainId=domain_id, UserProfileName="ada")
    sagemaker.create_space(DomainId=domain_id, SpaceName="lab", OwnershipSettings={"OwnerUserProfileName": "ada"})
    space = sagemaker.describe_space(DomainId=domain_id, SpaceName="lab")
    profile = sagemaker.describe_user_profile(DomainId=domain_id, UserProfileName="ada")
    assert space["SpaceArn"] == f"arn:aws:sagemaker:eu-west-1:123456789012:space/{domain_id}/lab"
    assert profile["UserProfileArn"] == f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{domain_id}/ada"
    with pytest.raises(sagemaker.exceptions.ResourceInUse):
        sagemaker.delete_user_profile(DomainId=domain_id, UserProfileName="ada")
    sagemaker.delete_space(DomainId=domain_id, SpaceName="lab")
    sagemaker.delete_user_profile(DomainId=domain_id, UserProfileName="ada")
    assert sagemaker.list_spaces()["Spaces"] == []
    assert sagemaker.list_user_profiles(DomainIdEquals=domain_id)["UserProfiles"] == []
    sagemaker.delete_domain(DomainId=domain_id)
    assert sagemaker.list_domains()["Domains"] == []


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("describe_user_profile", {"UserProfileName": "nobody"}),
        ("describe_space", {"SpaceName": "nowhere"}),
        ("describe_app", {"SpaceName": "nowhere", **LAB}),
        ("delete_app", {"SpaceName": "nowhere", **LAB}),
        ("create_app", {"SpaceName": "nowhere", **LAB}),
        ("create_space", {"SpaceName": "lab", "OwnershipSettings": {"OwnerUserProfileName": "nobody"}}),
    ],
)
def test_what_is_not_there_is_not_found(endpoint, operation, request_):
    with pytest.raises(ClientError, match="does not exist") as refused:
        getattr(endpoint.boto3(), operation)(DomainId=endpoint.domain(), **request_)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFound"


@pytest.mark.parametrize(
    ("owner", "message"),
    [
        ({}, "Exactly one of UserProfileName and SpaceName"),
        ({"UserProfileName": "ada", "SpaceName": "ada-jupyterlab"}, "Exactly one of UserProfileName and SpaceName"),
        ({"UserProfileName": "ada"}, "SpaceName is required for AppType"),
    ],
)
def test_a_jupyterlab_app_belongs_to_one_space(endpoint, owner, message):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    with pytest.raises(ClientError, match=message):
        endpoint.boto3().create_app(DomainId=domain_id, **LAB, **owner)


def test_apps_are_filtered_sorted_and_paged(endpoint):
    sagemaker, one, two = endpoint.boto3(), endpoint.domain("one"), endpoint.domain("two")
    for number in range(12):
        endpoint.app(one, profile=f"user-{number}", created_before_update=False)
    endpoint.app(one, "kernel", app_type="KernelGateway", profile="user-3")
    endpoint.app(two)

    def names(**request):
        pages = sagemaker.get_paginator("list_apps").paginate(**request)
        return [app.get("SpaceName") or app["UserProfileName"] for page in pages for app in page["Apps"]]

    assert len(names()) == 14
    assert len(sagemaker.list_apps(DomainIdEquals=one)["Apps"]) == 10
    oldest_first = ["user-3", *[f"user-{number}-jupyterlab" for number in range(12)]]
    assert names(DomainIdEquals=one, SortBy="CreationTime") == oldest_first
    assert names(DomainIdEquals=one, SortOrder="Descending") == oldest_first[::-1]
    assert names(DomainIdEquals=one, SpaceNameEquals="user-7-jupyterlab") == ["user-7-jupyterlab"]
    assert names(DomainIdEquals=one, UserProfileNameEquals="user-3") == ["user-3"]
    assert names(DomainIdEquals="d-0123456789ab") == []


@pytest.mark.parametrize("before", [True, False])
def test_an_arranged_app_is_older_or_newer_than_the_domain_s_update(endpoint, before):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.app(domain_id, created_before_update=before)
    modified = sagemaker.describe_domain(DomainId=domain_id)["LastModifiedTime"]
    [app] = sagemaker.list_apps(DomainIdEquals=domain_id)["Apps"]
    assert app["Status"] == "InService"
    assert (app["CreationTime"] < modified) is before


def test_apps_of_studio_classic_run_and_are_deleted_but_not_created(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(transition_seconds=0)
    endpoint.app(domain_id, "kernel", app_type="KernelGateway")
    kernel = {"DomainId": domain_id, "UserProfileName": "ada", "AppType": "KernelGateway", "AppName": "kernel"}
    assert sagemaker.describe_app(**kernel)["Status"] == "InService"
    sagemaker.delete_app(**kernel)
    with pytest.raises(ClientError, match="not supported"):
        sagemaker.create_app(**kernel, ResourceSpec={"InstanceType": "ml.t3.medium"})


def test_create_app_refuses_more_apps_than_the_quota(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.app(domain_id)
    endpoint.app(domain_id, profile="bob", ResourceSpec={"InstanceType": "ml.g5.xlarge"})
    endpoint.update("delete_app", DomainId=domain_id, SpaceName="bob-jupyterlab", **LAB)
    endpoint.controls(app_quotas={"ml.t3.medium": 1})
    with pytest.raises(sagemaker.exceptions.ResourceLimitExceeded, match="instances' is 1 Apps"):
        sagemaker.create_app(DomainId=domain_id, SpaceName="bob-jupyterlab", **LAB)
    sagemaker.create_app(
        DomainId=domain_id, SpaceName="bob-jupyterlab", **LAB, ResourceSpec={"InstanceType": "ml.g5.xlarge"}
    )


def test_the_tags_of_a_failed_app_and_of_a_deleted_space_cannot_be_read(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    arn = endpoint.app(domain_id)
    endpoint.update("delete_app", DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    endpoint.controls(transition_seconds=0, app_failures={"*": "No capacity."})
    sagemaker.create_app(DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    with pytest.raises(ClientError) as refused:
        sagemaker.list_tags(ResourceArn=arn)
    assert refused.value.response["Error"] == {"Code": "ValidationException", "Message": ""}
    sagemaker.delete_app(DomainId=domain_id, SpaceName="ada-jupyterlab", **LAB)
    sagemaker.delete_space(DomainId=domain_id, SpaceName="ada-jupyterlab")
    with pytest.raises(ClientError, match="ValidationException"):
        sagemaker.list_tags(ResourceArn=f"arn:aws:sagemaker:eu-west-1:123456789012:space/{domain_id}/ada-jupyterlab")


def test_an_app_inherits_tags_only_with_tag_propagation(endpoint):
    tags = {"cost": "7"}
    for propagation, inherited in (("DISABLED", []), ("ENABLED", [{"Key": "cost", "Value": "7"}])):
        domain_id = endpoint.domain(propagation.lower(), tags=tags, TagPropagation=propagation)
        arn = endpoint.app(domain_id)
        assert endpoint.boto3().list_tags(ResourceArn=arn)["Tags"] == inherited


def test_lists_without_a_domain_have_the_spaces_and_apps_of_all(endpoint):
    ids = [endpoint.domain(name) for name in ("first", "second")]
    spec = {"InstanceType": "ml.m5.large"}
    for domain_id in ids:
        endpoint.app(domain_id, remote_access=True, ResourceSpec=spec)
    spaces = endpoint.boto3().list_spaces()["Spaces"]
    apps = endpoint.boto3().list_apps()["Apps"]
    assert {space["DomainId"] for space in spaces} == {app["DomainId"] for app in apps} == set(ids)
    assert [space["SpaceSettingsSummary"]["RemoteAccess"] for space in spaces] == ["ENABLED", "ENABLED"]
    assert [app["ResourceSpec"] for app in apps] == [spec, spec]


def test_remote_access_changes_at_the_end_of_an_update_which_may_be_refused_beside_an_app(endpoint):
    endpoint.controls(transition_seconds=0.2, refuse_space_updates_while_apps_run=True)
    domain_id = endpoint.domain()
    endpoint.app(domain_id, space="lab")
    sagemaker, space = endpoint.boto3(), {"DomainId": domain_id, "SpaceName": "lab"}
    update = {**space, "SpaceSettings": {"RemoteAccess": "ENABLED"}}
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="App\\(s\\) are associated with it"):
        sagemaker.update_space(**update)
    endpoint.controls(refuse_space_updates_while_apps_run=False)
    sagemaker.update_space(**update)
    assert sagemaker.describe_space(**space)["SpaceSettings"] == {"AppType": "JupyterLab"}
    deadline = time.monotonic() + 5
    while (described := sagemaker.describe_space(**space))["Status"] == "Updating":
        assert time.monotonic() < deadline
    assert described["SpaceSettings"] == {"AppType": "JupyterLab", "RemoteAccess": "ENABLED"}
    assert described["LastModifiedTime"] > described["CreationTime"]
