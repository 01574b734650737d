# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What a check of local mode finds, in the one form that every check of the collection reports."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, FAILED, SKIPPED = "ok", "warning", "failed", "skipped"


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was seen and expected and, unless all is well, why it matters and what to do."""

    check: str
    status: str
    observed: str
    expected: str
    reason: str = ""
    remediation: str = ""


def skipped(check: str, because: str, expected: str = "", remediation: str = "") -> Finding:
    """Return the finding of a check that could not be made, or need not be."""
    return Finding(check, SKIPPED, "not looked at", expected, because, remediation)
