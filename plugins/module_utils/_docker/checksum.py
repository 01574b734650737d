# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The checksum of a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a regular file as hexadecimal digits. Raises OSError, also for a symlink."""
    digest = hashlib.sha256()
    with own_files.open_regular(path) as file:
        for block in iter(lambda: file.read(_BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def is_intact(path: Path, size: int, sha256: str) -> bool:
    """Tell whether a file exists, is not a symlink, and has this size in bytes and this SHA-256."""
    return not path.is_symlink() and path.is_file() and path.stat().st_size == size and sha256_of(path) == sha256
