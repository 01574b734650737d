# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read an earlier report, as JSON or out of HTML."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report import model

# The HTML has its report in this element, whose content has no "<".
_IN_HTML = re.compile(r'<script type="application/json" id="report">([^<]*)</script>')
_AGAIN = "Create a new report without report_compare_to, and compare the next one with that."


class ReportError(Exception):
    """An earlier report cannot be used; the message says why and what to do."""


def parse(text: str, path: str) -> dict[str, t.Any]:
    """Return the report in the content of a file. Raises ReportError if it has none that this version can read."""
    found = _IN_HTML.search(text)
    try:
        report = json.loads(found.group(1) if found else text)
    except ValueError as error:
        raise ReportError(f"The earlier report {path} is not a report in JSON or HTML: {error}. {_AGAIN}") from error
    version = report.get("schema_version") if isinstance(report, dict) else None
    if not isinstance(version, str):
        raise ReportError(f"The earlier report {path} has no schema_version, so it is no readiness report. {_AGAIN}")
    if version.partition(".")[0] != model.SCHEMA_VERSION.partition(".")[0]:
        raise ReportError(
            f"The earlier report {path} has the schema version {version}; this version of the collection reads "
            f"{model.SCHEMA_VERSION}. {_AGAIN}"
        )
    _require_what_is_compared(report, path)
    return t.cast("dict[str, t.Any]", report)


def _require_what_is_compared(report: dict[str, t.Any], path: str) -> None:
    try:
        report["run"]["time"].strip()
        for domain in report["domains"]:
            [domain[name].strip() for name in ("region", "domain_id", "domain_name", "state")]
        for app in report["apps"]:
            [app[name].strip() for name in ("region", "domain_id", "space", "owner", "host", "state")]
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"The earlier report {path} is incomplete: {error!r}. {_AGAIN}") from error
