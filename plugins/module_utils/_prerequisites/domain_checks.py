# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The domain itself: its status, its DockerSettings and network mode, and whose roles its apps run with."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import Facts, Unknown
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)

Described = t.Dict[str, t.Any]


def is_vpc_only(domain: Described) -> bool:
    """Whether all traffic of the domain's apps takes the domain's VPC."""
    return domain.get("AppNetworkAccessType") == "VpcOnly"


def account_of(domain: Described) -> str:
    """The account that the domain is in."""
    return domain["DomainArn"].split(":")[4]


def partition_of(domain: Described) -> str:
    """The partition of AWS that the domain is in: aws, aws-cn, ..."""
    return domain["DomainArn"].split(":")[1]


def roles(facts: Facts) -> dict[str, list[str]]:
    """Return the execution roles of the domain's apps, as far as they are known, each with whom it is for."""
    owners: dict[str, list[str]] = {}
    defaults = (("DefaultUserSettings", "users"), ("DefaultSpaceSettings", "shared spaces"))
    for settings, owner in defaults:
        role = facts.domain.get(settings, {}).get("ExecutionRole")
        if role:
            owners.setdefault(role, []).append(owner)
    if not isinstance(facts.profiles, Unknown):
        for profile, role in sorted(facts.profiles.items()):
            owners.setdefault(role, []).append(f"profile {profile}")
    return owners


def status(facts: Facts) -> Finding:
    """Apps can be started in a domain that is InService."""
    domain = facts.domain
    name = f"{domain.get('DomainName')} ({domain.get('DomainId')})"
    found, expected = domain.get("Status", ""), "InService"
    observed = f"{name}, {found}"
    reason = domain.get("FailureReason") or "SageMaker gives no FailureReason"
    if found == expected:
        return Finding("domain", OK, observed, expected)
    if found in ("Pending", "Updating"):
        reason = "The settings that count are those after the change, and what is below are those before it."
        return Finding("domain", WARNING, observed, expected, reason, "Check again in some minutes.")
    if found == "Update_Failed":
        reason = f"The last update did not come through: {reason}."
        return Finding("domain", WARNING, observed, expected, reason, "Repeat the update and see what it says.")
    reason = f"No app can be started in it: {reason}."
    return Finding(
        "domain", FAILED, observed, expected, reason, "Use another domain, or create one with sagemaker_domain."
    )


def docker_access(facts: Facts) -> Finding:
    """The switch itself. What an app has shows in the app only: it keeps what was set when it was created."""
    domain = facts.domain
    settings = docker_settings.from_api(domain)
    expected = "on"
    if settings.enable_docker_access:
        updated = domain.get("LastModifiedTime")
        when = f"; an app created before {updated:%Y-%m-%d %H:%M} UTC may be without" if updated else ""
        return Finding("docker_access", OK, f"on{when}", expected)
    variables = json.dumps({"domain_docker_access_domains": [domain.get("DomainId")]})
    return Finding(
        "docker_access",
        FAILED,
        "off",
        expected,
        "The domain's apps get no Docker: DOCKER_HOST is not set in them and there is no socket.",
        f"ansible-playbook mlops.studio_local_mode.enable_local_mode -e '{variables}'. Then stop the spaces in Studio "
        "and run them again.",
    )


def network_mode(facts: Facts) -> Finding:
    """What images may be used and what way they take, as a statement; settings without effect are a warning."""
    domain = facts.domain
    settings = docker_settings.from_api(domain)
    mode = domain.get("AppNetworkAccessType") or "not told"
    observed = f"{mode}, rootless Docker {'on' if settings.rootless_docker else 'off'}"
    expected = "any; it decides what images may be used"
    without_effect = docker_settings.caveats(settings, mode)
    if without_effect:
        remediation = "Take the accounts away, or change the mode if they were to have an effect."
        return Finding("network_mode", WARNING, observed, expected, f"{without_effect[0]}.", remediation)
    if is_vpc_only(domain) and not settings.rootless_docker:
        accounts = ", ".join(settings.vpc_only_trusted_accounts) or "none"
        observed = f"{observed}; accounts trusted besides the domain's own and AWS's: {accounts}"
    return Finding("network_mode", OK, observed, expected)


def execution_roles(facts: Facts) -> list[Finding]:
    """Whose roles pull and push: the domain's, and those of profiles that have their own."""
    expected = "a role for each user"
    owners = roles(facts)
    findings = []
    if facts.domain.get("DefaultUserSettings", {}).get("ExecutionRole"):
        observed = "; ".join(f"{name_of(role)} of {shortened(owners[role])}" for role in owners)
        findings.append(Finding("execution_roles", OK, observed, expected))
    else:
        reason = "An app needs a role to pull images with: only profiles with a role of their own can work."
        remediation = (
            f"aws sagemaker update-domain --domain-id {facts.domain.get('DomainId')} "
            "--default-user-settings ExecutionRole=ROLE_ARN"
        )
        findings.append(Finding("execution_roles", FAILED, "the domain has none", expected, reason, remediation))
    if isinstance(facts.profiles, Unknown):
        remediation = "Allow the action, or ask someone who may: a profile's role replaces the domain's."
        findings.append(skipped("profile_roles", facts.profiles.because, expected, remediation))
    return findings


def names_of(arns: t.Iterable[str]) -> str:
    """The names of roles, as a list for people."""
    return ", ".join(name_of(role) for role in arns)


def name_of(role: str) -> str:
    """The name in a role's ARN, as AWS's console and the CLI's C(--role-name) want it."""
    return role.rpartition("/")[2]


def shortened(names: t.Sequence[str], most: int = 3) -> str:
    """The first names and how many more there are: a domain may have hundreds of profiles."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
