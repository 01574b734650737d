# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials, clocks and regions that fail: each message has its name and the next command."""

from __future__ import annotations

import time

import pytest

from tests.integration.conftest import Direct

SETTINGS = "sagemaker_domain_docker_settings"
ON = {"domains": ["research"], "enable_docker_access": True}
# The profiles of a person's machine: a role with MFA, a helper that does not exist, and one that fails.
CONFIG = """
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile base]
aws_access_key_id = AKIASANDBOXSANDBOXSA
aws_secret_access_key = sandbox
[profile missing-helper]
credential_process = /nonexistent/helper --json
[profile failing-helper]
credential_process = sh -c "echo no session >&2; exit 1"
[profile wordy-helper]
credential_process = echo hello
[profile incomplete-helper]
credential_process = echo '{"Version": 1}'
[profile unquoted-helper]
credential_process = sh -c "echo
[profile web-identity]
role_arn = arn:aws:iam::123456789012:role/admin
web_identity_token_file = /nonexistent/token
[profile denied-role]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = base
[profile no-source]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = nobody
[profile half]
aws_access_key_id = AKIASANDBOXSANDBOXSA
[profile sso]
sso_session = company
sso_account_id = 123456789012
sso_role_name = admin
[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = eu-west-1
"""


@pytest.fixture
def by_profile(endpoint, tmp_path):
    """Run the module as a person with these profiles does."""
    (tmp_path / "config").write_text(CONFIG)
    environment = endpoint.environment()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        environment[name] = ""
    environment |= {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}
    return Direct(environment)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("nobody", ["(nobody)", "`aws configure list-profiles`"]),
        ("mfa", ["needs an MFA code", "`aws configure export-credentials"]),
        ("missing-helper", ["credential_process", "/nonexistent/helper"]),
        ("failing-helper", ["credential helper", "no session", "`aws configure get credential_process"]),
        ("wordy-helper", ["credential_process must print JSON", "`aws configure get credential_process"]),
        ("incomplete-helper", ["credential helper", "AccessKeyId", "`aws configure get credential_process"]),
        ("unquoted-helper", ["credential_process", "quotation"]),
        ("web-identity", ["/nonexistent/token", "web_identity_token_file"]),
        (
            "denied-role",
            ["lack the IAM action sts:AssumeRole", "role/admin", "get-role --role-name admin"],
        ),
        ("no-source", ["The AWS configuration is invalid", "nobody"]),
        ("half", ["aws_secret_access_key"]),
        ("sso", ["SSO session has ended", "`aws sso login`"]),
    ],
)
def test_a_profile_that_fails(endpoint, by_profile, profile, expected):
    endpoint.domain("research")
    endpoint.controls(denied_actions={"sts:AssumeRole": "*"})
    message = by_profile.fails(SETTINGS, profile=profile, **ON)
    assert [text for text in expected if text not in message] == []
    assert [call for call in endpoint.mutating_calls() if call.service == "sagemaker"] == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["No usable AWS credentials", "AWS_PROFILE"]),
        (
            {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1/"},
            ["credentials of the container", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
        ),
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod"},
            ["/nonexistent/token", "AWS_WEB_IDENTITY_TOKEN_FILE"],
        ),
        ({"AWS_ACCESS_KEY_ID": "AKIASANDBOXSANDBOXSA"}, ["No usable AWS credentials", "aws_secret_access_key"]),
        (
            {
                "AWS_ACCESS_KEY_ID": "AKIASANDBOXSANDBOXSA",
                "AWS_SECRET_ACCESS_KEY": "sandbox",
                "AWS_SESSION_TOKEN": "secret-token\nx",
            },
            ["line break", "AWS_SESSION_TOKEN"],
        ),
    ],
    ids=["none", "container", "web-identity", "half", "line-break"],
)
def test_credentials_of_the_environment_that_fail(endpoint, by_profile, variables, expected):
    endpoint.domain("research")
    started = time.monotonic()
    message = by_profile.fails(SETTINGS, environment={"AWS_EC2_METADATA_DISABLED": "true", **variables}, **ON)
    assert [text for text in expected if text not in message] == [], message
    assert "secret-token" not in message
    assert time.monotonic() - started < 60
    assert endpoint.mutating_calls() == []


def test_a_profile_that_does_not_exist_is_named_before_a_missing_region(by_profile):
    no_region = {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
    message = by_profile.fails(SETTINGS, profile="nobody", environment=no_region, **ON)
    assert message.startswith("The AWS profile does not exist")


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("wrong_clock", "The clock of this machine is wrong"),
        ("disabled_region", "AWS does not accept the credentials"),
    ],
)
def test_credentials_that_aws_refuses(endpoint, direct, control, expected):
    endpoint.domain("research")
    endpoint.controls(**{control: True})
    assert expected in direct.fails(SETTINGS, **ON)


def test_a_denial_by_an_organization_is_called_that(endpoint, direct):
    endpoint.domain("research")
    action = "sagemaker:UpdateDomain"
    endpoint.controls(
        denied_actions={action: "*"}, denial_reasons={action: "with an explicit deny in a service control policy"}
    )
    run = direct.run(SETTINGS, **ON)
    assert "An explicit deny in a service control policy denies the IAM action sagemaker:UpdateDomain" in run["msg"]
    assert "add it to the role's policy" not in run["msg"]
    assert run["error"]["code"] == "AccessDeniedException"
