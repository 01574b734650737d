# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A target: an account and region with the role to assume, as the option C(targets) gives it. Pure."""

from __future__ import annotations

import collections
import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.partitions import partition_of

SESSION_NAME = "studio-local-mode"
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_ROLE_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>[0-9]{12}):role/.+")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
# botocore's model of STS: roleSessionNameType, externalIdType.
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_NO_TARGET = (
    "There is no target: targets is empty. Add a host to the group studio_targets of the inventory, or leave targets "
    "out to work in the account of the present credentials."
)


@dataclass(frozen=True)
class Target:
    """One account and region. C(account_id) is known from the role or told; C(options) are the task's for it alone."""

    name: str
    region: str
    account_id: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    session_name: str = SESSION_NAME
    options: t.Mapping[str, t.Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} ({self.account_id or 'the account of the present credentials'}, {self.region})"

    def tags(self) -> dict[str, t.Any]:
        """Return what each result of the target has in addition."""
        return {"target": self.name, "account_id": self.account_id, "region": self.region}


def argument_spec() -> dict[str, t.Any]:
    """Return the options of every module that works on many targets."""
    return {
        "targets": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "region": {"type": "str", "required": True},
                "account_id": {"type": "str"},
                "role_arn": {"type": "str"},
                # AWS does not treat it as a secret, and its text may be a part of anything.
                "external_id": {"type": "str", "no_log": False},
                "session_name": {"type": "str", "default": SESSION_NAME},
                "options": {"type": "dict", "default": {}},
            },
        },
        "target_timeout": {"type": "int", "default": 600},
    }


def of(values: t.Mapping[str, t.Any]) -> Target:
    """Return the target that one element of the option describes; an empty text is no value."""
    given: dict[str, t.Any]
    given = {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    given = {key: value for key, value in given.items() if value}
    role = _ROLE_ARN.fullmatch(given.get("role_arn", ""))
    known: dict[str, t.Any] = {"name": "", "region": "", "account_id": role["account"] if role else None}
    return Target(**{**known, **given})


def problems(targets: t.Sequence[Target]) -> list[str]:
    """Return what is wrong with the targets, a sentence each, before anything is asked of AWS."""
    if not targets:
        return [_NO_TARGET]
    found = [f"{target.name or 'A target without a name'}: {problem}" for target in targets for problem in _own(target)]
    found += [
        f"{count} targets have the name {name!r}: give each a name of its own."
        for name, count in collections.Counter(target.name for target in targets).items()
        if count > 1
    ]
    return found + twice(targets)


def twice(targets: t.Iterable[Target]) -> list[str]:
    """Return a sentence for each account and region that several targets have."""
    names: dict[tuple[str, str], list[str]] = {}
    for target in targets:
        if target.account_id:
            names.setdefault((target.account_id, target.region), []).append(target.name)
    return [
        f"{' and '.join(same)} are the same account and region ({account_id}, {region}): remove all but one of them."
        for (account_id, region), same in names.items()
        if len(same) > 1
    ]


def _own(target: Target) -> list[str]:
    found = [] if target.name else ["give it a name."]
    if not _REGION.fullmatch(target.region):
        found.append(f"its region is {target.region!r}, not a name such as eu-west-1: set studio_target_region.")
    if target.account_id and not _ACCOUNT_ID.fullmatch(target.account_id):
        found.append(_account_problem(target.account_id))
    if not target.role_arn:
        return [*found, "external_id has no effect without role_arn."] if target.external_id else found
    if not _SESSION_NAME.fullmatch(target.session_name):
        found.append(f"session_name is {target.session_name!r}, not 2 to 64 letters, digits or characters of _+=,.@-.")
    if target.external_id and not _EXTERNAL_ID.fullmatch(target.external_id):
        found.append("external_id is not 2 to 1224 letters, digits or characters of _+=,.@:/-.")
    role = _ROLE_ARN.fullmatch(target.role_arn)
    if not role:
        return [*found, f"role_arn is {target.role_arn!r}, not an ARN such as arn:aws:iam::123456789012:role/studio."]
    if target.account_id and target.account_id != role["account"]:
        found.append(
            f"its account is {target.account_id}, and its role belongs to the account {role['account']}: correct "
            "account_id or role_arn."
        )
    if role["partition"] != partition_of(target.region):
        found.append(
            f"its role belongs to the partition {role['partition']}, and its region {target.region} to "
            f"{partition_of(target.region)}: correct role_arn or region."
        )
    return found


def _account_problem(account_id: str) -> str:
    if account_id.isdigit() and len(account_id) < 12:
        return (
            f"account_id {account_id!r} has {len(account_id)} digits, YAML drops the leading zeros of a number: write "
            "all 12 digits in quotes."
        )
    return f"account_id is {account_id!r}, not a text of 12 digits."
