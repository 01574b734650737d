# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is fetched into a build context before its image is built."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .. import packages
from ..console import run, say

if TYPE_CHECKING:
    from ..packages import Archive

PYTHON_VERSION = "3.11"


def python(context: Path, archive: Archive) -> None:
    """Put Debian's Python into the folder `conda`: moved from /usr, it finds its prefix where it stands."""
    say("fetch Debian's Python for /opt/conda")
    unpacked = context / "unpacked"
    for package in ("libpython{}-minimal", "libpython{}-stdlib", "python{}-minimal", "python{}"):
        run(["dpkg-deb", "--extract", archive.download(package.format(PYTHON_VERSION), "bookworm"), unpacked])
    (unpacked / "usr").rename(context / "conda")


def pip(context: Path, _archive: Archive) -> None:
    """Put pip into the folder `site-packages`."""
    say("fetch pip")
    install(context / "site-packages", "pip")


def install(target: Path, *requirements: str, python: str = PYTHON_VERSION, dependencies: bool = True) -> None:
    """Install packages into a folder for an image's Python, whatever Python runs this; nothing is compiled."""
    pip = [sys.executable, "-m", "pip"]
    options = ["--quiet", "--no-input", "--python-version", python, "--implementation", "cp", "--only-binary=:all:"]
    alone = [] if dependencies else ["--no-deps"]
    with tempfile.TemporaryDirectory() as wheels:
        # "pip install" goes by the Python that runs it where the index does not say which one a release is for.
        run([*pip, "download", *options, *alone, "--dest", wheels, *requirements])
        run([*pip, "install", *options, "--no-deps", "--no-compile", "--target", target, *Path(wheels).iterdir()])


def buildx(context: Path, archive: Archive) -> None:
    """Put Debian's buildx into the context."""
    say("fetch Debian's docker-buildx")
    name = "usr/libexec/docker/cli-plugins/docker-buildx"
    program = context / "docker-buildx"
    program.write_bytes(packages.read_files(archive.download("docker-buildx", "trixie"), {name})[name])
    program.chmod(0o755)
