# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domain_changes.caller import caller

from tests.unit.domain_events import ALICE

ACCOUNT = "123456789012"
SSO = "AWSReservedSSO_Admin_0123456789abcdef"


def assumed(role: str, session: str, **members: Any) -> dict[str, Any]:
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "accountId": ACCOUNT, "userName": role}
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": issuer, **members.pop("context", {})},
        **members,
    }


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (ALICE, "alice"),
        (assumed("Deploy", "terraform"), "Deploy/terraform"),
        (assumed(SSO, "alice@example.org"), f"{SSO}/alice@example.org"),
        (
            {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT},
            f"root user of account {ACCOUNT}",
        ),
        ({"type": "Root", "accountId": ACCOUNT, "userName": "our-alias"}, f"root user of account {ACCOUNT}"),
        ({"type": "AWSService", "invokedBy": "sagemaker.amazonaws.com"}, "sagemaker.amazonaws.com"),
        ({"type": "AWSAccount", "accountId": "210987654321"}, "account 210987654321"),
        ({"type": "FederatedUser", "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob"}, "bob"),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "544894e8"}}, "544894e8"),
        ({"type": "Directory", "userName": "bob@example.org"}, "bob@example.org"),
        ({"type": "Unknown", "principalId": "AIDAEXAMPLE"}, "AIDAEXAMPLE"),
        ({"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/x"}, f"arn:aws:iam::{ACCOUNT}:user/x"),
        ({}, "Unknown"),
    ],
)
def test_every_kind_of_identity_has_a_name(identity: dict[str, Any], name: str) -> None:
    assert caller(identity)["name"] == name


def test_a_role_has_its_session_and_who_took_it() -> None:
    identity = assumed("Deploy", "job-1", context={"sourceIdentity": "alice"}, invokedBy="cloudformation.amazonaws.com")
    assert caller(identity) == {
        "type": "AssumedRole",
        "name": "Deploy/job-1",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/job-1",
        "account_id": ACCOUNT,
        "role": "Deploy",
        "session_name": "job-1",
        "source_identity": "alice",
        "invoked_by": "cloudformation.amazonaws.com",
    }


def test_a_product_provider_is_named() -> None:
    assert (
        caller(assumed("Alice", "s", invokedByDelegate={"accountId": "999999999999"}))["invoked_by"]
        == "account 999999999999"
    )
