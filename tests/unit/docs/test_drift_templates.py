# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates of docs/drift: what the Config rule decides, and that both templates have the same content."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tests import drift_templates

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
RULE = drift_templates.config_rule()


def test_the_template_of_cloudformation_has_the_function_and_the_pattern() -> None:
    resources = drift_templates.cloudformation()["Resources"]
    function = resources["DockerSettingsFunction"]["Properties"]["Code"]["ZipFile"]
    written = (drift_templates.FOLDER / "config_rule.py").read_text(encoding="utf-8")
    assert function == written, "Run: python -m tests.drift_templates"
    assert resources["DomainRule"]["Properties"]["EventPattern"] == drift_templates.event_pattern()


def test_terraform_has_the_same_inputs_of_the_targets() -> None:
    module = (drift_templates.FOLDER / "main.tf").read_text(encoding="utf-8")
    for rule in ("DomainRule", "DockerSettingsEvents"):
        for target in drift_templates.targets(rule).values():
            transformer = target["InputTransformer"]
            assert json.dumps(transformer["InputTemplate"]) in module
            assert all(path in module for path in transformer["InputPathsMap"].values())


@pytest.mark.parametrize(
    ("parameters", "requested"),
    [
        ({}, {}),
        ({"enable_docker_access": "true", "rootless_docker": "unchanged"}, {"EnableDockerAccess": "ENABLED"}),
        ({"rootless_docker": "false", "vpc_only_trusted_accounts": "unchanged"}, {"RootlessDocker": "DISABLED"}),
        (
            {"vpc_only_trusted_accounts": "210987654321, 012345678901"},
            {"VpcOnlyTrustedAccounts": ["012345678901", "210987654321"]},
        ),
        ({"vpc_only_trusted_accounts": "none"}, {"VpcOnlyTrustedAccounts": []}),
        ({"vpc_only_trusted_accounts": ""}, {}),
    ],
)
def test_the_rule_compares_what_its_parameters_request(parameters: dict[str, str], requested: dict[str, Any]) -> None:
    assert RULE.requested_settings(parameters) == requested


@pytest.mark.parametrize(
    ("settings", "requested", "annotation"),
    [
        ({"EnableDockerAccess": "ENABLED"}, {"EnableDockerAccess": "ENABLED"}, ""),
        (None, {"EnableDockerAccess": "DISABLED", "VpcOnlyTrustedAccounts": []}, ""),
        (None, {"EnableDockerAccess": "ENABLED"}, "EnableDockerAccess is DISABLED, requested ENABLED"),
        ({"VpcOnlyTrustedAccounts": ["2", "1"]}, {"VpcOnlyTrustedAccounts": ["1", "2"]}, ""),
        (
            {"VpcOnlyTrustedAccounts": ["2", "1"]},
            {"VpcOnlyTrustedAccounts": []},
            "VpcOnlyTrustedAccounts is 1, 2, requested empty",
        ),
    ],
)
def test_a_domain_is_compliant_if_it_has_what_is_requested(settings: Any, requested: Any, annotation: str) -> None:
    domain = {"DomainId": "d-1"} | ({"DomainSettings": {"DockerSettings": settings}} if settings is not None else {})
    found = RULE.evaluation(domain, requested, NOW)
    assert found["ComplianceType"] == ("NON_COMPLIANT" if annotation else "COMPLIANT")
    if annotation:
        assert found["Annotation"] == annotation


def test_the_evaluations_have_the_form_that_config_accepts() -> None:
    many = {"EnableDockerAccess": "ENABLED", "VpcOnlyTrustedAccounts": [f"{number:012}" for number in range(20)]}
    found = [RULE.evaluation({"DomainId": f"d-{number}"}, many, NOW) for number in range(3)]
    config = boto3.client("config", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")  # noqa: S106
    with Stubber(config) as stubber:
        stubber.add_response("put_evaluations", {"FailedEvaluations": []})
        config.put_evaluations(Evaluations=found, ResultToken="token")
