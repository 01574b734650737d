# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Check the result of the lifecycle configuration that installs Docker's CLI at the app's start."""

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
    """The script of the role lifecycle_config, if the app has one, has succeeded at this start of the app."""
    state, expected = app["lifecycle_config"], "a lifecycle configuration that has succeeded, or none"
    if state is None:
        return skipped(_NAME, "No script of the role lifecycle_config has run in this home.", expected)
    if not state["since_app_start"]:
        reason = f"The last run was before this start of the app: {state['status']} at {state['updated_at']}."
        remediation = "Attach the lifecycle configuration to the domain, user profile or space if it should run."
        return skipped(_NAME, reason, expected, remediation)
    observed = f"{state['status']} at {state['updated_at']}"
    if state["status"] == DONE:
        return Finding(_NAME, OK, observed, expected)
    log = f"Log: {state['log']}{_in_cloudwatch(state)}"
    if state["status"] == RUNNING:
        reason = "The script is still running, or Studio has stopped it."
        return Finding(_NAME, WARNING, observed, expected, reason, f"Run the check again in two minutes. {log}")
    return Finding(_NAME, WARNING, observed, expected, state["message"], f"{state['remediation']} {log}".strip())


def _in_cloudwatch(state: dict[str, Any]) -> str:
    if not state["log_stream"]:
        return ""
    return f", and in CloudWatch log group {state['log_group']}, stream {state['log_stream']}"
