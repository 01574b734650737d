# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A finding: the result of one check, in the form that every check of the collection reports."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, FAILED, SKIPPED = "ok", "warning", "failed", "skipped"


@dataclass(frozen=True)
class Finding:
    """The observed and the expected state and, unless the check is ok, why it matters and how to remedy it."""

    check: str
    status: str
    observed: str
    expected: str
    reason: str = ""
    remediation: str = ""


def skipped(check: str, reason: str, expected: str = "", remediation: str = "") -> Finding:
    """Return the finding of a check that could not be made or is not needed."""
    return Finding(check, SKIPPED, "not checked", expected, reason, remediation)
