# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compute the hash over the inputs of a build, to find out whether it is up to date."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(*inputs: object) -> str:
    """Hash values (by their repr), files (by content) and folders (by every file's name and content)."""
    digest = hashlib.sha256()
    for value in inputs:
        for part in _parts(value):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]


def _parts(value: object) -> list[bytes]:
    if not isinstance(value, Path):
        return [repr(value).encode()]
    if value.is_file():
        return [value.name.encode(), value.read_bytes()]
    files = sorted(path for path in value.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return [part for path in files for part in (str(path.relative_to(value)).encode(), path.read_bytes())]
