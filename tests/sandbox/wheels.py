# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install Python packages for the apps' Python, from any Python: the versions and hashes of a file in tests/locks."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import layout
from .console import run

PYTHON_VERSION = "3.11"  # conda's, in the images
_LOCKS = layout.ROOT / "tests" / "locks"


def lock(name: str) -> Path:
    """Return the file of that name, which `make lock` writes."""
    return _LOCKS / f"{name}.txt"


def install(target: Path, name: str, *, python: str = PYTHON_VERSION) -> None:
    """Install the packages of that lock into a folder for that Python; nothing is compiled."""
    pip = [sys.executable, "-m", "pip"]
    # The lock has the dependencies, too.
    options = ["-qq", "--no-input", "--no-deps", "--python-version", python, "--implementation", "cp"]
    options.append("--only-binary=:all:")
    with tempfile.TemporaryDirectory() as folder:
        # "pip install" uses the running Python's version if the index does not have a release's required version.
        run([*pip, "download", *options, "--dest", folder, "--require-hashes", "--requirement", lock(name)])
        run([*pip, "install", *options, "--no-compile", "--target", target, *Path(folder).iterdir()])
