# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules against a service whose reads show the state before a write for some seconds."""

from __future__ import annotations

import pytest

SETTINGS, DOMAIN, LIFECYCLE_CONFIG, APP, SPACE = (
    "sagemaker_domain_docker_settings",
    "sagemaker_domain",
    "sagemaker_studio_lifecycle_config",
    "sagemaker_studio_app",
    "sagemaker_studio_space",
)
ON = {"enable_docker_access": True}
SCRIPT = {"name": "docker", "content": "#!/bin/sh\n: one\n", "app_types": ["JupyterLab"]}
NEW = {
    "name": "research",
    "auth_mode": "IAM",
    "execution_role": "arn:aws:iam::123456789012:role/studio",
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0a1b2c3d4e5f60718"],
    "docker_settings": ON,
    "tags": {"cost": "7"},
}
LAB = {"AppType": "JupyterLab", "AppName": "default"}


@pytest.fixture(autouse=True)
def _stale(endpoint):
    endpoint.controls(stale_read_seconds=2.5, transition_seconds=0.1)


def present(endpoint):
    """A client that sees the present state."""
    endpoint.controls(stale_read_seconds=0.0)
    return endpoint.boto3()


def test_an_update_of_domains_succeeds_and_a_second_run_changes_nothing(endpoint, direct):
    ids = [endpoint.domain(f"domain-{number}") for number in range(3)]
    run = direct.ok(SETTINGS, domains=ids, **ON)
    assert [domain["changed"] for domain in run["domains"]] == [True] * 3
    assert run["previous_docker_settings"] == {domain_id: {"enable_docker_access": False} for domain_id in ids}
    assert not direct.ok(SETTINGS, domains=ids, **ON)["changed"]
    assert len(endpoint.calls("UpdateDomain")) == 3


def test_an_update_that_stays_invisible_counts_as_a_change(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(stale_read_seconds=600)
    run = direct.run(SETTINGS, domains=[domain_id], include_apps=True, wait_timeout=3, **ON)
    assert "it was still described as before the change after 3 s (wait_timeout 3 s)" in run["msg"]
    assert run["changed"]
    assert run["previous_docker_settings"] == {domain_id: {"enable_docker_access": False}}
    assert [domain["status"] for domain in run["domains"]] == ["Updating"]


def test_without_waiting_an_update_is_not_read_again(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.controls(stale_read_seconds=600)
    assert direct.ok(SETTINGS, domains=[domain_id], wait=False, **ON)["changed"]
    assert len(endpoint.calls("DescribeDomain")) == 1


@pytest.mark.parametrize("profiles", [None, ["ada"]], ids=["domain", "user-profile"])
def test_a_lifecycle_configuration_is_created_and_attached(endpoint, direct, profiles):
    domain_id = endpoint.domain()
    endpoint.user_profile(domain_id)
    options = {**SCRIPT, "domains": [domain_id], **({"user_profiles": profiles} if profiles else {})}
    assert direct.ok(LIFECYCLE_CONFIG, **options)["changed"]
    assert not direct.ok(LIFECYCLE_CONFIG, **options)["changed"]


@pytest.mark.parametrize("wait", [True, False])
def test_a_domain_is_created(endpoint, direct, wait):
    run = direct.ok(DOMAIN, **NEW, wait=wait)
    domain_id = run["domain"]["domain_id"]
    assert run["domain"]["status"] == ("InService" if wait else "Pending")
    assert run["domain"]["tags"] == {"cost": "7"}
    [domain] = present(endpoint).list_domains()["Domains"]
    assert domain["DomainId"] == domain_id


@pytest.mark.parametrize("wait", [True, False])
def test_a_domain_and_its_tags_are_updated(endpoint, direct, wait):
    domain_id = endpoint.domain("research", tags={"cost": "7"})
    options = {"name": "research", "docker_settings": ON, "tags": {"team": "b"}, "purge_tags": True, "wait": wait}
    run = direct.ok(DOMAIN, **options)
    assert run["changed"]
    assert run["domain"]["tags"] == {"team": "b"}
    arn = present(endpoint).describe_domain(DomainId=domain_id)["DomainArn"]
    assert present(endpoint).list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "b"}]


def test_a_domain_is_deleted_also_after_a_failed_deletion(endpoint, direct):
    domain_id = endpoint.domain("research")
    endpoint.controls(delete_failure="The file system is in use.", stale_read_seconds=0.0, transition_seconds=0.0)
    endpoint.boto3().delete_domain(DomainId=domain_id)
    assert present(endpoint).describe_domain(DomainId=domain_id)["Status"] == "Delete_Failed"
    endpoint.controls(delete_failure="", stale_read_seconds=2.5)
    assert direct.ok(DOMAIN, name="research", state="absent", home_efs_file_system="retain")["changed"]
    assert present(endpoint).list_domains()["Domains"] == []


def test_every_app_is_restarted(endpoint, direct):
    domain_id = endpoint.domain()
    for number in range(3):
        endpoint.app(domain_id, profile=f"user-{number}")
    run = direct.ok(APP, domains=[domain_id])
    assert [(app["changed"], app["status"]) for app in run["apps"]] == [(True, "InService")] * 3
    assert len(endpoint.calls("CreateApp")) == 3


@pytest.mark.parametrize("state", ["restarted", "absent"])
def test_an_app_that_failed_after_a_restart_is_deleted(endpoint, direct, state):
    domain_id = endpoint.domain()
    endpoint.app(domain_id)
    endpoint.controls(stale_read_seconds=0.0, app_failures={"*": "No capacity."})
    direct.fails(APP, domains=[domain_id])
    endpoint.controls(stale_read_seconds=2.5, app_failures={})
    run = direct.ok(APP, domains=[domain_id], state=state)
    assert [app["changed"] for app in run["apps"]] == [True]


def test_remote_access_of_a_space_is_enabled(endpoint, direct):
    domain_id = endpoint.domain()
    endpoint.space(domain_id, "ada-space", SpaceSettings={"AppType": "JupyterLab"})
    options = {"domains": [domain_id], "spaces": ["ada-space"], "remote_access": True}
    assert direct.ok(SPACE, **options)["changed"]
    assert not direct.ok(SPACE, **options)["changed"]
