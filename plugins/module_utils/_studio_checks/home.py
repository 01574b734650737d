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

GIB = 1 << 30
# A job needs fewer than a hundred, and its input as many as it has files.
_MIN_INODES, _ENOUGH_INODES = 1000, 10_000


def home_space(app: dict[str, Any], min_free_gib: float, enough_free_gib: float) -> Finding:
    """The home has space for a job's input and model; the engine keeps the images elsewhere."""
    home = app["home"]
    expected = (
        f"{enough_free_gib:g} GiB and {_ENOUGH_INODES} inodes free, at least {min_free_gib:g} GiB and {_MIN_INODES} "
        "inodes"
    )
    if home["free_bytes"] is None:
        reason = "The SDK keeps the files of a job in the home."
        remediation = "Run the check as the user of the app's terminal."
        return Finding("home_space", FAILED, f"{home['path']} does not exist", expected, reason, remediation)
    free, inodes = home["free_bytes"] / GIB, home["free_inodes"]
    observed = f"{free:.1f} GiB{'' if inodes is None else f' and {inodes} inodes'} free in {home['path']}"
    lacks_inodes = inodes is not None and inodes < _ENOUGH_INODES
    if free >= enough_free_gib and not lacks_inodes:
        return Finding("home_space", OK, observed, expected)
    command = f"du {'--inodes -x' if lacks_inodes else '-xh'} --max-depth=2 {home['path']} | sort -h | tail"
    enough = free >= min_free_gib and not (lacks_inodes and inodes < _MIN_INODES)
    return Finding(
        "home_space",
        WARNING if enough else FAILED,
        observed,
        expected,
        "The SDK copies a job's input and model to ~/tmp and fails without space or inodes: 'No space left on device'.",
        f"Remove files, or give the space a larger volume. To list the largest folders: {command}",
    )


def home_tmp(app: dict[str, Any]) -> Finding:
    """~/tmp is a folder of the home that the user may write to, or the SDK can create it."""
    home, expected = app["home"], "a folder ~/tmp in the home that the user may write to, or create"
    tmp, target = PurePosixPath(home["path"], "tmp"), home["tmp_link_target"]
    link = f"{tmp} is a link to {target}"
    if target and not home["tmp_exists"]:
        reason = "The SDK keeps the files of a job in ~/tmp, and fails to create it: FileExistsError."
        remediation = f"Remove the link: rm {tmp}"
        return Finding("home_tmp", FAILED, f"{link}, which does not exist", expected, reason, remediation)
    if home["tmp_exists"] and not home["tmp_is_folder"]:
        reason = "The SDK keeps the files of a job in ~/tmp, and fails to create it: FileExistsError."
        remediation = f"Move the file away: mv {tmp} {tmp}.bak"
        return Finding("home_tmp", FAILED, f"{tmp} is not a folder", expected, reason, remediation)
    if home["tmp_exists"] and not home["tmp_in_home"]:
        observed = f"{link}, outside of the home" if target else f"{tmp} is on another file system than the home"
        reason = "Studio's engine mounts folders only from the home: a job does not get its input from this folder."
        command = f"rm {tmp} && mkdir {tmp}" if target else f"sudo umount {tmp}"
        return Finding("home_tmp", FAILED, observed, expected, reason, f"Use a folder of the home: {command}")
    observed = f"{tmp} belongs to {home['tmp_owner']}" if home["tmp_exists"] else f"{tmp} does not exist"
    if home["tmp_writable"]:
        return Finding("home_tmp", OK, observed, expected)
    return _not_writable(app, tmp, observed, expected)


def _not_writable(app: dict[str, Any], tmp: PurePosixPath, observed: str, expected: str) -> Finding:
    home, name = app["home"], app["user"]["name"]
    reason = "The SDK keeps the files of a job in ~/tmp and fails with "
    if home["read_only"]:
        reason += "'Read-only file system'."
        remediation = f"Stop the space in Studio and run it again. To see the file system: findmnt -T {home['path']}"
        return Finding("home_tmp", FAILED, f"{home['path']} is read-only", expected, reason, remediation)
    reason += f"PermissionError: {name} may not write to it."
    remediation = f"Give the folder to the user: sudo chown -R {name} {tmp if home['tmp_exists'] else tmp.parent}"
    return Finding("home_tmp", FAILED, observed, expected, reason, remediation)
