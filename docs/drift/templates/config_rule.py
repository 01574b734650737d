# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Config rule: the SageMaker domains of the region have these DockerSettings.

A function and no Guard policy: a Guard policy sees only what Config records of a domain, and the published schema of
AWS::SageMaker::Domain in Config has no DockerSettings. The rule runs periodically and describes the domains itself.
"""

import json
from datetime import UTC, datetime

import boto3

# Config's limits: annotations, and evaluations of one PutEvaluations call.
_LONGEST_ANNOTATION = 256
_MOST_EVALUATIONS = 100


def handler(event, _context):
    """Entry point of the function: evaluate every domain, and tell Config."""
    requested = requested_settings(json.loads(event.get("ruleParameters") or "{}"))
    evaluations = evaluate(boto3.client("sagemaker"), requested, datetime.now(UTC))
    config = boto3.client("config")
    for start in range(0, len(evaluations), _MOST_EVALUATIONS):
        part = evaluations[start : start + _MOST_EVALUATIONS]
        config.put_evaluations(Evaluations=part, ResultToken=event["resultToken"])


def requested_settings(parameters):
    """Return the requested DockerSettings, of the rule's parameters that have a value; all others are not compared."""
    requested = {
        key: {"true": "ENABLED", "false": "DISABLED"}[parameters[name].strip().lower()]
        for key, name in (("EnableDockerAccess", "enable_docker_access"), ("RootlessDocker", "rootless_docker"))
        if parameters.get(name, "unchanged").strip() not in ("", "unchanged")
    }
    accounts = parameters.get("vpc_only_trusted_accounts", "").replace(",", " ").split()
    if accounts not in ([], ["unchanged"]):
        requested["VpcOnlyTrustedAccounts"] = sorted(set(accounts) - {"none"})
    return requested


def evaluate(sagemaker, requested, now):
    """Return an evaluation of each domain of the region."""
    found = []
    for page in sagemaker.get_paginator("list_domains").paginate():
        for summary in page["Domains"]:
            if summary["Status"] not in ("Deleting", "Failed", "Delete_Failed"):
                domain = sagemaker.describe_domain(DomainId=summary["DomainId"])
                found.append(evaluation(domain, requested, now))
    return found


def evaluation(domain, requested, now):
    """Return the evaluation of one described domain. SageMaker omits settings that were never set."""
    settings = {"EnableDockerAccess": "DISABLED", "RootlessDocker": "DISABLED", "VpcOnlyTrustedAccounts": []}
    settings.update(domain.get("DomainSettings", {}).get("DockerSettings", {}))
    settings["VpcOnlyTrustedAccounts"] = sorted(settings["VpcOnlyTrustedAccounts"])
    different = [
        f"{key} is {_text(settings[key])}, requested {_text(value)}"
        for key, value in requested.items()
        if settings[key] != value
    ]
    return {
        "ComplianceResourceType": "AWS::SageMaker::Domain",
        "ComplianceResourceId": domain["DomainId"],
        "ComplianceType": "NON_COMPLIANT" if different else "COMPLIANT",
        "Annotation": ("; ".join(different) or "The domain has the requested settings")[:_LONGEST_ANNOTATION],
        "OrderingTimestamp": now,
    }


def _text(value):
    return ", ".join(value) or "empty" if isinstance(value, list) else value
