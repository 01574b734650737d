# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Include and exclude filters, as those of the inventories of community.docker.

community.library_inventory_filtering_v1 has the same, but it would be a second dependency, and it is not certified.
"""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleParserError

_KEYS = ("include", "exclude")


def parse(filters: t.Any) -> list[tuple[str, t.Any]]:
    """Return the filters as (C(include) or C(exclude), condition); raise AnsibleParserError for any other form."""
    found = []
    for number, item in enumerate(filters or [], start=1):
        if not isinstance(item, dict) or len(item) != 1 or next(iter(item)) not in _KEYS:
            raise AnsibleParserError(
                f"filters, item {number}: {item!r} must have one key, include or exclude, with a condition."
            )
        [(key, condition)] = item.items()
        if not isinstance(condition, (str, bool)):
            raise AnsibleParserError(f"filters, item {number}: {condition!r} is not a condition.")
        found.append((key, condition))
    return found


def accepts(filters: t.Iterable[tuple[str, t.Any]], is_true: t.Callable[[t.Any], bool]) -> bool:
    """Whether a host stays: the first filter whose condition is true decides, and without one it stays."""
    for key, condition in filters:
        if condition if isinstance(condition, bool) else is_true(condition):
            return key == "include"
    return True
