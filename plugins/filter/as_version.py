# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert a version that YAML may have read as a number to text."""

from __future__ import annotations

import typing as t


def as_version(value: t.Any) -> str:
    """Return a version as text. The number 20.1 is Docker's 20.10: YAML drops the zero, and Docker has no 20.1."""
    return "20.10" if value == 20.1 else str(value)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"as_version": as_version}
