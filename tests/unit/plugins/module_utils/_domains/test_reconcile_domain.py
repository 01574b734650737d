# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains that come and go while a task works on them."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import WaitPolicy
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.desired_domain import DesiredDomain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.reconcile_domain import DomainReconciler

from tests.unit.scripted_sagemaker import ScriptedSageMaker, hurry, refusal
from tests.unit.studio_apps import DOMAIN

GONE = refusal("ResourceNotFound")
ROLE, VPC, SUBNETS = "arn:aws:iam::123456789012:role/studio", "vpc-0a1b2c3d4e5f60718", ["subnet-0a1b2c3d4e5f60718"]
STUDIO = {
    **DOMAIN,
    "Status": "InService",
    "AppNetworkAccessType": "PublicInternetOnly",
    "AuthMode": "IAM",
    "VpcId": VPC,
    "SubnetIds": SUBNETS,
    "DefaultUserSettings": {"ExecutionRole": ROLE},
}
FAILED = {**STUDIO, "Status": "Failed"}
NEW = DesiredDomain(
    name="research", auth_mode="IAM", execution_role=ROLE, vpc_id=VPC, subnet_ids=SUBNETS, tags={"cost": "7"}
)


def reconciler(sagemaker, wait=True):
    return DomainReconciler(sagemaker.api(), NEW, WaitPolicy(wait, 5), check_mode=False)


def listed(*domains):
    return {"Domains": list(domains)}


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    hurry(monkeypatch)


def test_a_domain_that_is_gone_after_it_was_listed_is_absent():
    sagemaker = ScriptedSageMaker(list_domains=[listed(STUDIO)], describe_domain=[GONE])
    result = reconciler(sagemaker).absent("Retain")
    assert (result.error, result.changed) == (None, False)
    assert sagemaker.calls["delete_domain"] == 0


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFound"])
def test_a_failed_domain_is_deleted_although_its_tags_are_refused(code):
    sagemaker = ScriptedSageMaker(
        list_domains=[listed(FAILED)], describe_domain=[FAILED, FAILED, GONE], list_tags=[refusal(code)]
    )
    result = reconciler(sagemaker).absent("Retain")
    assert (result.error, result.changed) == (None, True)
    assert sagemaker.calls["delete_domain"] == 1


@pytest.mark.parametrize("answers", [{"describe_domain": [STUDIO, GONE]}, {"delete_domain": [GONE]}])
def test_a_domain_that_is_gone_before_it_is_deleted_is_absent(answers):
    sagemaker = ScriptedSageMaker(
        **{"list_domains": [listed(STUDIO)], "describe_domain": [STUDIO, STUDIO, GONE], "list_tags": [{"Tags": []}]}
        | answers
    )
    assert reconciler(sagemaker).absent("Retain").error is None


def test_a_domain_that_is_listed_and_not_described_is_not_created_again():
    sagemaker = ScriptedSageMaker(list_domains=[listed(STUDIO)], describe_domain=[GONE])
    assert "SageMaker lists it (d-1) and does not describe it" in reconciler(sagemaker).present().error
    assert sagemaker.calls["create_domain"] == 0


@pytest.mark.parametrize("wait", [True, False])
def test_a_new_domain_that_is_not_visible_yet_is_created_once(wait):
    sagemaker = ScriptedSageMaker(
        list_domains=[listed()],
        create_domain=[{"DomainArn": DOMAIN["DomainArn"]}],
        describe_domain=[GONE, GONE, STUDIO],
        list_tags=[refusal("ValidationException")],
    )
    result = reconciler(sagemaker, wait).present()
    assert (result.error, result.after["status"]) == (None, "InService" if wait else "Pending")
    assert result.after["tags"] == {"cost": "7"}
    assert sagemaker.calls["create_domain"] == 1


def test_a_new_domain_that_another_run_has_created_as_well_is_told_although_it_is_not_listed_yet():
    other = {**STUDIO, "DomainId": "d-2"}
    sagemaker = ScriptedSageMaker(
        list_domains=[listed(), listed(other)],
        create_domain=[{"DomainArn": DOMAIN["DomainArn"]}],
        describe_domain=[STUDIO],
    )
    assert "this run created d-1, and another run created" in reconciler(sagemaker).present().error


def test_a_new_domain_that_is_deleted_again_is_told():
    sagemaker = ScriptedSageMaker(
        list_domains=[listed()],
        create_domain=[{"DomainArn": DOMAIN["DomainArn"]}],
        describe_domain=[{**STUDIO, "Status": "Deleting"}],
    )
    assert "it ended in status Deleting" in reconciler(sagemaker).present().error
