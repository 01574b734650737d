# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The result of sagemaker_domain: the domain before and after, and the difference behind C(changed) and C(diff)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.describe import domain_as_dict

if t.TYPE_CHECKING:
    State = t.Dict[str, t.Any]

# Assigned or changed by the service: never part of the desired state.
_NOT_COMPARED = frozenset(
    {"domain_id", "domain_arn", "status", "failure_reason", "url", "home_efs_file_system_id", "last_modified_time"}
)


def state_of(domain: dict[str, t.Any], tags: dict[str, str]) -> State:
    """Convert a DescribeDomain response, in check mode a predicted one, to the module's form."""
    return {**domain_as_dict(domain.get("DomainId"), domain), "tags": tags}


@dataclass
class DomainResult:
    """The result for one domain; a state of None means that the domain does not exist."""

    before: State | None = None
    after: State | None = None
    error: str | None = None
    aws_error: dict[str, str] | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[tuple[str, t.Any, t.Any]]:
        """(key, before, after) of each key that differs."""
        before, after = self.before or {}, self.after or {}
        keys = [key for key in {**before, **after} if key not in _NOT_COMPARED]
        return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]

    @property
    def changed(self) -> bool:
        return bool(self.differences)

    def diff(self) -> list[dict[str, t.Any]]:
        """Return the diff that Ansible shows: only the keys that differ."""
        if not self.changed:
            return []
        return [
            {
                "before": {key: before for key, before, dummy in self.differences} if self.before else {},
                "after": {key: after for key, dummy, after in self.differences} if self.after else {},
            }
        ]
