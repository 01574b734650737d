# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_checks.lifecycle_config import (
    lifecycle_config,
)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        (None, "skipped", "has run in this home"),
        ({"status": "done"}, "ok", ""),
        ({"status": "done", "since_app_start": False}, "skipped", "before this start of the app: done at then"),
        ({"status": "failed", "since_app_start": False}, "skipped", "before this start of the app"),
        ({"status": "running"}, "warning", "stopped it. Run the check again in two minutes. Log: /l"),
        ({}, "warning", "m. t. Log: /l"),
        (
            {"log_stream": "d/s/J"},
            "warning",
            "Log: /l, and in CloudWatch log group /aws/sagemaker/studio, stream d/s/J",
        ),
    ],
)
def test_finding(changes, status, words):
    state = {
        "status": "failed",
        "message": "m.",
        "remediation": "t.",
        "log": "/l",
        "updated_at": "then",
        "since_app_start": True,
        "log_group": "/aws/sagemaker/studio",
        "log_stream": None,
    }
    found = lifecycle_config({"lifecycle_config": None if changes is None else {**state, **changes}})
    assert (found.check, found.status) == ("lifecycle_config", status)
    assert words in f"{found.reason} {found.remediation}"
