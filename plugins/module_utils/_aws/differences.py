# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The differences from which C(changed), C(diff) and the verification of an update are computed."""

from __future__ import annotations

import typing as t


def differences(before: t.Any, after: t.Any) -> list[tuple[str, t.Any, t.Any]]:
    """Return (key, before, after) of each setting that differs."""
    old, new = before.as_dict(), after.as_dict()
    return [(key, old[key], new[key]) for key in old if old[key] != new[key]]
