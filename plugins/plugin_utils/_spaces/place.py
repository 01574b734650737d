# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Where spaces are listed: a region of the present credentials, or a target with a role of its own. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._spaces.session_variables import EXTERNAL_ID, ROLE

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._targets.target import Target

_SHOWN = 10


@dataclass(frozen=True)
class Place:
    """C(session) has the variables of the connection with which a session starts as the calls of the inventory do."""

    region: str
    target: Target | None = None
    session: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name in the cache and in lists; no other place of an inventory has it."""
        return self.target.name if self.target else self.region

    def __str__(self) -> str:
        return str(self.target or self.region)

    def variables(self) -> dict[str, str]:
        """Return the variables of its hosts, so that a session starts with the role of the space's account."""
        if not self.target:
            return dict(self.session)
        found = {**self.session, "studio_target": self.target.name}
        if self.target.role_arn:
            found |= {ROLE: self.target.role_arn, EXTERNAL_ID: self.target.external_id or ""}
        return {name: value for name, value in found.items() if value}

    def mismatch(self, domains: t.Sequence[t.Mapping[str, t.Any]]) -> str | None:
        """Return what is wrong if the credentials belong to another account than the target's; a domain's ARN tells."""
        expected = self.target.account_id if self.target else None
        arns = [domain["DomainArn"] for domain in domains if domain.get("DomainArn")]
        account = arns[0].split(":")[4] if arns else None
        if not expected or not account or expected == account:
            return None
        return (
            f"Its account is {expected}, and the present credentials belong to {account}: set studio_target_role_arn "
            "to a role of its account."
        )


def names(places: t.Sequence[Place]) -> str:
    """Return the names of the places for a message, the first ones if they are many."""
    shown = ", ".join(place.name for place in places[:_SHOWN])
    return f"{shown} and {len(places) - _SHOWN} more" if len(places) > _SHOWN else shown
