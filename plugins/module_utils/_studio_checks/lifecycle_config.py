# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What became of the lifecycle configuration that brings Docker at the app's start, and never fails one."""

from __future__ import annotations

from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    OK,
    WARNING,
    Finding,
    skipped,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.lifecycle_state import DONE, RUNNING

_NAME = "lifecycle_config"


def lifecycle_config(app: dict[str, Any]) -> Finding:
    """The script of the role lifecycle_config, where there is one, has done its work at this start of the app."""
    state, expected = app["lifecycle_config"], "a lifecycle configuration that has done its work, or none"
    if state is None:
        return skipped(_NAME, "No script of the role lifecycle_config has ever run in this home.", expected)
    if not state["since_app_start"]:
        because = f"Its last run ({state['updated_at']}: {state['status']}) was before this app's start."
        return skipped(_NAME, because, expected, "If it should run, see that the space, profile or domain has it.")
    observed = f"{state['status']} at {state['updated_at']}"
    if state["status"] == DONE:
        return Finding(_NAME, OK, observed, expected)
    log = f"Its log: {state['log']}"
    if state["status"] == RUNNING:
        reason = "It is still at work, or Studio has cut it off."
        return Finding(_NAME, WARNING, observed, expected, reason, f"Wait two minutes and check again. {log}")
    return Finding(_NAME, WARNING, observed, expected, state["message"], f"{state['remediation']} {log}".strip())
