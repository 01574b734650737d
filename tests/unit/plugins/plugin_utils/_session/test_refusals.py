# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The message for every refusal of StartSession: what is wrong, and the next step."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.refusals import explain_refusal
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.request import SpaceName

SPACE = SpaceName("eu-west-1", "d-abc", "ada")
DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/ops/me is not authorized to perform: sagemaker:StartSession on "
    "resource: arn:aws:sagemaker:eu-west-1:123456789012:space/d-abc/ada because no identity-based policy allows it"
)


@pytest.mark.parametrize(
    ("code", "text", "problem", "step"),
    [
        ("ValidationException", "X does not have remote access enabled.", "Remote access is off", "restart: true"),
        ("ValidationException", "Remote access is disabled for X", "Remote access is off", "restart: true"),
        ("AccessRefused", "The remote access feature isn't enabled", "Remote access is off", "restart: true"),
        ("ValidationException", "ml.t3.medium does not support remote access", "No session with", "at least 8 GiB"),
        ("ValidationException", "The app must be restarted to use remote access", "No session with", "list-apps"),
        ("ValidationException", "X was not restarted after remote access was enabled", "No session", "list-apps"),
        ("ConflictException", "Space X is being updated", "No session with space ada", "aws sagemaker list-apps"),
        ("ResourceInUse", "Space X is being updated", "No session with space ada", "aws sagemaker list-apps"),
        ("LimitExceededException", "quota", "A quota of the account", "aws service-quotas list-service-quotas"),
        ("ServiceQuotaExceededException", "quota", "A quota of the account", "--region eu-west-1"),
        ("UnknownOperationException", "", "has no StartSession", "endpoint_url"),
        ("404", "Not Found", "has no StartSession", "endpoint_url"),
        ("ValidationException", "no app", "No session with space ada", "aws sagemaker list-apps"),
        ("ResourceNotFound", "Space does not exist.", "No session with space ada", "aws sagemaker list-apps"),
        ("ResourceLimitExceeded", "10", "has its 10 connections already", "Close editors"),
        ("ExpiredTokenException", "expired", "credentials have expired", "aws sso login"),
        ("AccessDeniedException", DENIED, "lack the IAM action sagemaker:StartSession", "policy"),
        ("InternalFailure", "unknown", "cannot start a session with space ada", "again in a minute"),
        ("503", "Service Unavailable", "cannot start a session with space ada", "again in a minute"),
        ("ThrottlingException", "Rate exceeded", "calls it too often", "--forks"),
        ("UnheardOf", "text", "SageMaker refuses the session with space ada", "list-apps"),
    ],
)
def test_a_refusal_has_its_problem_and_its_step(code, text, problem, step) -> None:
    message = explain_refusal(code, text, SPACE)
    assert problem in message
    assert step in message
