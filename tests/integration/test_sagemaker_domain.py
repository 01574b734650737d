# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import re

import pytest
from botocore.exceptions import ClientError, HTTPClientError

from tests.sandbox.aws_endpoint.client import ROLE, SECURITY_GROUP, SUBNETS, VPC

MODULE = "sagemaker_domain"
ACCOUNT = "012345678901"
NEW = {
    "name": "research",
    "auth_mode": "IAM",
    "vpc_id": VPC,
    "subnet_ids": SUBNETS,
    "security_groups": [SECURITY_GROUP],
    "execution_role": ROLE,
    "app_network_access_type": "VpcOnly",
    "docker_settings": {"enable_docker_access": True, "vpc_only_trusted_accounts": [ACCOUNT]},
    "tags": {"team": "platform", "cost-center": 4711},
}
GONE = {"name": "research", "state": "absent", "home_efs_file_system": "retain"}
ON = {"enable_docker_access": True}


def domains(endpoint):
    return endpoint.boto3().list_domains()["Domains"]


def tags_of(endpoint, domain_id):
    arn = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainArn"]
    return {tag["Key"]: tag["Value"] for tag in endpoint.boto3().list_tags(ResourceArn=arn)["Tags"]}


def mutations(endpoint):
    return [call.operation for call in endpoint.mutating_calls()]


@pytest.mark.parametrize(("runner", "semantics"), [("ansible", "replace"), ("direct", "merge")], indirect=["runner"])
def test_create_check_do_check_again_do_again(endpoint, runner, semantics):
    endpoint.controls(update_semantics=semantics)
    predicted = runner.ok(MODULE, check=True, **NEW)
    assert predicted["changed"]
    assert endpoint.mutating_calls() == []

    done = runner.ok(MODULE, **NEW)
    assert done.differences == predicted.differences
    domain = done["domain"]
    assert domain["url"] == f"https://{domain['domain_id']}.studio.eu-west-1.sagemaker.aws"
    assert domain["home_efs_file_system_id"].startswith("fs-")
    assigned = ("domain_id", "domain_arn", "last_modified_time", "url", "home_efs_file_system_id")
    returned = {key: value for key, value in domain.items() if key not in assigned}
    assert returned == {
        "domain_name": "research",
        "status": "InService",
        "failure_reason": None,
        "kms_key_id": None,
        "security_groups": [SECURITY_GROUP],
        "default_space_settings": {"execution_role": None, "security_groups": []},
        "tag_propagation": False,
        "docker_settings": {
            "enable_docker_access": True,
            "rootless_docker": False,
            "vpc_only_trusted_accounts": [ACCOUNT],
        },
        "app_network_access_type": "VpcOnly",
        "auth_mode": "IAM",
        "vpc_id": VPC,
        "subnet_ids": SUBNETS,
        "execution_role": ROLE,
        "tags": {"team": "platform", "cost-center": "4711"},
    }
    assert mutations(endpoint) == ["CreateDomain"]
    assert tags_of(endpoint, domain["domain_id"]) == returned["tags"]

    for check in (True, False):
        endpoint.clear_calls()
        again = runner.ok(MODULE, check=check, **NEW)
        assert not again["changed"]
        assert again["domain"] == domain
        assert [call.operation for call in endpoint.calls()] == ["ListDomains", "DescribeDomain", "ListTags"]


def test_an_existing_domain_is_updated(endpoint, direct):
    before = {"EnableDockerAccess": "DISABLED", "VpcOnlyTrustedAccounts": [ACCOUNT]}
    domain_id = endpoint.domain("research", before, tags={"team": "platform", "old": "yes"})
    desired = {"name": "research", "docker_settings": ON, "tags": {"team": "data"}}
    predicted = direct.ok(MODULE, check=True, **desired)
    assert endpoint.mutating_calls() == []
    done = direct.ok(MODULE, **desired)
    assert done.differences == predicted.differences
    off = {"enable_docker_access": False, "rootless_docker": False, "vpc_only_trusted_accounts": [ACCOUNT]}
    assert done.differences == [
        (
            {"docker_settings": off, "tags": {"team": "platform", "old": "yes"}},
            {"docker_settings": {**off, **ON}, "tags": {"team": "data"}},
        )
    ]
    assert done["domain"]["domain_id"] == domain_id
    assert tags_of(endpoint, domain_id) == {"team": "data"}
    assert mutations(endpoint) == ["UpdateDomain", "DeleteTags", "AddTags"]
    assert not direct.ok(MODULE, **desired)["changed"]


