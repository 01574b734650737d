# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of docs/drift, with the events that the AWS endpoint records and the domains that it describes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from moto.events.models import EventPattern

from tests import drift_templates
from tests.awx import configuration

ENABLED = {"DockerSettings": {"EnableDockerAccess": "ENABLED"}}
PATTERN = EventPattern.load(json.dumps(drift_templates.event_pattern()))


def matching(endpoint):
    """The events that the rule of EventBridge passes on, of all calls so far; the newest first."""
    records = [json.loads(event["CloudTrailEvent"]) for event in endpoint.boto3("cloudtrail").lookup_events()["Events"]]
    return [event for event in map(drift_templates.event_of, records) if PATTERN.matches_event(event)]


def test_the_rule_matches_accepted_changes_of_domains_only(endpoint):
    domain_id = endpoint.domain("research")
    endpoint.space(domain_id, "ada-jupyterlab")
    sagemaker = endpoint.boto3()
    sagemaker.update_domain(DomainId=domain_id, DomainSettingsForUpdate=ENABLED)
    sagemaker.describe_domain(DomainId=domain_id)
    sagemaker.update_space(DomainId=domain_id, SpaceName="ada-jupyterlab", SpaceSettings={"RemoteAccess": "ENABLED"})
    endpoint.controls(denied_actions={"sagemaker:UpdateDomain": "*"})
    with pytest.raises(Exception, match="AccessDenied"):
        sagemaker.update_domain(DomainId=domain_id, DomainSettingsForUpdate=ENABLED)
    assert [event["detail"]["eventName"] for event in matching(endpoint)] == ["UpdateDomain", "CreateDomain"]


def test_the_message_names_the_domain_and_the_caller(endpoint):
    domain_id = endpoint.domain("research")
    alice = "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.org"
    endpoint.update("update_domain", DomainId=domain_id, by=alice)
    arn = endpoint.boto3().describe_domain(DomainId=domain_id)["DomainArn"]
    topic = drift_templates.targets("DomainRule")["topic"]
    for event, call, who in zip(matching(endpoint), ("UpdateDomain", "CreateDomain"), (alice, ""), strict=True):
        text = json.loads(drift_templates.transformed(topic, event))
        assert text.startswith(f"{call} of the SageMaker domain {arn} by {who}")


def test_awx_gets_answers_of_the_drift_audit(endpoint):
    arn = endpoint.boto3().describe_domain(DomainId=endpoint.domain("research"))["DomainArn"]
    [event] = matching(endpoint)
    non_compliant = {"region": "eu-west-1", "detail": {"resourceId": arn}}
    for rule, received in (("DomainRule", event), ("DockerSettingsEvents", non_compliant)):
        body = json.loads(drift_templates.transformed(drift_templates.targets(rule)["awx"], received))
        assert body == {"extra_vars": {"domain_docker_access_domains": arn, "domain_docker_access_region": "eu-west-1"}}
        questions = {question["variable"] for question in configuration.survey_of("drift audit")["spec"]}
        assert set(body["extra_vars"]) <= questions


def test_the_config_rule_evaluates_every_domain(endpoint):
    differing = endpoint.domain("research", {"EnableDockerAccess": "DISABLED"})
    right = endpoint.domain("production", {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": ["210987654321"]})
    rule = drift_templates.config_rule()
    requested = rule.requested_settings({"enable_docker_access": "true", "vpc_only_trusted_accounts": "unchanged"})
    found = rule.evaluate(endpoint.boto3(), requested, datetime.now(UTC))
    assert {one["ComplianceResourceId"]: one["ComplianceType"] for one in found} == {
        differing: "NON_COMPLIANT",
        right: "COMPLIANT",
    }
    # What the function may do, as the template allows it.
    operations = {call.operation for call in endpoint.calls()}
    assert operations == {"ListDomains", "DescribeDomain"}
