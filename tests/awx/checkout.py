# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of this checkout that git tracks or would add: the files that AWX clones and a build may depend on."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import yaml

from tests.sandbox import layout

if TYPE_CHECKING:
    from pathlib import Path

VERSION = yaml.safe_load((layout.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]


def files() -> list[str]:
    """Return their paths relative to the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=layout.ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [name for name in listed.split("\0") if name and (layout.ROOT / name).is_file()]


def copy(folder: Path) -> Path:
    """Copy them into a folder and return it."""
    for name in files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((layout.ROOT / name).read_bytes())
        target.chmod((layout.ROOT / name).stat().st_mode)
    return folder