def test_tags_are_kept_added_or_purged(endpoint, direct):
    domain_id = endpoint.domain("research", tags={"team": "platform"})
    assert not direct.ok(MODULE, name="research")["changed"]
    assert direct.ok(MODULE, name="research", tags={"new": "x"}, purge_tags=False)["changed"]
    assert tags_of(endpoint, domain_id) == {"team": "platform", "new": "x"}
    assert direct.ok(MODULE, name="research", tags={})["domain"]["tags"] == {}
    assert tags_of(endpoint, domain_id) == {}


@pytest.mark.parametrize(("runner", "retention"), [("ansible", "retain"), ("direct", "delete")], indirect=["runner"])
def test_delete_check_do_check_again_do_again(endpoint, runner, retention):
    endpoint.domain("research", tags={"team": "platform"})
    desired = {**GONE, "home_efs_file_system": retention}
    predicted = runner.ok(MODULE, check=True, **desired)
    assert endpoint.mutating_calls() == []
    done = runner.ok(MODULE, **desired)
    assert done["changed"]
    assert done["domain"] is None
    assert done.differences == predicted.differences
    assert done.differences[0][0]["tags"] == {"team": "platform"}
    assert done.differences[0][1] == {}
    [delete] = endpoint.mutating_calls()
    assert delete.parameters["RetentionPolicy"] == {"HomeEfsFileSystem": retention.capitalize()}
    assert domains(endpoint) == []
    for check in (True, False):
        assert not runner.ok(MODULE, check=check, **desired)["changed"]
    assert len(endpoint.mutating_calls()) == 1


def test_all_impossible_changes_are_refused_at_once(endpoint, direct):
    endpoint.domain("research")
    message = direct.fails(
        MODULE, name="research", auth_mode="SSO", vpc_id="vpc-other", kms_key_id="1234abcd", docker_settings=ON
    )
    assert "auth_mode is 'IAM', requested is 'SSO'" in message
    assert f"vpc_id is '{VPC}', requested is 'vpc-other'" in message
    assert "kms_key_id is None, requested is '1234abcd'" in message
    assert endpoint.mutating_calls() == []


MORE = ["subnet-2a1b2c3d4e5f60718", *SUBNETS]
SPACES = {"execution_role": ROLE, "security_groups": [SECURITY_GROUP]}


@pytest.mark.parametrize(("runner", "identity"), [("ansible", "name"), ("direct", "domain_id")], indirect=["runner"])
def test_update_check_do_check_again_do_again(endpoint, runner, identity):
    domain_id = endpoint.domain("research")
    desired = {
        identity: {"name": "research", "domain_id": domain_id}[identity],
        "execution_role": ROLE + "-2",
        "subnet_ids": MORE,
        "security_groups": [SECURITY_GROUP],
        "default_space_settings": SPACES,
        "tag_propagation": True,
    }
    predicted = runner.ok(MODULE, check=True, **desired)
    assert endpoint.mutating_calls() == []
    done = runner.ok(MODULE, **desired)
    assert done.differences == predicted.differences
    [(before, after)] = done.differences
    assert set(before) == set(after) == set(desired) - {identity}
    assert after["subnet_ids"] == sorted(MORE)
    assert after["default_space_settings"] == SPACES
    [update] = endpoint.mutating_calls()
    assert update.parameters == {
        "DomainId": domain_id,
        "DefaultUserSettings": {"ExecutionRole": ROLE + "-2", "SecurityGroups": [SECURITY_GROUP]},
        "DefaultSpaceSettings": {"ExecutionRole": ROLE, "SecurityGroups": [SECURITY_GROUP]},
        "SubnetIds": sorted(MORE),
        "TagPropagation": "ENABLED",
    }
    for check in (True, False):
        endpoint.clear_calls()
        assert not runner.ok(MODULE, check=check, **desired)["changed"]
        assert endpoint.mutating_calls() == []
    assert ("ListDomains" in [call.operation for call in endpoint.calls()]) is (identity == "name")


def test_the_network_mode_changes_with_what_sagemaker_requires_for_it(endpoint, direct):
    domain_id = endpoint.domain("research", vpc_only=False)
    message = direct.fails(MODULE, name="research", app_network_access_type="VpcOnly")
    assert "app_network_access_type=VpcOnly requires security_groups" in message
    desired = {"name": "research", "app_network_access_type": "VpcOnly", "security_groups": [SECURITY_GROUP]}
    assert direct.ok(MODULE, **desired)["changed"]
    assert endpoint.boto3().describe_domain(DomainId=domain_id)["AppNetworkAccessType"] == "VpcOnly"
    assert not direct.ok(MODULE, **desired)["changed"]
    assert direct.ok(MODULE, name="research", app_network_access_type="PublicInternetOnly")["changed"]
    endpoint.app(domain_id)
    assert "Delete all InService apps" in direct.fails(MODULE, **desired)


