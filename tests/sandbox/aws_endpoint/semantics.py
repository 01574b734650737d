# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge or replace: what an update makes of a block of settings. Whether the real service does the one or the other is
documented nowhere, so the controls choose. Pure functions.
"""

from __future__ import annotations

from typing import Any

from .controls import Controls


def applied(before: dict[str, Any], update: dict[str, Any], controls: Controls, ignored: list[str]) -> dict[str, Any]:
    """The block after the update, in which the keys `ignored` stay as they were."""
    after = {**before, **update} if controls.update_semantics == "merge" else dict(update)
    for key in ignored:
        after.pop(key, None)
        if key in before:
            after[key] = before[key]
    return after
