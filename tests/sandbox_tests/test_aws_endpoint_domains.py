# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains of the sandbox's AWS endpoint, with boto3 as any user would call it."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws_endpoint.client import ROLE, SECURITY_GROUP, SUBNETS, VPC, Endpoint

CREATE = {
    "AuthMode": "IAM",
    "DefaultUserSettings": {"ExecutionRole": ROLE, "SecurityGroups": [SECURITY_GROUP]},
    "VpcId": VPC,
    "SubnetIds": SUBNETS,
}
ACCOUNT, OTHER_ACCOUNT = "111122223333", "000000000012"


def docker_update(domain_id, **docker_settings):
    return {"DomainId": domain_id, "DomainSettingsForUpdate": {"DockerSettings": docker_settings}}


def status(client, domain_id):
    return client.describe_domain(DomainId=domain_id)["Status"]


def stable_domain(client, domain_id, *busy):
    """The domain once it has left the busy states."""
    deadline = time.monotonic() + 60
    while (domain := client.describe_domain(DomainId=domain_id))["Status"] in (busy or ("Pending", "Updating")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return domain


def docker_settings(client, domain_id):
    return stable_domain(client, domain_id)["DomainSettings"]["DockerSettings"]


def test_a_created_domain_is_pending_then_in_service_with_all_its_settings(endpoint):
    sagemaker = endpoint.boto3()
    docker = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [ACCOUNT], "RootlessDocker": "DISABLED"}
    created = sagemaker.create_domain(
        DomainName="research", AppNetworkAccessType="VpcOnly", DomainSettings={"DockerSettings": docker}, **CREATE
    )
    assert re.fullmatch("d-[a-z0-9]{12}", created["DomainId"])
    assert created["DomainArn"] == f"arn:aws:sagemaker:eu-west-1:123456789012:domain/{created['DomainId']}"
    assert status(sagemaker, created["DomainId"]) == "Pending"
    domain = stable_domain(sagemaker, created["DomainId"])
    assert domain["Status"] == "InService"
    assert domain["DomainSettings"] == {"DockerSettings": docker}
    assert domain["AppNetworkAccessType"] == "VpcOnly"
    assert {key: domain[key] for key in CREATE} == CREATE
    assert "FailureReason" not in domain
    assert "Tags" not in domain


def test_two_domains_may_have_one_name(endpoint):
    assert endpoint.domain("twin") != endpoint.domain("twin")
    assert [domain["DomainName"] for domain in endpoint.boto3().list_domains()["Domains"]] == ["twin", "twin"]


@pytest.mark.parametrize("operation", ["describe_domain", "update_domain", "delete_domain"])
def test_an_unknown_domain_is_not_found(endpoint, operation):
    with pytest.raises(ClientError) as refused:
        getattr(endpoint.boto3(), operation)(DomainId="d-0123456789ab")
    assert refused.value.response["Error"] == {
        "Code": "ResourceNotFound",
        "Message": "Domain [d-0123456789ab] does not exist.",
    }


def test_regions_are_worlds_of_their_own(endpoint):
    domain_id = endpoint.domain()
    elsewhere = Endpoint(endpoint.url, region="us-east-1").boto3()
    assert elsewhere.list_domains()["Domains"] == []
    with pytest.raises(elsewhere.exceptions.ResourceNotFound):
        elsewhere.describe_domain(DomainId=domain_id)


@pytest.mark.parametrize(
    ("request_", "sizes"), [({}, [10, 10, 3]), ({"MaxResults": 20}, [20, 3]), ({"MaxResults": 100}, [23])]
)
def test_list_domains_comes_in_pages(endpoint, request_, sizes):
    ids = [endpoint.domain(f"domain-{number}") for number in range(23)]
    pages = list(endpoint.boto3().get_paginator("list_domains").paginate(**request_))
    assert [len(page["Domains"]) for page in pages] == sizes
    assert {domain["DomainId"] for page in pages for domain in page["Domains"]} == set(ids)


def test_an_invented_page_token_is_refused(endpoint):
    with pytest.raises(ClientError, match="ValidationException"):
        endpoint.boto3().list_domains(NextToken="next, please")


