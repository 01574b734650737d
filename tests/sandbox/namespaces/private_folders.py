# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Folders of this machine in which new entries exist only in the sandbox's mount namespace."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from . import linux


def separate(folder: Path, without: Collection[str] = ()) -> None:
    """Replace a folder, in this mount namespace, by a new one with the same entries, except those."""
    covered = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        mode = oct(os.fstat(covered).st_mode & 0o7777)[2:]
        linux.mount("tmpfs", folder, "tmpfs", options=f"mode={mode}")
        # The kernel follows this link to the folder below the new one.
        below = Path(f"/proc/self/fd/{covered}")
        for entry in below.iterdir():
            if entry.name not in without:
                _keep(entry, folder / entry.name)
    finally:
        os.close(covered)


def _keep(source: Path, target: Path) -> None:
    if source.is_symlink():
        target.symlink_to(source.readlink())
        return
    if source.is_dir():
        target.mkdir()
    else:
        target.touch()
    linux.mount(str(source), target, flags=linux.BIND | linux.RECURSIVE)
