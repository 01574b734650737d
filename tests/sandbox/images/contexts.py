# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Download files to a build context before its image is built."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from .. import layout, packages, wheels
from ..console import run, say

if TYPE_CHECKING:
    from pathlib import Path

    from ..packages import Archive


def python(context: Path, archive: Archive) -> None:
    """Copy Debian's Python to the folder `conda`; it finds its prefix from its own path."""
    say("fetch Debian's Python for /opt/conda")
    unpacked = context / "unpacked"
    for package in ("libpython{}-minimal", "libpython{}-stdlib", "python{}-minimal", "python{}"):
        run(["dpkg-deb", "--extract", archive.download(package.format(wheels.PYTHON_VERSION), "bookworm"), unpacked])
    (unpacked / "usr").rename(context / "conda")


def training_job(context: Path, _archive: Archive) -> None:
    """Copy pip to the folder `site-packages`, and the sandbox's certificate authority."""
    say("fetch pip")
    wheels.install(context / "site-packages", "pip")
    shutil.copy(layout.CA, context / "sandbox-ca.pem")


def buildx(context: Path, archive: Archive) -> None:
    """Copy Debian's buildx to the context."""
    say("fetch Debian's docker-buildx")
    name = "usr/libexec/docker/cli-plugins/docker-buildx"
    program = context / "docker-buildx"
    program.write_bytes(packages.read_files(archive.download("docker-buildx", "trixie"), {name})[name])
    program.chmod(0o755)
