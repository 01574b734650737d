# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose request it is: the account and the principal of an access key."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import get_account_id_from

PRINCIPAL = f"arn:aws:sts::{DEFAULT_ACCOUNT_ID}:assumed-role/sandbox/ansible"
ACCESS_KEY = "AKIASANDBOXSANDBOXSA"
"""The key of the principal that tests use unless they ask for another: in moto's default account."""
_OF_ACCOUNT = re.compile(r"AKIASBX(?P<account>\d{12})A")
_TEMPORARY = "ASIA"


@dataclass(frozen=True)
class Caller:
    """Who signed a request. `name` is CloudTrail's user name: of a user, or of the session of a role."""

    account: str
    arn: str
    principal_id: str
    name: str
    role_arn: str = ""
    token: str = ""
    expires: float = float("inf")

    @property
    def has_expired(self) -> bool:
        return time.time() >= self.expires


_DEFAULT = Caller(
    DEFAULT_ACCOUNT_ID,
    PRINCIPAL,
    "AROASANDBOXSANDBOXSAN:ansible",
    "ansible",
    role_arn=f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/sandbox",
)


def caller_of(arn: str) -> Caller:
    """The principal of this ARN: a user, or the session of a role."""
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    if ":assumed-role/" not in arn:
        return Caller(account, arn, f"AIDA{account}NAMED", name)
    role = arn.split("/")[-2]
    return Caller(account, arn, f"AROA{account}NAMED:{name}", name, role_arn=f"arn:aws:iam::{account}:role/{role}")


def access_key_of(account: str) -> str:
    """The access key of the administrator of an account, who exists in every account."""
    return ACCESS_KEY if account == DEFAULT_ACCOUNT_ID else f"AKIASBX{account}A"


class Credentials:
    """The temporary credentials that AssumeRole handed out, and the keys that name their account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._temporary: dict[str, Caller] = {}

    def add(self, access_key: str, caller: Caller) -> None:
        with self._lock:
            self._temporary[access_key] = caller

    def reset(self) -> None:
        with self._lock:
            self._temporary.clear()

    def caller(self, access_key: str, token: str) -> Caller | None:
        """The principal of this key, None if AWS does not know the key or its session token."""
        with self._lock:
            temporary = self._temporary.get(access_key)
        if temporary is not None:
            return temporary if temporary.token == token else None
        if named := _OF_ACCOUNT.fullmatch(access_key):
            account = named["account"]
            arn = f"arn:aws:iam::{account}:user/administrator"
            return Caller(account, arn, f"AIDASBX{account}AA", "administrator")
        if access_key.startswith(_TEMPORARY) and "SANDBOX" not in access_key:
            return None
        if "SANDBOX" in access_key or get_account_id_from(access_key) == DEFAULT_ACCOUNT_ID:
            return _DEFAULT
        account = get_account_id_from(access_key)
        return Caller(account, f"arn:aws:iam::{account}:user/{access_key}", access_key, access_key)
