# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Which spaces of the selected domains a task selects: by name, owner and tags. Pure."""

from __future__ import annotations

import fnmatch
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import is_pattern

if t.TYPE_CHECKING:
    Summary = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class SpaceSelection:
    """Names and patterns of spaces and of the user profiles that own them; None selects all. C(tags): all of them.

    C(each_matches): each pattern must match a space.
    """

    names: tuple[str, ...] | None = None
    owners: tuple[str, ...] | None = None
    tags: t.Mapping[str, str] | None = None
    each_matches: bool = True

    def matches(self, space: Summary) -> bool:
        """Whether name and owner of the space, as ListSpaces returns it, are selected."""
        return matches_any(self.names, space["SpaceName"]) and matches_any(self.owners, owner_of(space))

    def matches_tags(self, tags: t.Mapping[str, str]) -> bool:
        """Whether the space has all tags of the selection."""
        return (self.tags or {}).items() <= tags.items()

    def unknown(self, spaces: t.Collection[Summary]) -> list[str]:
        """Return a text for each name, owner or pattern that selects none of these spaces."""
        values: list[tuple[str, tuple[str, ...] | None, list[str | None]]] = [
            ("spaces", self.names, [space["SpaceName"] for space in spaces]),
            ("owners", self.owners, [owner_of(space) for space in spaces]),
        ]
        return [
            f"{option}: {text!r}"
            for option, texts, found in values
            for text in texts or ()
            if not any(matches(text, value) for value in found) and (self.each_matches or not is_pattern(text))
        ]


def owner_of(space: Summary) -> str | None:
    """Return the user profile that owns the space, as ListSpaces returns it."""
    return (space.get("OwnershipSettingsSummary") or {}).get("OwnerUserProfileName")


def matches(text: str, name: str | None) -> bool:
    """Whether the text is the name, or a pattern of names as in shells that matches it."""
    return text == name or (is_pattern(text) and name is not None and fnmatch.fnmatchcase(name, text))


def matches_any(texts: t.Collection[str] | None, name: str | None) -> bool:
    """Whether one of the texts matches the name; None matches every name."""
    return texts is None or any(matches(text, name) for text in texts)
