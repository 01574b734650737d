# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A target, which is one account and region with the role to assume, and its host variables. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.account import Account


@dataclass(frozen=True)
class Target:
    account: Account
    region: str
    role_arn: str
    external_id: str | None
    session_name: str

    @property
    def description(self) -> str:
        return f"{self.account.id}.{self.region}"

    @property
    def distinctions(self) -> tuple[str, ...]:
        return self.account.id, f"{self.account.id}.{self.region}"

    def variables(self) -> dict[str, t.Any]:
        """Return the host variables; what is not known has no variable."""
        found = {
            "ansible_connection": "local",
            **self.account.variables(),
            "studio_target_region": self.region,
            "studio_target_role_arn": self.role_arn,
            "studio_target_external_id": self.external_id,
            "studio_target_session_name": self.session_name,
        }
        return {name: value for name, value in found.items() if value not in (None, "")}
