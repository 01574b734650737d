# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""DockerSettings of a domain: what they are, how they merge, what differs. Pure: no call, no module.

Source of the shape: botocore's service model of SageMaker (DockerSettings of DomainSettings); of the rules: AWS's guide
"Getting started with local mode".
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, fields, replace

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.differences import differences
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

MAX_TRUSTED_ACCOUNTS = 20
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_SWITCH = {True: "ENABLED", False: "DISABLED"}


@dataclass(frozen=True)
class DockerSettings:
    """DockerSettings as the modules return them: switches are booleans, accounts sorted and unique."""

    enable_docker_access: bool = False
    rootless_docker: bool = False
    vpc_only_trusted_accounts: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        """The settings as a module returns them, keys in the order of the documentation."""
        return {
            "enable_docker_access": self.enable_docker_access,
            "rootless_docker": self.rootless_docker,
            "vpc_only_trusted_accounts": list(self.vpc_only_trusted_accounts),
        }


def from_api(domain: dict[str, t.Any]) -> DockerSettings:
    """Read the settings out of a DescribeDomain response; SageMaker leaves out what was never set."""
    settings = (domain.get("DomainSettings") or {}).get("DockerSettings") or {}
    return DockerSettings(
        enable_docker_access=settings.get("EnableDockerAccess") == "ENABLED",
        rootless_docker=settings.get("RootlessDocker") == "ENABLED",
        vpc_only_trusted_accounts=fold_accounts(settings.get("VpcOnlyTrustedAccounts") or []),
    )


def to_api(wanted: DockerSettings, domain: dict[str, t.Any]) -> dict[str, t.Any]:
    """Build the DockerSettings of an UpdateDomain request for a domain as described.

    Whether the service merges or replaces is not documented, so every key is sent, C([]) clearing the accounts, and
    keys this version does not know are sent back as they were. RootlessDocker is left out where neither the domain nor
    the user knows it, since botocore before 1.40.16 and some regions refuse the key.
    """
    current = (domain.get("DomainSettings") or {}).get("DockerSettings") or {}
    request = {
        **current,
        "EnableDockerAccess": _SWITCH[wanted.enable_docker_access],
        "VpcOnlyTrustedAccounts": list(wanted.vpc_only_trusted_accounts),
    }
    if wanted.rootless_docker or "RootlessDocker" in current:
        request["RootlessDocker"] = _SWITCH[wanted.rootless_docker]
    return request


def fold_accounts(accounts: t.Iterable[str]) -> tuple[str, ...]:
    """Sort the accounts and fold duplicates: SageMaker keeps a set, whatever order it is sent in."""
    return tuple(sorted(set(accounts)))


def check_accounts(accounts: t.Iterable[str]) -> tuple[str, ...]:
    """Return the accounts folded, or raise SettingsError naming every one that is no AWS account ID."""
    accounts = list(accounts)
    wrong = [_account_problem(account) for account in accounts if not _ACCOUNT_ID.fullmatch(account)]
    if wrong:
        raise SettingsError(f"AWS account IDs are strings of 12 digits: {'; '.join(wrong)}.")
    return check_count(fold_accounts(accounts))


def check_count(accounts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the accounts, or raise SettingsError when a domain cannot hold so many."""
    if len(accounts) > MAX_TRUSTED_ACCOUNTS:
        raise SettingsError(
            f"A domain trusts at most {MAX_TRUSTED_ACCOUNTS} accounts, these would be {len(accounts)}: "
            f"{', '.join(accounts)}. Remove those that host no image your users need; the domain's own account and "
            "those of AWS's framework images are trusted without being listed."
        )
    return accounts


def _account_problem(account: str) -> str:
    if account.isdigit() and len(account) < 12:
        return (
            f"{account!r} has {len(account)} digits, as a YAML number that lost its leading zeros has: "
            f"write the ID in quotes, all 12 digits of it"
        )
    return f"{account!r} is none"


def replaced(
    current: DockerSettings,
    enable_docker_access: bool | None = None,
    rootless_docker: bool | None = None,
    vpc_only_trusted_accounts: tuple[str, ...] | None = None,
) -> DockerSettings:
    """Return the settings wanted: what is given replaces, what is None stays.

    Raises SettingsError for rootless Docker without Docker access (AWS guide: both must be ENABLED).
    """
    wanted = DockerSettings(
        current.enable_docker_access if enable_docker_access is None else enable_docker_access,
        current.rootless_docker if rootless_docker is None else rootless_docker,
        current.vpc_only_trusted_accounts if vpc_only_trusted_accounts is None else vpc_only_trusted_accounts,
    )
    if rootless_docker and not wanted.enable_docker_access:
        raise SettingsError(
            "rootless_docker needs Docker access: set enable_docker_access to true as well (AWS asks for both ENABLED)."
        )
    return wanted


def with_trusted_accounts(current: DockerSettings, accounts: tuple[str, ...], state: str) -> DockerSettings:
    """Return the settings with C(accounts) present, absent or exactly these; raise SettingsError over the limit."""
    trusted = set(current.vpc_only_trusted_accounts)
    merged = {
        "present": trusted | set(accounts),
        "absent": trusted - set(accounts),
        "exact": set(accounts),
    }[state]
    return replaced(current, vpc_only_trusted_accounts=check_count(fold_accounts(merged)))


def requested_settings(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Pick the settings that are given out of a module's options, as replaced() takes them.

    Raises SettingsError for what is wrong by itself, whatever a domain has now.
    """
    given = {item.name: options[item.name] for item in fields(DockerSettings) if options[item.name] is not None}
    if "vpc_only_trusted_accounts" in given:
        given["vpc_only_trusted_accounts"] = check_accounts(given["vpc_only_trusted_accounts"])
    if given.get("enable_docker_access") is False:
        replaced(DockerSettings(), **given)
    return given


def mismatches(
    wanted: DockerSettings, described: DockerSettings, still_desired: DockerSettings
) -> list[tuple[str, t.Any, t.Any]]:
    """What of an update the domain does not show afterwards, as differences() lists it.

    C(still_desired) is what the task would make of the domain as described now. Accounts that somebody else added
    meanwhile are no fault of the update; accounts or switches that are gone are.
    """
    added_by_others = still_desired == described and set(wanted.vpc_only_trusted_accounts) <= set(
        described.vpc_only_trusted_accounts
    )
    if added_by_others:
        wanted = replace(wanted, vpc_only_trusted_accounts=described.vpc_only_trusted_accounts)
    return differences(wanted, described)


def caveats(settings: DockerSettings, network_access: str | None) -> list[str]:
    """What the settings will not do although they are right, as sentences (AWS guide: rootless, VPC-only mode)."""
    if not settings.vpc_only_trusted_accounts:
        return []
    if settings.rootless_docker:
        return ["rootless Docker is on, with it SageMaker ignores vpc_only_trusted_accounts"]
    if network_access != "VpcOnly":
        return [f"the domain's network mode is {network_access}, vpc_only_trusted_accounts only has effect in VpcOnly"]
    return []
