# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programs of the mirror's packages for an app in which nothing is to be installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .. import layout

_PATHS = ("usr/bin/docker", "usr/libexec/docker", "usr/lib/docker-compose-plugin")


def mounts(folder: Path) -> dict[Path | str, str]:
    """Unpack Docker's CLI and Compose into the folder, once for all apps; return the mounts of an app."""
    pool = layout.MIRROR_REPOSITORY / "linux/ubuntu/dists/jammy/pool/stable/amd64"
    for deb in [*pool.glob("docker-ce-cli_20.10.24*"), *pool.glob("docker-compose-plugin_2.*")]:
        subprocess.run(["dpkg-deb", "--extract", deb, folder], check=True)
    return {folder / path: f"/{path}:ro" for path in _PATHS}