def test_a_domain_is_created_with_every_setting(endpoint, direct):
    key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    desired = {**NEW, "kms_key_id": key, "default_space_settings": SPACES, "tag_propagation": True}
    created = direct.ok(MODULE, **desired)["domain"]
    assert created["kms_key_id"] == key
    assert created["default_space_settings"] == SPACES
    assert created["tag_propagation"]
    assert mutations(endpoint) == ["CreateDomain"]
    # The ARN of a key ends with its ID.
    desired |= {"name": None, "domain_id": created["domain_id"], "kms_key_id": key.rpartition("/")[2]}
    assert not direct.ok(MODULE, **desired)["changed"]


def test_a_domain_id_deletes_and_never_creates(endpoint, direct):
    domain_id = endpoint.domain("research")
    gone = {"domain_id": domain_id, "state": "absent", "home_efs_file_system": "retain"}
    assert "name is 'research', requested is 'other'" in direct.fails(MODULE, domain_id=domain_id, name="other")
    assert direct.ok(MODULE, **gone)["changed"]
    assert not direct.ok(MODULE, **gone)["changed"]
    assert f"Domain {domain_id}: it does not exist in eu-west-1" in direct.fails(MODULE, domain_id=domain_id)
    assert mutations(endpoint) == ["DeleteDomain"]


def test_the_order_of_subnets_is_no_difference(endpoint, direct):
    endpoint.domain("research")
    assert not direct.ok(MODULE, name="research", subnet_ids=SUBNETS[::-1])["changed"]


FAULTS_OVER = dict.fromkeys(("throttle_every", "drop_every", "error_every"), 0)


@pytest.mark.parametrize(
    "faults",
    [
        {"throttle_every": 5},
        {"drop_every": 5},
        {"drop_every": 5, "drop_moment": "after"},
        {"error_every": 5},
        {"throttle_every": 3, "drop_every": 4, "drop_moment": "after", "error_every": 5},
    ],
    ids=["throttled", "dropped-before", "dropped-after", "500", "all-of-it"],
)
def test_transient_faults_create_one_domain_and_delete_it_once(endpoint, direct, faults):
    endpoint.controls(**faults)
    # Three calls, ListDomains, and then the fifth: CreateDomain.
    for _dummy in range(3):
        with contextlib.suppress(ClientError, HTTPClientError):
            endpoint.boto3().list_domains()
    direct.ok(MODULE, **NEW)
    assert [call.status for call in endpoint.calls("CreateDomain")].count(200) == 1
    endpoint.controls(**FAULTS_OVER)
    [domain] = domains(endpoint)
    assert tags_of(endpoint, domain["DomainId"]) == {"team": "platform", "cost-center": "4711"}
    assert not direct.ok(MODULE, **NEW)["changed"]

    # ListDomains, DescribeDomain, ListTags, DescribeDomain, and then the fifth: DeleteDomain.
    endpoint.controls(**faults)
    direct.ok(MODULE, **GONE)
    assert [call.status for call in endpoint.calls("DeleteDomain")].count(200) == 1
    endpoint.controls(**FAULTS_OVER)
    assert domains(endpoint) == []


@pytest.mark.parametrize("transition_seconds", [0.3, 3.0], ids=["after-the-creation", "while-pending"])
def test_a_run_after_a_killed_run_reaches_the_desired_state(endpoint, direct, transition_seconds):
    endpoint.controls(transition_seconds=transition_seconds)
    running = direct.start(MODULE, **NEW)
    while not endpoint.calls("CreateDomain"):
        assert running.alive()
    running.kill()
    again = direct.ok(MODULE, **NEW)
    assert again["domain"]["status"] == "InService"
    assert mutations(endpoint) == ["CreateDomain"]


def test_a_domain_that_is_being_deleted_is_created_again(endpoint, direct):
    old = endpoint.domain("research")
    endpoint.controls(transition_seconds=4.0)
    endpoint.boto3().delete_domain(DomainId=old)
    done = direct.ok(MODULE, **NEW)
    assert done["changed"]
    assert [domain["DomainId"] for domain in domains(endpoint)] == [done["domain"]["domain_id"]] != [old]


@pytest.mark.parametrize("wait", [True, False])
def test_two_creations_at_once_are_told(endpoint, direct, wait):
    endpoint.controls(transition_seconds=3.0, latency_ms=300)
    running = direct.start(MODULE, **NEW, wait=wait)
    while not endpoint.calls("CreateDomain"):
        assert running.alive()
    other = endpoint.domain("research")
    run = direct.finish(running)
    own = run["domain"]["domain_id"]
    assert run.returncode != 0
    assert run["msg"].startswith(f"Domain research: this run created {own}, and another run created a domain")
    # The endpoint's other domain is the older one.
    [listed] = re.findall(r"at the same time: (.*)\. Keep the first", run["msg"])
    assert [one.partition(" ")[0] for one in listed.split(", ")] == [other, own]
    assert run["changed"]


