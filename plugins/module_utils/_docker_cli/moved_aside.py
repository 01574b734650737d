# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The names of programs that were moved aside: PATH.replaced, and PATH.replaced.2 for one that came later."""

from __future__ import annotations

from pathlib import Path

REPLACED = ".replaced"


def _names(path: str) -> list[str]:
    return [f"{path}{REPLACED}", *(f"{path}{REPLACED}.{number}" for number in range(2, 100))]


def free_name(path: str) -> str:
    """Return the name to move a program to, so that none that was moved before is lost."""
    return next(name for name in _names(path) if not Path(name).exists())


def replaced_by(path: str) -> str:
    """Return the name of the program that was moved aside last; empty if there is none."""
    return next((name for name in reversed(_names(path)) if Path(name).exists()), "")
