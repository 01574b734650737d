# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.failures import (
    capacity_code,
    explain_creation,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import ResourceError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import UnexpectedStatus
from botocore.exceptions import ClientError

CAPACITY = "EC2InsufficientCapacityError: Instance type 'ml.g5.48xlarge' is temporarily unavailable in euw1-az1."
QUOTA = "The account-level service limit 'Studio JupyterLab Apps running on ml.g5.48xlarge instances' is 0 Apps."
SPECIFICATION = {"ResourceSpec": {"InstanceType": "ml.g5.48xlarge"}}


def failed(reason):
    return UnexpectedStatus(f"it ended in status Failed: {reason}", {"Status": "Failed", "FailureReason": reason})


def refused(code, message):
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}, "CreateApp")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (failed(CAPACITY), ["no capacity for ml.g5.48xlarge", CAPACITY, "in a few minutes"]),
        (refused("ResourceLimitExceeded", QUOTA), ["quota", QUOTA, "Service Quotas"]),
    ],
)
def test_a_lack_of_capacity_and_a_quota_are_no_fault_of_the_app(error, words):
    message = explain_creation(error, SPECIFICATION)
    assert [word for word in [*words, "nothing is wrong with the app"] if word not in message] == []


@pytest.mark.parametrize(
    "error",
    [
        UnexpectedStatus("it ended in status Deleted", {"Status": "Deleted"}),
        refused("AccessDeniedException", "not authorized"),
        ResourceError("it was still Pending after 600 s"),
    ],
)
def test_another_failure_has_its_own_message(error):
    assert explain_creation(error, SPECIFICATION) is None
    assert capacity_code(error) is None


def test_the_failure_reason_of_a_lack_of_capacity_begins_with_its_code():
    assert capacity_code(failed(CAPACITY)) == "EC2InsufficientCapacityError"


def test_the_log_of_a_lifecycle_configuration_is_named_where_the_app_has_one():
    app = {"Status": "Failed", "DomainId": "d-1", "SpaceName": "ada-space", "AppType": "JupyterLab"}
    error = UnexpectedStatus("it ended in status Failed: exit code 1", app)
    assert explain_creation(error, SPECIFICATION) == "it ended in status Failed: exit code 1"
    error = UnexpectedStatus(
        "it ended in status Failed: exit code 1", {**app, "BuiltInLifecycleConfigArn": "arn:config"}
    )
    assert explain_creation(error, SPECIFICATION) == (
        "it ended in status Failed: exit code 1. The output of its lifecycle configuration is in the CloudWatch log "
        "group /aws/sagemaker/studio, d-1/ada-space/JupyterLab/default/LifecycleConfigOnStart"
    )
