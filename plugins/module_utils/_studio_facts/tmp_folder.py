# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The file system of the home, and ~/tmp in it: Studio's engine mounts folders only from the home."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def facts(home: Path) -> dict[str, Any]:
    """Return the facts that studio_app_info documents under C(home)."""
    return {**_file_system(home), **_tmp_folder(home)}


def _file_system(home: Path) -> dict[str, Any]:
    """Return the free inodes of the home's file system, and whether it is read-only; None if they are not known."""
    try:
        status = os.statvfs(home)
    except OSError:
        return {"free_inodes": None, "read_only": None}
    # Some file systems create inodes as they need them, and report none.
    return {
        "free_inodes": status.f_favail if status.f_files else None,
        "read_only": bool(status.f_flag & os.ST_RDONLY),
    }


def _tmp_folder(home: Path) -> dict[str, Any]:
    """Return whether ~/tmp is a folder, the target of a link, and whether it is on the home's file system.

    The engine resolves the path on its own host, where only the home is the same: a folder elsewhere is not.
    """
    tmp = home / "tmp"
    target = os.path.realpath(tmp) if tmp.is_symlink() else None
    try:
        same = tmp.stat().st_dev == home.stat().st_dev and _within(os.path.realpath(tmp), os.path.realpath(home))
    except OSError:
        same = None
    return {"tmp_is_folder": tmp.is_dir(), "tmp_link_target": target, "tmp_in_home": same}


def _within(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder
