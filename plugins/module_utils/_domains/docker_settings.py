# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""DockerSettings of a domain: convert, merge, validate and compare them. Pure functions: no AWS call, no module.

Sources: botocore's service model of SageMaker (DockerSettings), AWS's guide "Getting started with local mode".
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, fields, replace

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.differences import differences
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

MAX_TRUSTED_ACCOUNTS = 20
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_API_VALUE = {True: "ENABLED", False: "DISABLED"}


@dataclass(frozen=True)
class DockerSettings:
    """DockerSettings as the modules return them: booleans, and accounts sorted and unique."""

    enable_docker_access: bool = False
    rootless_docker: bool = False
    vpc_only_trusted_accounts: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        """Return the settings as a module returns them, keys in the order of the documentation."""
        return {
            "enable_docker_access": self.enable_docker_access,
            "rootless_docker": self.rootless_docker,
            "vpc_only_trusted_accounts": list(self.vpc_only_trusted_accounts),
        }


def from_api(domain: dict[str, t.Any]) -> DockerSettings:
    """Read the settings from a DescribeDomain response; SageMaker omits settings that were never set."""
    settings = (domain.get("DomainSettings") or {}).get("DockerSettings") or {}
    return DockerSettings(
        enable_docker_access=settings.get("EnableDockerAccess") == "ENABLED",
        rootless_docker=settings.get("RootlessDocker") == "ENABLED",
        vpc_only_trusted_accounts=sorted_accounts(settings.get("VpcOnlyTrustedAccounts") or []),
    )


def to_api(desired: DockerSettings, domain: dict[str, t.Any]) -> dict[str, t.Any]:
    """Build the DockerSettings of an UpdateDomain request; C(domain) is the DescribeDomain response.

    AWS does not document whether the service merges or replaces. So every key is sent, C([]) clears the accounts, and
    keys that this version does not know are sent back unchanged. RootlessDocker is omitted where neither the domain nor
    the user sets it, since botocore before 1.40.16 and some regions refuse the key.
    """
    current = (domain.get("DomainSettings") or {}).get("DockerSettings") or {}
    request = {
        **current,
        "EnableDockerAccess": _API_VALUE[desired.enable_docker_access],
        "VpcOnlyTrustedAccounts": list(desired.vpc_only_trusted_accounts),
    }
    if desired.rootless_docker or "RootlessDocker" in current:
        request["RootlessDocker"] = _API_VALUE[desired.rootless_docker]
    return request


def sorted_accounts(accounts: t.Iterable[str]) -> tuple[str, ...]:
    """Return the accounts sorted and without duplicates: SageMaker keeps a set."""
    return tuple(sorted(set(accounts)))


def validate_accounts(option: str, accounts: t.Iterable[str]) -> tuple[str, ...]:
    """Return the accounts of an option sorted and unique, or raise SettingsError that names each invalid account ID."""
    accounts = list(accounts)
    problems = [_account_problem(account) for account in accounts if not _ACCOUNT_ID.fullmatch(account)]
    if problems:
        raise SettingsError(f"{option}: an AWS account ID is a string of 12 digits: {'; '.join(problems)}.")
    return validate_count(option, sorted_accounts(accounts))


def validate_count(option: str, accounts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the accounts, or raise SettingsError if they exceed a domain's limit."""
    if len(accounts) > MAX_TRUSTED_ACCOUNTS:
        raise SettingsError(
            f"{option}: a domain trusts at most {MAX_TRUSTED_ACCOUNTS} accounts, this list would have {len(accounts)}: "
            f"{', '.join(accounts)}. Remove accounts whose images nobody uses; the domain's own account and those of "
            "AWS's framework images are trusted without being listed."
        )
    return accounts


def _account_problem(account: str) -> str:
    if account.isdigit() and len(account) < 12:
        return (
            f"{account!r} has {len(account)} digits, YAML drops the leading zeros of a number: "
            f"write all 12 digits in quotes"
        )
    return f"{account!r} is invalid"


def replaced(
    current: DockerSettings,
    enable_docker_access: bool | None = None,
    rootless_docker: bool | None = None,
    vpc_only_trusted_accounts: tuple[str, ...] | None = None,
) -> DockerSettings:
    """Return the desired settings: a given value replaces the current one, None keeps it.

    Disabling Docker access disables rootless Docker, too. Raises SettingsError for rootless Docker without Docker
    access (AWS guide: both must be ENABLED).
    """
    if enable_docker_access is False and rootless_docker is None:
        rootless_docker = False
    desired = DockerSettings(
        current.enable_docker_access if enable_docker_access is None else enable_docker_access,
        current.rootless_docker if rootless_docker is None else rootless_docker,
        current.vpc_only_trusted_accounts if vpc_only_trusted_accounts is None else vpc_only_trusted_accounts,
    )
    if rootless_docker and not desired.enable_docker_access:
        raise SettingsError(
            "rootless_docker requires Docker access: set enable_docker_access to true as well (AWS requires both)."
        )
    return desired


def with_trusted_accounts(
    current: DockerSettings, accounts: tuple[str, ...], state: str, purge: bool
) -> DockerSettings:
    """Return the settings with C(accounts) present or absent; C(purge) removes all others with state present.

    Raises SettingsError over the limit.
    """
    trusted = set(current.vpc_only_trusted_accounts)
    merged = {"present": (set() if purge else trusted) | set(accounts), "absent": trusted - set(accounts)}[state]
    return replaced(current, vpc_only_trusted_accounts=validate_count("accounts", sorted_accounts(merged)))


def requested_settings(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the settings that a module's options request, as arguments of replaced().

    Raises SettingsError for values that are invalid for every domain.
    """
    requested = {item.name: options[item.name] for item in fields(DockerSettings) if options[item.name] is not None}
    if (option := "vpc_only_trusted_accounts") in requested:
        requested[option] = validate_accounts(option, requested[option])
    if requested.get("enable_docker_access") is False:
        replaced(DockerSettings(), **requested)
    return requested


def mismatches(
    sent: DockerSettings, described: DockerSettings, desired_now: DockerSettings
) -> list[tuple[str, t.Any, t.Any]]:
    """Return the settings that the domain does not have after an update, as differences() lists them.

    C(desired_now) is the desired state for the domain as described now. Accounts that somebody else added meanwhile
    are no mismatch; accounts and settings that were lost are.
    """
    added_by_others = desired_now == described and set(sent.vpc_only_trusted_accounts) <= set(
        described.vpc_only_trusted_accounts
    )
    if added_by_others:
        sent = replace(sent, vpc_only_trusted_accounts=described.vpc_only_trusted_accounts)
    return differences(sent, described)


def caveats(settings: DockerSettings, network_access: str | None) -> list[str]:
    """Return sentences about settings that have no effect in this domain (AWS guide: rootless, VPC-only mode)."""
    if not settings.vpc_only_trusted_accounts:
        return []
    if settings.rootless_docker:
        return ["SageMaker ignores vpc_only_trusted_accounts because rootless Docker is enabled"]
    if network_access != "VpcOnly":
        return [f"vpc_only_trusted_accounts has an effect in VpcOnly domains only, this domain is {network_access}"]
    return []
