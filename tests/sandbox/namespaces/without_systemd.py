# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command that does not find systemd: installing docker.io would otherwise start a Docker on this machine.

Usage: python -m tests.sandbox.namespaces.without_systemd COMMAND...
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import linux
from .private_folders import separate

# Debian's maintainer scripts look for the folder `system` in it, as sd_booted(3) says.
_SYSTEMD = Path("/run/systemd")


def main(command: list[str]) -> None:
    """Become the command."""
    if _SYSTEMD.exists():
        linux.unshare(linux.NEW_MOUNT)
        linux.mount("none", "/", flags=linux.RECURSIVE | linux.PRIVATE)
        separate(_SYSTEMD, without=("system",))
    os.execvp(command[0], command)  # noqa: S606 - the words are the caller's


if __name__ == "__main__":
    main(sys.argv[1:])
