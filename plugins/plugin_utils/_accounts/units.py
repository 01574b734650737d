# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The organizational units by name, path or ID. Pure."""

from __future__ import annotations

import difflib
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._accounts.errors import SelectionError

# botocore's model of Organizations: ParentId.
_ID = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}")
_SHOWN = 20


@dataclass(frozen=True)
class Unit:
    """A root or an organizational unit; C(path) has the names from the root on (C(Root/Workloads/Prod))."""

    id: str
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class UnitSelection:
    """Units by name, path or ID, with the units below them if C(recursive); none selects all.

    Those that are C(excluded) are excluded with all below them.
    """

    included: t.Sequence[str] = ()
    excluded: t.Sequence[str] = ()
    recursive: bool = True

    def may_contain(self, unit: Unit) -> bool:
        """Whether the units below this one can matter, so that their list is worth a call."""
        if self.excluded or not all(_is_path(text) for text in self.included):
            return True
        own = _parts(unit.path)
        for text in self.included:
            requested = _full(text, own[0])
            if requested[: len(own)] == own and requested != own:
                return True
            if self.recursive and own[: len(requested)] == requested:
                return True
        return not self.included

    def selected(self, units: t.Sequence[Unit]) -> list[Unit]:
        """Return the selected ones of all known units. Raises SelectionError for a unit that does not exist."""
        included = [_find(text, units, "organizational_units") for text in self.included]
        excluded = [_find(text, units, "exclude_organizational_units") for text in self.excluded]
        return [
            unit
            for unit in units
            if (not included or any(self._covers(chosen, unit) for chosen in included))
            and not any(_is_at_or_below(chosen, unit) for chosen in excluded)
        ]

    def _covers(self, chosen: Unit, unit: Unit) -> bool:
        return unit == chosen or (self.recursive and _is_at_or_below(chosen, unit))


def _is_at_or_below(upper: Unit, unit: Unit) -> bool:
    return unit.path == upper.path or unit.path.startswith(f"{upper.path}/")


def _find(text: str, units: t.Sequence[Unit], option: str) -> Unit:
    root = units[0].path
    if _ID.fullmatch(text):
        found = [unit for unit in units if unit.id == text]
    elif _is_path(text):
        found = [unit for unit in units if _parts(unit.path) == _full(text, root)]
    else:
        found = [unit for unit in units if unit.name == text]
    if len(found) == 1:
        return found[0]
    paths = [unit.path for unit in found or units]
    if found:
        raise SelectionError(
            f"{option}: {text!r} is the name of {len(found)} organizational units. Name one by its path: "
            f"{', '.join(paths)}."
        )
    requested, known = ("/".join(_full(text, root)), paths) if _is_path(text) else (text, [unit.name for unit in units])
    similar = difflib.get_close_matches(requested, dict.fromkeys(known), 3)
    hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
    raise SelectionError(
        f"{option}: the organization has no organizational unit {text!r}.{hint} It has {', '.join(paths[:_SHOWN])}"
        f"{f' and {len(paths) - _SHOWN} more' if len(paths) > _SHOWN else ''}."
    )


def _is_path(text: str) -> bool:
    return "/" in text


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _full(text: str, root: str) -> list[str]:
    """Return the names of a path with the root's, which a user may leave out."""
    parts = _parts(text)
    return parts if parts[:1] == [root] else [root, *parts]
