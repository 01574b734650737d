# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Check the user's home, in which the SageMaker Python SDK keeps the files of a local job."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.finding import (
    FAILED,
    OK,
    WARNING,
    Finding,
)

_GIB = 1 << 30


def home_space(app: dict[str, Any], min_free_gib: float, enough_free_gib: float) -> Finding:
    """The home has space for a job's input and model; the engine keeps the images elsewhere."""
    home, expected = app["home"], f"{enough_free_gib:g} GiB free, at least {min_free_gib:g} GiB"
    if home["free_bytes"] is None:
        reason = "The SDK keeps the files of a job in the home."
        remediation = "Run the check as the user of the app's terminal."
        return Finding("home_space", FAILED, f"{home['path']} does not exist", expected, reason, remediation)
    free = home["free_bytes"] / _GIB
    observed = f"{free:.1f} GiB free in {home['path']}"
    if free >= enough_free_gib:
        return Finding("home_space", OK, observed, expected)
    return Finding(
        "home_space",
        WARNING if free >= min_free_gib else FAILED,
        observed,
        expected,
        "The SDK copies a job's input and model to ~/tmp and fails without space: 'No space left on device'.",
        "Remove files, or give the space a larger volume. To list the largest folders: "
        f"du -xh --max-depth=2 {home['path']} | sort -h | tail",
    )


def home_tmp(app: dict[str, Any]) -> Finding:
    """The user may write to ~/tmp, or create it."""
    home, expected = app["home"], "a folder ~/tmp that the user may write to, or create"
    folder = PurePosixPath(home["path"], "tmp")
    observed = f"{folder} belongs to {home['tmp_owner']}" if home["tmp_exists"] else f"{folder} does not exist"
    if home["tmp_writable"]:
        return Finding("home_tmp", OK, observed, expected)
    name = app["user"]["name"]
    return Finding(
        "home_tmp",
        FAILED,
        observed,
        expected,
        f"The SDK keeps the files of a job in ~/tmp and fails with PermissionError: {name} may not write to it.",
        f"Give the folder to the user: sudo chown -R {name} {folder if home['tmp_exists'] else folder.parent}",
    )
