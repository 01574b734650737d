# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The one exception of the way from Docker's package index to a bundle of .debs."""

from __future__ import annotations


class PackageError(Exception):
    """A bundle cannot be made or trusted; the message tells a person what is wrong and what to do next."""
