# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Names of hosts: each is valid for Ansible, and no two hosts have the same. Pure."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

# Anything else has a meaning in host patterns or in files that Ansible writes for a host.
_INVALID = re.compile(r"[^A-Za-z0-9._-]")
# With a suffix of this length, the name still is one of a file.
_LONGEST = 126


def valid_name(text: str) -> str:
    """Return the text with every character that a host name must not have replaced, and shortened."""
    return _INVALID.sub("_", text)[:_LONGEST].strip(".-")


def distinct_names(
    names: t.Sequence[str], suffixes: t.Sequence[t.Sequence[str]], taken: t.Container[str] = ()
) -> list[str]:
    """Return the names with suffixes where two are equal or C(taken) has one already.

    C(suffixes) has, for each name, what tells its host apart, the shortest first. A number is the last resort.
    """
    found = list(names)
    for step in range(len(suffixes[0]) + 1 if suffixes else 0):
        counted = Counter(found)
        clashing = [index for index, name in enumerate(found) if counted[name] > 1 or name in taken]
        for index in clashing:
            suffix = [*suffixes[index], str(index)][step]
            found[index] = f"{names[index]}.{valid_name(suffix)}"
    return found
