# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The finding of a check that could not be made. Unlike a check that is not needed, it leaves a question open."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import SKIPPED, Finding


@dataclass(frozen=True)
class Unchecked(Finding):
    """A finding that another run with more IAM permissions, or with a connection to AWS, would settle."""


def unchecked(check: str, reason: str, expected: str = "", remediation: str = "") -> Finding:
    """Return the finding of a check that could not be made."""
    return Unchecked(check, SKIPPED, "could not be checked", expected, reason, remediation)
