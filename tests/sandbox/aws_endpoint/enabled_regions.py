# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regions of an account, as Account's ListRegions tells their status."""

from __future__ import annotations

import threading
from functools import cache

import boto3

# AWS account management guide, "Regions that are disabled by default".
_OPT_IN = (
    *("af-south-1", "ca-west-1", "il-central-1", "me-central-1", "me-south-1", "mx-central-1"),
    *("ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"),
    *("ap-southeast-7", "eu-central-2", "eu-south-1", "eu-south-2"),
)
# Their endpoints are in one region and serve every account.
_GLOBAL = ("iam", "organizations", "account", "route53", "unsigned")
ENABLED = ("ENABLED", "ENABLED_BY_DEFAULT")


class EnabledRegions:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed: dict[str, dict[str, str]] = {}

    def change(self, account: str, statuses: dict[str, str]) -> None:
        with self._lock:
            self._changed.setdefault(account, {}).update(statuses)

    def reset(self) -> None:
        with self._lock:
            self._changed.clear()

    def statuses(self, account: str) -> dict[str, str]:
        """The status of every region of the partition `aws`, in the words of RegionOptStatus."""
        with self._lock:
            changed = dict(self._changed.get(account, {}))
        by_default = {name: "DISABLED" if name in _OPT_IN else "ENABLED_BY_DEFAULT" for name in _known_regions()}
        return dict(sorted({**by_default, **changed}.items()))

    def serves(self, account: str, region: str, service: str) -> bool:
        """Whether the service answers this account in this region; regions of other partitions always do."""
        if service in _GLOBAL or region not in _known_regions():
            return True
        return self.statuses(account)[region] in ENABLED


@cache
def _known_regions() -> tuple[str, ...]:
    return tuple(boto3.Session().get_available_regions("ec2"))
