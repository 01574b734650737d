# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""How many columns a line of text may have."""

from __future__ import annotations

import os
import typing as t

if t.TYPE_CHECKING:
    from ansible.utils.display import Display

# Ansible's workers have no standard output. It loads an action, and this file with it, before it forks them.
_IS_TERMINAL = os.isatty(1)
# Of a log, nobody knows the width.
_LOG, _NARROWEST, _WIDEST = 100, 60, 160


def width_of(display: Display) -> int:
    """Return the width of the terminal, within what reads well; that of a log if the output is none."""
    if not _IS_TERMINAL:
        return _LOG
    return max(_NARROWEST, min(display.columns, _WIDEST))
