# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudTrail's event history in the endpoint: what was really called, by whom and when."""

from __future__ import annotations

import json
import time

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

ADA = "arn:aws:sts::123456789012:assumed-role/platform/ada"
DOCKER = {"DomainSettingsForUpdate": {"DockerSettings": {"EnableDockerAccess": "DISABLED"}}}


def lookup(endpoint, key=None, value=None, **parameters):
    if key:
        parameters["LookupAttributes"] = [{"AttributeKey": key, "AttributeValue": value}]
    return endpoint.boto3("cloudtrail").lookup_events(**parameters)


def names(answer):
    return [event["EventName"] for event in answer["Events"]]


def test_a_write_is_an_event_that_says_who_what_and_when(endpoint):
    domain_id = endpoint.domain(docker_settings={"EnableDockerAccess": "ENABLED"})
    before = time.time()
    endpoint.boto3().update_domain(DomainId=domain_id, **DOCKER)
    [event] = lookup(endpoint, "EventName", "UpdateDomain")["Events"]
    assert (event["ReadOnly"], event["Username"], event["EventSource"]) == (
        "false",
        "ansible",
        "sagemaker.amazonaws.com",
    )
    assert before - 1 <= event["EventTime"].timestamp() <= time.time()
    record = json.loads(event["CloudTrailEvent"])
    assert record["userIdentity"]["type"] == "AssumedRole"
    assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "sandbox"
    assert record["requestParameters"] == {
        "domainId": domain_id,
        "domainSettingsForUpdate": {"dockerSettings": {"enableDockerAccess": "DISABLED"}},
    }
    assert record["responseElements"]["domainArn"].endswith(domain_id)
    assert (record["recipientAccountId"], record["awsRegion"], record["readOnly"]) == (
        "123456789012",
        "eu-west-1",
        False,
    )
    assert "errorCode" not in record


def test_a_refused_write_is_an_event_with_its_error(endpoint):
    with pytest.raises(ClientError, match="ResourceNotFound"):
        endpoint.boto3().update_domain(DomainId="d-000000000000")
    record = json.loads(lookup(endpoint, "EventName", "UpdateDomain")["Events"][0]["CloudTrailEvent"])
    assert record["errorCode"] == "ResourceNotFound"
    assert "does not exist" in record["errorMessage"]
    assert record["responseElements"] is None


def test_a_write_whose_answer_was_lost_is_an_event(endpoint):
    domain_id = endpoint.domain()
    endpoint.controls(drop_every=1, drop_moment="after")
    with pytest.raises(ConnectionClosedError):
        endpoint.boto3().update_domain(DomainId=domain_id)
    endpoint.controls(drop_every=0)
    assert names(lookup(endpoint, "EventName", "UpdateDomain")) == ["UpdateDomain"]


def test_an_arranged_change_has_its_author_and_its_age(endpoint):
    domain_id = endpoint.domain()
    endpoint.update("update_domain", DomainId=domain_id, age=3600, by=ADA)
    [event] = lookup(endpoint, "Username", "ada")["Events"]
    assert 3590 < time.time() - event["EventTime"].timestamp() < 3700
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert (identity["arn"], identity["type"]) == (ADA, "AssumedRole")


def test_the_newest_event_is_first_and_each_account_and_region_has_its_own(endpoint):
    endpoint.boto3().list_domains()
    endpoint.boto3().create_studio_lifecycle_config(
        StudioLifecycleConfigName="x", StudioLifecycleConfigContent="Og==", StudioLifecycleConfigAppType="JupyterLab"
    )
    assert names(lookup(endpoint)) == ["CreateStudioLifecycleConfig", "ListDomains"]
    assert names(lookup(endpoint.at("111100000001"))) == []
    assert names(lookup(endpoint.at(endpoint.account, "us-east-1"))) == []


def test_events_come_in_pages_that_a_new_event_does_not_move(endpoint):
    sagemaker = endpoint.boto3()
    for _ in range(4):
        sagemaker.list_domains()
    endpoint.controls(rate_limits={"cloudtrail:LookupEvents": 100})
    first = lookup(endpoint, "EventName", "ListDomains", MaxResults=3)
    sagemaker.list_domains()
    second = lookup(endpoint, "EventName", "ListDomains", MaxResults=3, NextToken=first["NextToken"])
    ids = [event["EventId"] for event in (*first["Events"], *second["Events"])]
    assert len(set(ids)) == len(ids) == 4
    assert "NextToken" not in second


def test_events_are_selected_by_time_and_kind(endpoint):
    endpoint.controls(rate_limits={"cloudtrail:LookupEvents": 100})
    domain_id = endpoint.domain()
    endpoint.update("update_domain", DomainId=domain_id, age=3600)
    endpoint.boto3().list_domains()
    now = time.time()
    assert names(lookup(endpoint, "ReadOnly", "false", StartTime=now - 4000)) == ["UpdateDomain"]
    assert names(lookup(endpoint, "ReadOnly", "false", EndTime=now - 4000)) == ["CreateDomain"]
    with pytest.raises(ClientError, match="InvalidTimeRangeException"):
        lookup(endpoint, StartTime=now, EndTime=now - 1)


def test_an_event_appears_after_the_delay(endpoint):
    endpoint.controls(trail_delay_seconds=0.8)
    endpoint.boto3().list_domains()
    assert names(lookup(endpoint, "EventName", "ListDomains")) == []
    time.sleep(1)
    assert names(lookup(endpoint, "EventName", "ListDomains")) == ["ListDomains"]


def test_more_than_two_lookups_a_second_are_throttled(endpoint):
    cloudtrail = endpoint.boto3("cloudtrail")
    with pytest.raises(ClientError, match="ThrottlingException"):
        [cloudtrail.lookup_events() for _ in range(50)]
    lookup(endpoint.at("111100000001"))
