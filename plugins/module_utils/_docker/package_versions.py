# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Debian package versions: their order, and the version series of Docker's packages."""

from __future__ import annotations

import re

_PIECES = re.compile(r"([^0-9]*)([0-9]*)")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def sort_key(version: str) -> tuple:
    """Return a key under which versions sort as `dpkg --compare-versions` orders them.

    Source: Debian Policy, section 5.6.12. A missing epoch or revision counts as 0.
    """
    epoch, _colon, rest = version.rpartition(":")
    upstream, _hyphen, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch or 0), _part_key(upstream), _part_key(revision)


def _part_key(part: str) -> tuple:
    # findall ends with an empty piece, whose key (the end of the part) sorts after "~" and before anything else.
    return tuple((_text_key(text), int(number or 0)) for text, number in _PIECES.findall(part))


def _text_key(text: str) -> tuple:
    return (*map(_character_key, text), 0)


def _character_key(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def number(version: str) -> str:
    """Return the plain number Docker gave a version: C(20.10.24) for C(5:20.10.24~3-0~ubuntu-jammy).

    It comes first in the format that Docker used before 23.0 and in the present one; the rest differs.
    """
    found = _NUMBER.match(version.rpartition(":")[2])
    return found.group() if found else ""


def series(version: str) -> str:
    """Return the series of a version, its first two numbers: C(20.10) for C(5:20.10.24~3-0~ubuntu-jammy)."""
    return ".".join(number(version).split(".")[:2])


def matches(version: str, requested: str) -> bool:
    """Tell whether a version is the requested one or belongs to the requested series, such as C(20.10)."""
    return version == requested or f"{number(version)}.".startswith(f"{requested}.")
