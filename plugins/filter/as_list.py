# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert a text to a list."""

from __future__ import annotations

import re
import typing as t


def as_list(value: t.Any) -> list[str]:
    """Return the entries of a list, or of a text that separates them by line ends, spaces or commas; C(None) is empty.

    A survey and ``-e name=value`` can only give text. Entries of other types become text: a number is an unquoted
    account ID. Quotes around an entry, which keep YAML from reading it as a number, are removed.
    """
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [entry for element in value for entry in as_list(element)]
    return [entry for entry in re.split(r"""[\s,'"]+""", str(value)) if entry]


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"as_list": as_list}