def test_an_update_takes_its_time_and_shows_when_it_is_over(endpoint):
    sagemaker = endpoint.boto3()
    domain_id = endpoint.domain(docker_settings={"EnableDockerAccess": "DISABLED"})
    before = sagemaker.describe_domain(DomainId=domain_id)
    sagemaker.update_domain(**docker_update(domain_id, EnableDockerAccess="ENABLED"))
    during = sagemaker.describe_domain(DomainId=domain_id)
    assert (during["Status"], during["DomainSettings"]) == ("Updating", before["DomainSettings"])
    after = stable_domain(sagemaker, domain_id)
    assert after["Status"] == "InService"
    assert after["DomainSettings"]["DockerSettings"]["EnableDockerAccess"] == "ENABLED"
    assert before["LastModifiedTime"] < during["LastModifiedTime"] < after["LastModifiedTime"]
    assert before["CreationTime"] == after["CreationTime"]


def test_transition_seconds_is_how_long_an_update_takes(endpoint):
    endpoint.controls(transition_seconds=0.7)
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    started = time.monotonic()
    sagemaker.update_domain(DomainId=domain_id)
    stable_domain(sagemaker, domain_id)
    assert time.monotonic() - started > 0.6


@pytest.mark.parametrize("operation", ["update_domain", "delete_domain"])
def test_a_domain_that_is_being_updated_is_in_use(endpoint, operation):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(stuck_domains=[domain_id])
    sagemaker.update_domain(DomainId=domain_id)
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="is in Updating state"):
        getattr(sagemaker, operation)(DomainId=domain_id)


def test_of_updates_at_the_same_time_one_is_accepted(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.controls(transition_seconds=5)

    def try_to_update(_):
        try:
            sagemaker.update_domain(DomainId=domain_id)
        except sagemaker.exceptions.ResourceInUse:
            return "in use"
        return "accepted"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(try_to_update, range(8))) == ["accepted", *["in use"] * 7]


@pytest.mark.parametrize(
    ("semantics", "expected"),
    [
        ("replace", {"EnableDockerAccess": "DISABLED", "VpcOnlyTrustedAccounts": [OTHER_ACCOUNT]}),
        (
            "merge",
            {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [OTHER_ACCOUNT], "RootlessDocker": "ENABLED"},
        ),
    ],
)
def test_keys_that_were_not_sent_are_lost_or_kept(endpoint, semantics, expected):
    endpoint.controls(update_semantics=semantics)
    sagemaker = endpoint.boto3()
    before = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [ACCOUNT], "RootlessDocker": "ENABLED"}
    domain_id = endpoint.domain(docker_settings=before, DomainSettings={"SecurityGroupIds": ["sg-1"]})
    sagemaker.update_domain(**docker_update(domain_id, VpcOnlyTrustedAccounts=[OTHER_ACCOUNT]))
    assert docker_settings(sagemaker, domain_id) == expected
    assert stable_domain(sagemaker, domain_id)["DomainSettings"]["SecurityGroupIds"] == ["sg-1"]


@pytest.mark.parametrize(
    ("control", "expected"),
    [("ignored_docker_settings", [ACCOUNT]), ("dropped_docker_settings", [])],
)
def test_the_service_may_ignore_or_lose_a_key(endpoint, control, expected):
    endpoint.controls(**{control: ["VpcOnlyTrustedAccounts"]})
    sagemaker = endpoint.boto3()
    domain_id = endpoint.domain(docker_settings={"VpcOnlyTrustedAccounts": [ACCOUNT]})
    sagemaker.update_domain(
        **docker_update(domain_id, EnableDockerAccess="ENABLED", VpcOnlyTrustedAccounts=[OTHER_ACCOUNT])
    )
    after = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": expected}
    assert docker_settings(sagemaker, domain_id) == after


