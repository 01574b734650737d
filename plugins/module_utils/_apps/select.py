# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which apps a task restarts or deletes. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import owner_name
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.recreate import RESTARTED_FOR
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import CLASSIC_APPS, iso_time

STOPPED = ("Deleted", "Deleting")


@dataclass(frozen=True)
class AppSelection:
    """The apps of a task: by type, by owner (C(None) selects every owner), and by age."""

    types: tuple[str, ...]
    owners: tuple[str, ...] | None
    predates_domain_update: bool

    def matches(self, app: dict[str, t.Any], space_owner: str | None = None) -> bool:
        """Whether the app, as ListApps describes it, has a selected type and a selected owner.

        C(space_owner) is the user profile that owns the app's space, if the space is private.
        """
        if app["AppType"] not in self.types:
            return False
        return self.owners is None or owner_name(app) in self.owners or space_owner in self.owners

    def matches_age(self, app: dict[str, t.Any], domain: dict[str, t.Any], tags: dict[str, str]) -> bool:
        """Whether the age of the running app selects it; C(tags) are its own, as far as they are known."""
        if not self.predates_domain_update:
            return True
        created, modified = app.get("CreationTime"), domain.get("LastModifiedTime")
        if not created or not modified or created >= modified:
            return False
        return tags.get(RESTARTED_FOR) != iso_time(modified)


def problem(types: t.Iterable[str], state: str) -> str | None:
    """Return the reason why apps of these types cannot be restarted, or None."""
    classic = [app_type for app_type in types if app_type in CLASSIC_APPS]
    if state != "restarted" or not classic:
        return None
    return (
        f"types has {', '.join(classic)}: apps of Studio Classic cannot be restarted, because AWS no longer creates "
        "them after they are deleted. Remove these types, or delete the apps for good with state=absent."
    )
