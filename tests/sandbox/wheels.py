# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install Python packages for the apps' Python, from any Python."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .console import run

PYTHON_VERSION = "3.11"  # conda's, in the images


def install(target: Path, *requirements: str, python: str = PYTHON_VERSION, dependencies: bool = True) -> None:
    """Install packages into a folder for that Python; nothing is compiled."""
    pip = [sys.executable, "-m", "pip"]
    options = ["--quiet", "--no-input", "--python-version", python, "--implementation", "cp", "--only-binary=:all:"]
    alone = [] if dependencies else ["--no-deps"]
    with tempfile.TemporaryDirectory() as folder:
        # "pip install" uses the running Python's version if the index does not have a release's required version.
        run([*pip, "download", *options, *alone, "--dest", folder, *requirements])
        run([*pip, "install", *options, "--no-deps", "--no-compile", "--target", target, *Path(folder).iterdir()])
