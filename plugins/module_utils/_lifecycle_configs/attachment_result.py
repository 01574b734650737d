# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The result of sagemaker_studio_lifecycle_config for each domain and user profile, and its messages. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.reconcile import ResourceResult
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.purge import PurgeResult


@dataclass
class Target:
    """A domain, or one of its user profiles, that the task attaches to, and its result."""

    domain: dict[str, t.Any]
    user_profile: str | None
    result: ResourceResult

    @property
    def arn(self) -> str:
        return self.result.description.get("UserProfileArn" if self.user_profile else "DomainArn", "")

    @property
    def label(self) -> str:
        """Return its name for messages."""
        name = self.domain.get("DomainName")
        domain = f"{name} ({self.result.domain_id})" if name else self.result.domain_id
        return f"user profile {self.user_profile} of {domain}" if self.user_profile else domain


def as_dict(target: Target) -> dict[str, t.Any]:
    """Return one element of the module's return value C(attachments)."""
    result = target.result
    values = {
        "domain_id": result.domain_id,
        "domain_name": target.domain.get("DomainName"),
        "user_profile": target.user_profile,
        "changed": result.changed,
        "app_types": result.after.by_app_type(shared_spaces=False) if result.after else None,
        "shared_spaces": result.after.by_app_type(shared_spaces=True) if result.after else None,
    }
    return {**values, "error": result.error, "error_code": result.error_code} if result.error else values


def diff(targets: t.Sequence[Target], before: t.Sequence[str], after: t.Sequence[str]) -> list[dict[str, t.Any]]:
    """Return the difference in Ansible's form; C(before) and C(after) are the names of the existing configurations."""
    found = []
    if before != after:
        header = "lifecycle configurations of this name"
        found.append(
            {
                "before_header": header,
                "after_header": header,
                "before": {"names": list(before)},
                "after": {"names": list(after)},
            }
        )
    for target in targets:
        changes = target.result.differences
        if changes:
            header = f"lifecycle configurations attached to {target.label}"
            found.append(
                {
                    "before_header": header,
                    "after_header": header,
                    "before": {key: old for key, old, dummy in changes},
                    "after": {key: new for key, dummy, new in changes},
                }
            )
    return found


def warnings(purged: PurgeResult, state: str) -> list[str]:
    """Return a warning for each configuration that is kept because something uses it."""
    remediation = (
        "Its apps keep it until they are created with another one."
        if state == "present"
        else "Detach it there first, then run this again."
    )
    return [
        f"The lifecycle configuration {name} is not deleted, because it is used by {_shortened(users)}. {remediation}"
        for name, users in purged.used.items()
    ]


def _shortened(users: t.Sequence[str]) -> str:
    return ", ".join(users[:3]) + (f" and {len(users) - 3} more" if len(users) > 3 else "")


def failure_message(targets: t.Sequence[Target], created: t.Sequence[str]) -> str:
    """Name the targets that failed, the reason of each, and what was changed elsewhere."""
    failed = [target for target in targets if target.result.error]
    parts = [f"{len(failed)} of {len(targets)} domain(s) or user profile(s) failed."]
    parts += [f"{target.label}: {target.result.error}." for target in failed]
    changed = [target.label for target in targets if target.result.changed]
    parts.append(f"Changed: {', '.join(changed) or 'none'}.")
    if created:
        parts.append(f"Created: {', '.join(created)}.")
    return " ".join(part.replace("..", ".") for part in parts)
