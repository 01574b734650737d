# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The domain itself: status, DockerSettings, network mode, and the execution roles and security groups of its apps."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains import docker_settings
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.facts import (
    Facts,
    Profile,
    Unknown,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._prerequisites.unchecked import unchecked
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
    skipped,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.inventory import OF_TARGETS

Described = t.Dict[str, t.Any]


def is_vpc_only(domain: Described) -> bool:
    """Whether all traffic of the domain's apps goes through the domain's VPC."""
    return domain.get("AppNetworkAccessType") == "VpcOnly"


def account_of(domain: Described) -> str:
    """Return the account of the domain."""
    return domain["DomainArn"].split(":")[4]


def partition_of(domain: Described) -> str:
    """Return the AWS partition of the domain: aws, aws-cn, ..."""
    return domain["DomainArn"].split(":")[1]


def region_of(domain: Described) -> str:
    """Return the region of the domain."""
    return domain["DomainArn"].split(":")[3]


def roles_of(facts: Facts) -> dict[str, list[str]]:
    """Return the execution roles of the domain's apps, as far as they are known, each with its users."""
    owners: dict[str, list[str]] = {}
    defaults = (("DefaultUserSettings", "users"), ("DefaultSpaceSettings", "shared spaces"))
    for settings, owner in defaults:
        role = facts.domain.get(settings, {}).get("ExecutionRole")
        if role:
            owners.setdefault(role, []).append(owner)
    for name, profile in sorted(_profiles(facts).items()):
        if profile.execution_role:
            owners.setdefault(profile.execution_role, []).append(f"profile {name}")
    return owners


def app_groups(facts: Facts) -> tuple[frozenset[str], ...]:
    """Return the security groups of each kind of app: API reference of UserSettings, "SecurityGroups is aggregated"."""
    of_domain = facts.domain.get("DefaultUserSettings", {}).get("SecurityGroups", [])
    if of_domain:
        return (frozenset(of_domain),)
    groups = [frozenset(profile.security_groups) for profile in _profiles(facts).values() if profile.security_groups]
    return tuple(dict.fromkeys(groups))


def status(facts: Facts) -> Finding:
    """Apps can be started in a domain that is InService."""
    domain = facts.domain
    name = f"{domain.get('DomainName')} ({domain.get('DomainId')})"
    current, expected = domain.get("Status", ""), "InService"
    observed = f"{name}, {current}"
    failure = domain.get("FailureReason") or "SageMaker gives no FailureReason"
    if current == expected:
        return Finding("domain", OK, observed, expected)
    if current in ("Pending", "Updating"):
        reason = "An update is running. The findings below are about the settings before it."
        return Finding("domain", WARNING, observed, expected, reason, "Check again in some minutes.")
    if current == "Update_Failed":
        reason = f"The last update failed: {failure}."
        return Finding("domain", WARNING, observed, expected, reason, "Repeat the update.")
    reason = f"No app can be started in it: {failure}."
    remediation = "Use another domain, or create one with the module sagemaker_domain."
    return Finding("domain", FAILED, observed, expected, reason, remediation)


def docker_access(facts: Facts) -> Finding:
    """EnableDockerAccess. Only the app shows what it has: an app keeps the setting it was created with."""
    domain = facts.domain
    expected = "on"
    if docker_settings.from_api(domain).enable_docker_access:
        updated = domain.get("LastModifiedTime")
        when = f"; an app created before {updated:%Y-%m-%d %H:%M} UTC may be without" if updated else ""
        return Finding("docker_access", OK, f"on{when}", expected)
    return Finding(
        "docker_access",
        FAILED,
        "off",
        expected,
        "The domain's apps get no Docker: DOCKER_HOST is not set in them and there is no socket.",
        f"Enable it, then stop the spaces in Studio and run them again: {_enable(facts)}",
    )


def _enable(facts: Facts) -> str:
    """Return the command. The ARN tells the target of the domain, whose group may select all domains."""
    if facts.of_target:
        inventory = OF_TARGETS
        variables = {
            "domain_docker_access_domains": [facts.domain.get("DomainArn")],
            "domain_docker_access_all_domains": False,
        }
    else:
        inventory, variables = "", {"domain_docker_access_domains": [facts.domain.get("DomainId")]}
    return f"ansible-playbook {inventory}mlops.studio_local_mode.enable_local_mode -e '{json.dumps(variables)}'"


def network_mode(facts: Facts) -> Finding:
    """The network mode, which decides the usable images and their route. Settings without effect are a warning."""
    domain = facts.domain
    settings = docker_settings.from_api(domain)
    mode = domain.get("AppNetworkAccessType") or "unknown"
    observed = f"{mode}, rootless Docker {'on' if settings.rootless_docker else 'off'}"
    expected = "any; it decides which images can be used"
    without_effect = docker_settings.caveats(settings, mode)
    if without_effect:
        remediation = "Remove the accounts, or change the mode."
        return Finding("network_mode", WARNING, observed, expected, f"{without_effect[0]}.", remediation)
    if is_vpc_only(domain) and not settings.rootless_docker:
        accounts = ", ".join(settings.vpc_only_trusted_accounts) or "none"
        observed = f"{observed}; accounts trusted besides the domain's own and AWS's: {accounts}"
    return Finding("network_mode", OK, observed, expected)


def execution_roles(facts: Facts) -> list[Finding]:
    """The roles that pull and push: the domain's, and those of user profiles that have their own."""
    expected = "a role for each user"
    owners = roles_of(facts)
    findings = []
    if facts.domain.get("DefaultUserSettings", {}).get("ExecutionRole"):
        observed = "; ".join(f"{name_of(role)} of {shortened(owners[role])}" for role in owners)
        findings.append(Finding("execution_roles", OK, observed, expected))
    else:
        reason = "An app needs a role to pull images. Only user profiles with a role of their own have one."
        remediation = f"Set one: {_update_domain(facts)} ExecutionRole=ROLE_ARN"
        findings.append(Finding("execution_roles", FAILED, "no role in the domain", expected, reason, remediation))
    if isinstance(facts.profiles, Unknown):
        remediation = "Allow the action: the role of a user profile replaces the domain's."
        findings.append(unchecked("profile_roles", facts.profiles.reason, expected, remediation))
    return findings


def security_groups(facts: Facts) -> list[Finding]:
    """VpcOnly needs security groups, of the domain or of each profile; shared spaces take those of their own defaults.

    Source: SageMaker API reference of UserSettings and DefaultSpaceSettings.
    """
    check, expected = "security_groups", "a security group for each user"
    if not is_vpc_only(facts.domain):
        return [skipped(check, "The network mode PublicInternetOnly needs none.", expected)]
    findings = [_groups_of_shared_spaces(facts)] if facts.domain.get("DefaultSpaceSettings") else []
    groups = facts.domain.get("DefaultUserSettings", {}).get("SecurityGroups", [])
    if groups:
        return [Finding(check, OK, ", ".join(groups), expected), *findings]
    remediation = f"Set them: {_update_domain(facts)} SecurityGroups=SECURITY_GROUP_ID"
    if isinstance(facts.profiles, Unknown):
        return [unchecked(check, f"The domain has none. {facts.profiles.reason}", expected, remediation), *findings]
    profiles = {name: profile.security_groups for name, profile in sorted(facts.profiles.items())}
    without = [name for name, own in profiles.items() if not own]
    if profiles and not without:
        return [Finding(check, OK, "each user profile has its own", expected), *findings]
    observed = f"none in the domain and none in the user profiles {shortened(without)}" if profiles else "none"
    reason = "In the network mode VpcOnly, SageMaker requires security groups: without one, no app starts."
    return [Finding(check, FAILED, observed, expected, reason, remediation), *findings]


def _groups_of_shared_spaces(facts: Facts) -> Finding:
    check, expected = "space_security_groups", "a security group for shared spaces"
    groups = facts.domain["DefaultSpaceSettings"].get("SecurityGroups", [])
    if groups:
        return Finding(check, OK, ", ".join(groups), expected)
    reason = "In the network mode VpcOnly, apps of shared spaces take their security groups from DefaultSpaceSettings."
    remediation = (
        f"Set them: aws sagemaker update-domain --domain-id {facts.domain.get('DomainId')} "
        "--default-space-settings SecurityGroups=SECURITY_GROUP_ID"
    )
    return Finding(check, WARNING, "none in DefaultSpaceSettings", expected, reason, remediation)


def names_of(arns: t.Iterable[str]) -> str:
    """Return the names of roles as a list in a sentence."""
    return ", ".join(name_of(role) for role in arns)


def name_of(role: str) -> str:
    """Return the name in a role's ARN, as AWS's console and the CLI's C(--role-name) take it."""
    return role.rpartition("/")[2]


def shortened(names: t.Sequence[str], most: int = 3) -> str:
    """Return the first names and the number of the others: a domain may have hundreds of profiles."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _profiles(facts: Facts) -> dict[str, Profile]:
    return {} if isinstance(facts.profiles, Unknown) else facts.profiles


def _update_domain(facts: Facts) -> str:
    return f"aws sagemaker update-domain --domain-id {facts.domain.get('DomainId')} --default-user-settings"
