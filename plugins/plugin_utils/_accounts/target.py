# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A host of targets, which is an account and one or all of its regions, with the role to assume. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.account import Account


@dataclass(frozen=True)
class Target:
    """C(is_of_one_region): the host is a target; otherwise it is one for each of its regions."""

    account: Account
    regions: t.Sequence[str]
    is_of_one_region: bool
    role_arn: str
    external_id: str | None
    session_name: str

    @property
    def description(self) -> str:
        return f"{self.account.id}.{self.regions[0]}" if self.is_of_one_region else self.account.id

    @property
    def distinctions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.account.id, self.description)))

    def variables(self) -> dict[str, t.Any]:
        """Return the host variables; what is not known has no variable."""
        found = {
            "ansible_connection": "local",
            **self.account.variables(),
            "studio_target_region": self.regions[0] if self.is_of_one_region else None,
            "studio_target_regions": None if self.is_of_one_region else list(self.regions),
            "studio_target_role_arn": self.role_arn,
            "studio_target_external_id": self.external_id,
            "studio_target_session_name": self.session_name,
        }
        return {name: value for name, value in found.items() if value not in (None, "")}
