# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What is wrong with the options of the inventory; the message is for the user."""

from __future__ import annotations


class SelectionError(ValueError):
    """The options select what does not exist, or nothing."""
