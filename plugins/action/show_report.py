# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print lines or findings as plain text, and fail afterwards if there is a reason."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import FAILED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.table import as_text, problems_only
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.printer import print_lines, prints_json
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.way import way_of
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._report.width import width_of

_SPEC: dict[str, dict[str, t.Any]] = {
    "lines": {"type": "list", "elements": "str"},
    "findings": {"type": "list", "elements": "dict"},
    "failures": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(ActionBase):
    """Everything is known on the controller: no connection is needed."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(
            _SPEC, required_one_of=[("lines", "findings")], mutually_exclusive=[("lines", "findings")]
        )
        variables = task_vars or {}
        way = way_of(variables)
        findings: list[t.Mapping[str, str]] = list(way.findings(options["findings"] or []))
        host = variables.get("inventory_hostname", "")
        if findings:
            options["lines"] = [host, *self._table(findings), ""]
        options["lines"] = [way.text(line) for line in options["lines"]]
        print_lines(self._display, options["lines"])
        failures = [way.failure(failure) for failure in options["failures"] if failure]
        if failed := [finding["check"] for finding in findings if finding["status"] == FAILED]:
            failures.append(f"Local mode does not work in {host}, see above. Failed: {', '.join(failed)}.")
        if failures:
            # A callback prints the whole result of a task that failed: the text is above, and stays out of it.
            lines = {"lines": options["lines"]} if prints_json() else {}
            return {**result, "failed": True, "msg": " ".join(failures), **lines}
        return {**result, "changed": False, "lines": options["lines"]}

    def _table(self, findings: list[t.Mapping[str, str]]) -> list[str]:
        width = width_of(self._display)
        return as_text(findings, width).splitlines() if self._display.verbosity else problems_only(findings, width)
