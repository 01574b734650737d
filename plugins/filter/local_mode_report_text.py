# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Format the findings of a check as a table."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.table import as_text


def local_mode_report_text(findings: t.Iterable[t.Mapping[str, str]]) -> str:
    """Return findings as a table of at most 100 columns."""
    return as_text(list(findings))  # Jinja's selectattr returns a generator, which can be read only once.


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"local_mode_report_text": local_mode_report_text}
