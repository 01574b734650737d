# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for conda-forge's docker-cli, the Docker CLI of SageMaker Distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import packages, stand_ins
from ..console import say

if TYPE_CHECKING:
    from pathlib import Path

    from ..packages import Archive

# The versions of SageMaker Distribution 2.3 to 3.9 and 4.4, and one that is incompatible with Studio's engine.
VERSIONS = JAMMY, NOBLE, TOO_NEW = "27.5.1", "29.7.1", "29.1.3"

_BINARY = "usr/bin/docker"
_PROGRAM = "/opt/conda/libexec/docker-cli/program"


def fetch(context: Path, archive: Archive) -> None:
    """Write Debian's real CLI to the file `program`, and the stand-ins of those versions beside it."""
    suite, name = stand_ins.REAL_CLI
    say(f"fetch Debian's {name} for the stand-ins of conda's")
    found = packages.read_files(archive.download(name, suite), {_BINARY})
    _write(context / "program", found[_BINARY])
    for version in VERSIONS:
        _write(context / f"docker-{version}", stand_ins.cli(version, _PROGRAM).encode())


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o755)
