# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a list that may have been written as text."""

from __future__ import annotations

import re
import typing as t


def as_list(value: t.Any) -> list[str]:
    """Return the entries of a list, or of a text that has them one a line or with commas between; none for nothing.

    A form and ``-e name=value`` can give only text. What is no text becomes one: a number is an account ID unquoted.
    Quotes around an entry keep YAML from taking it for a number, and are not part of it.
    """
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [entry for element in value for entry in as_list(element)]
    return [entry for entry in re.split(r"""[\s,'"]+""", str(value)) if entry]


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"as_list": as_list}
