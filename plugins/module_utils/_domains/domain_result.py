# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A domain as sagemaker_domain returns it, before and after, and the difference that C(changed) and C(diff) tell."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.describe import domain_as_dict

if t.TYPE_CHECKING:
    State = t.Dict[str, t.Any]

# Known only when the domain is there, or changing by themselves: no part of what was asked for.
_NOT_COMPARED = frozenset({"domain_id", "domain_arn", "status", "last_modified_time"})


def state_of(domain: dict[str, t.Any], tags: dict[str, str]) -> State:
    """Turn a DescribeDomain response, or what one would say in check mode, into the module's form."""
    return {**domain_as_dict(domain.get("DomainId"), domain), "tags": tags}


@dataclass
class Result:
    """What became of the domain; a state of None says that there is none."""

    before: State | None = None
    after: State | None = None
    error: str | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[tuple[str, t.Any, t.Any]]:
        """(key, before, after) of all that differs."""
        before, after = self.before or {}, self.after or {}
        keys = [key for key in {**before, **after} if key not in _NOT_COMPARED]
        return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]

    @property
    def changed(self) -> bool:
        return bool(self.differences)

    def diff(self) -> list[dict[str, t.Any]]:
        """The difference as Ansible shows it: only the keys that differ."""
        if not self.changed:
            return []
        return [
            {
                "before": {key: before for key, before, dummy in self.differences} if self.before else {},
                "after": {key: after for key, dummy, after in self.differences} if self.after else {},
            }
        ]