@pytest.mark.parametrize(
    ("controls", "never_set", "partly_set"),
    [
        ({}, {}, {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": []}),
        (
            {"report_unset_domain_settings": False, "report_unset_rootless": True},
            None,
            {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [], "RootlessDocker": "DISABLED"},
        ),
    ],
)
def test_what_was_never_set_may_be_absent(endpoint, controls, never_set, partly_set):
    endpoint.controls(**controls)
    sagemaker = endpoint.boto3()
    assert sagemaker.describe_domain(DomainId=endpoint.domain()).get("DomainSettings") == never_set
    assert docker_settings(sagemaker, endpoint.domain(docker_settings={"EnableDockerAccess": "ENABLED"})) == partly_set


def test_one_failing_update_leaves_the_old_settings_and_a_reason(endpoint):
    sagemaker, domain_id, other_id = endpoint.boto3(), endpoint.domain("broken"), endpoint.domain("fine")
    endpoint.controls(update_failures={domain_id: "The VPC has gone."})
    for each in (other_id, domain_id):
        sagemaker.update_domain(**docker_update(each, EnableDockerAccess="ENABLED"))
    assert stable_domain(sagemaker, other_id)["Status"] == "InService"
    failed = stable_domain(sagemaker, domain_id)
    assert (failed["Status"], failed["FailureReason"]) == ("Update_Failed", "The VPC has gone.")
    assert "DockerSettings" not in failed["DomainSettings"]
    sagemaker.update_domain(**docker_update(domain_id, EnableDockerAccess="ENABLED"))
    repaired = stable_domain(sagemaker, domain_id)
    assert repaired["Status"] == "InService"
    assert "FailureReason" not in repaired


def test_creation_and_deletion_may_fail(endpoint):
    endpoint.controls(create_failure="No EFS.", delete_failure="EFS in use.")
    sagemaker = endpoint.boto3()
    domain_id = sagemaker.create_domain(DomainName="research", **CREATE)["DomainId"]
    created = stable_domain(sagemaker, domain_id)
    assert (created["Status"], created["FailureReason"]) == ("Failed", "No EFS.")
    sagemaker.delete_domain(DomainId=domain_id)
    deleted = stable_domain(sagemaker, domain_id, "Deleting")
    assert (deleted["Status"], deleted["FailureReason"]) == ("Delete_Failed", "EFS in use.")


def test_a_deleted_domain_is_deleting_then_gone(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    sagemaker.delete_domain(DomainId=domain_id, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    assert status(sagemaker, domain_id) == "Deleting"
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        stable_domain(sagemaker, domain_id, "Deleting")
    assert sagemaker.list_domains()["Domains"] == []


def test_a_domain_with_user_profiles_is_not_deleted(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.user_profile(domain_id)
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match=r"UserProfile\(s\) are associated with it"):
        sagemaker.delete_domain(DomainId=domain_id)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param(
            {"AppNetworkAccessType": "VpcOnly"},
            "VpcId and Subnet IDs are required for updating domains to VpcOnly mode.",
            id="VpcOnly echoed without its network",
        ),
        pytest.param(
            {"AppSecurityGroupManagement": "Service"},
            "AppSecurityGroupManagement can only be set for Rstudio enabled domains.",
            id="security group management without RStudio",
        ),
        pytest.param(
            {"DomainSettingsForUpdate": {"ExecutionRoleIdentityConfig": "USER_PROFILE_NAME"}},
            "Delete all InService apps in the domain",
            id="identity configuration while an app runs",
        ),
    ],
)
def test_an_update_that_the_service_is_known_to_refuse(endpoint, request_, message):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    with pytest.raises(ClientError, match=message) as refused:
        endpoint.boto3().update_domain(DomainId=domain_id, **request_)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_docker_settings_are_updated_while_apps_run(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain()
    endpoint.app(domain_id)
    sagemaker.update_domain(**docker_update(domain_id, EnableDockerAccess="ENABLED"))
    assert docker_settings(sagemaker, domain_id)["EnableDockerAccess"] == "ENABLED"


def test_tags_are_added_replaced_listed_and_deleted(endpoint):
    sagemaker, domain_id = endpoint.boto3(), endpoint.domain(tags={"team": "ml", "stage": "dev"})
    arn = sagemaker.describe_domain(DomainId=domain_id)["DomainArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "prod"}, {"Key": "owner", "Value": "ada"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["team"])
    tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}
    assert tags == {"stage": "prod", "owner": "ada"}


def test_tags_of_other_resources_stay_moto_s(endpoint):
    sagemaker = endpoint.boto3()
    arn = sagemaker.create_experiment(ExperimentName="e", Tags=[])["ExperimentArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "ml"}])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "ml"}]


def test_the_other_services_are_moto_s(endpoint):
    assert endpoint.boto3("sts").get_caller_identity()["Account"] == "123456789012"
    s3 = endpoint.boto3("s3")
    s3.create_bucket(Bucket="notebooks", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="notebooks", Key="model", Body=b"weights")
    assert s3.get_object(Bucket="notebooks", Key="model")["Body"].read() == b"weights"


def refused(call, **request):
    with pytest.raises(ClientError) as raised:
        call(**request)
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    return raised.value.response["Error"]["Message"]


def test_a_vpc_only_domain_needs_security_groups(endpoint):
    sagemaker = endpoint.boto3()
    without = {**CREATE, "DefaultUserSettings": {"ExecutionRole": ROLE}}
    message = refused(sagemaker.create_domain, DomainName="research", AppNetworkAccessType="VpcOnly", **without)
    assert "SecurityGroups are required" in message
    domain_id = endpoint.domain("research", vpc_only=False)
    mode = {"DomainId": domain_id, "AppNetworkAccessType": "VpcOnly", "VpcId": VPC, "SubnetIds": SUBNETS}
    assert "SecurityGroups are required" in refused(sagemaker.update_domain, **mode)
    sagemaker.update_domain(**mode, DefaultUserSettings={"SecurityGroups": [SECURITY_GROUP]})


def test_rootless_docker_needs_docker_access(endpoint):
    domain_id = endpoint.domain("research", {"EnableDockerAccess": "ENABLED", "RootlessDocker": "ENABLED"})
    alone = docker_update(domain_id, EnableDockerAccess="DISABLED", RootlessDocker="ENABLED")
    assert "RootlessDocker" in refused(endpoint.boto3().update_domain, **alone)
    endpoint.controls(require_docker_access_for_rootless=False)
    endpoint.boto3().update_domain(**alone)


@pytest.mark.parametrize(
    "change",
    [{"AppNetworkAccessType": "PublicInternetOnly"}, {"SubnetIds": SUBNETS[:1]}],
    ids=["mode", "subnets"],
)
def test_network_changes_are_refused_while_apps_run(endpoint, change):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    assert "InService App" in refused(endpoint.boto3().update_domain, DomainId=domain_id, **change)
    more = [*SUBNETS, "subnet-2a1b2c3d4e5f60718"]
    endpoint.boto3().update_domain(DomainId=domain_id, SubnetIds=more)


def test_a_forgotten_domain_is_listed_and_otherwise_unknown(endpoint):
    domain_id = endpoint.domain("research")
    endpoint.controls(forgotten_domains=[domain_id])
    sagemaker = endpoint.boto3()
    assert [domain["DomainId"] for domain in sagemaker.list_domains()["Domains"]] == [domain_id]
    for operation in (sagemaker.describe_domain, sagemaker.update_domain):
        with pytest.raises(ClientError, match="ResourceNotFound"):
            operation(DomainId=domain_id)


def test_the_tags_of_a_domain_that_is_deleted_or_failed_are_not_listed(endpoint):
    domain_id = endpoint.domain("research", tags={"team": "x"})
    sagemaker = endpoint.boto3()
    arn = sagemaker.describe_domain(DomainId=domain_id)["DomainArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "x"}]
    endpoint.controls(stuck_domains=[domain_id])
    sagemaker.delete_domain(DomainId=domain_id)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        sagemaker.list_tags(ResourceArn=arn)
    endpoint.controls(stuck_domains=[], create_failure="The subnet has no free addresses.", transition_seconds=0.0)
    failed = sagemaker.create_domain(DomainName="failed", **CREATE)
    with pytest.raises(ClientError) as refused:
        sagemaker.list_tags(ResourceArn=failed["DomainArn"])
    assert refused.value.response["Error"] == {"Code": "ValidationException", "Message": ""}