def test_a_domain_in_deleting_does_not_make_its_name_ambiguous(endpoint, direct):
    old, new = endpoint.domain("research"), endpoint.domain("research")
    endpoint.controls(stuck_domains=[old])
    endpoint.boto3().delete_domain(DomainId=old)
    assert direct.ok(MODULE, name="research")["domain"]["domain_id"] == new


def test_a_domain_that_somebody_else_deletes_is_not_deleted_again(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.controls(transition_seconds=3.0)
    endpoint.boto3().delete_domain(DomainId=domain_id)
    endpoint.clear_calls()
    assert not direct.ok(MODULE, **GONE)["changed"]
    assert domains(endpoint) == []
    assert endpoint.mutating_calls() == []


def test_a_failed_creation_has_reason_and_remediation_and_can_be_deleted(endpoint, direct):
    endpoint.controls(create_failure="The subnet has no free addresses.")
    for _dummy in range(2):
        message = direct.fails(MODULE, **NEW)
        assert "it is Failed: The subnet has no free addresses. (delete it with state=absent" in message
    assert mutations(endpoint) == ["CreateDomain"]
    assert direct.ok(MODULE, **GONE)["changed"]
    assert domains(endpoint) == []


def test_a_failed_deletion_has_its_reason_and_can_be_repeated(endpoint, direct):
    endpoint.domain("research")
    endpoint.controls(delete_failure="The file system is in use.")
    message = direct.fails(MODULE, **GONE)
    assert "it ended in status Delete_Failed: The file system is in use." in message
    endpoint.controls(delete_failure="")
    assert direct.ok(MODULE, **GONE)["changed"]


def test_a_domain_in_use_is_not_deleted(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.app(domain_id)
    message = direct.fails(MODULE, **GONE)
    assert "it is still in use" in message
    assert f"list-spaces --domain-id-equals {domain_id}`" in message
    assert [domain["Status"] for domain in domains(endpoint)] == ["InService"]


def test_the_module_waits_for_a_busy_domain_before_it_deletes_it(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.controls(transition_seconds=4.0)
    endpoint.boto3().update_domain(DomainId=domain_id)
    assert direct.ok(MODULE, **GONE)["changed"]
    assert domains(endpoint) == []


def test_a_busy_domain_is_an_error_without_wait(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.controls(stuck_domains=["*"])
    endpoint.boto3().update_domain(DomainId=domain_id)
    assert "it is Updating, and wait is false" in direct.fails(MODULE, **GONE, wait=False)
    endpoint.reset()
    old = endpoint.domain("research")
    endpoint.controls(stuck_domains=["*"])
    endpoint.boto3().delete_domain(DomainId=old)
    assert "it is Deleting, and wait is false" in direct.fails(MODULE, **NEW, wait=False)


def test_wait_false_returns_at_once_with_a_warning(endpoint, direct):
    endpoint.controls(stuck_domains=["*"])
    created = direct.ok(MODULE, **NEW, wait=False)
    assert created["domain"]["status"] == "Pending"
    assert "still being created (wait is false)" in created.warnings
    endpoint.reset()
    endpoint.domain("research")
    endpoint.controls(stuck_domains=["*"])
    assert "still being deleted (wait is false)" in direct.ok(MODULE, **GONE, wait=False).warnings


def test_the_wait_for_a_busy_domain_ends_with_its_status(endpoint, direct):
    endpoint.controls(stuck_domains=["*"])
    assert "it was still Pending after" in direct.fails(MODULE, **NEW, wait_timeout=2)
    endpoint.reset()
    endpoint.domain("research")
    endpoint.controls(stuck_domains=["*"])
    message = direct.fails(MODULE, **GONE, wait_timeout=2)
    assert "it was still Deleting after" in message
    assert "(wait_timeout 2 s)" in message


def test_a_setting_that_the_service_drops_at_creation_is_an_error(endpoint, direct):
    endpoint.controls(dropped_docker_settings=["RootlessDocker"])
    desired = {**NEW, "docker_settings": {**ON, "rootless_docker": True}}
    created = direct.ok(MODULE, **desired)
    assert created["domain"]["docker_settings"]["rootless_docker"]
    endpoint.controls(dropped_docker_settings=["EnableDockerAccess"])
    message = direct.fails(MODULE, name="research", docker_settings={"rootless_docker": False})
    assert "enable_docker_access: expected True, observed False" in message
