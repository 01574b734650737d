# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mirror's container: download.docker.com on network `sagemaker`, and a port of loopback for the controller."""

from __future__ import annotations

from pathlib import Path

import requests
from docker.errors import NotFound

from .. import containers, engine, images, layout, waiting
from ..console import SandboxError, say
from ..inputs import fingerprint
from ..namespaces import service as namespaces
from . import certificates

NAME = "studio-sandbox-mirror"
HOST = "download.docker.com"
ACCESS_LOG = layout.MIRROR_LOG / "access.log"


def start() -> None:
    """Start the mirror unless it runs; its files and certificates must exist."""
    layout.MIRROR_LOG.mkdir(parents=True, exist_ok=True)
    # The container mounts the folder that existed at its start, so a new folder needs a new container.
    folder = layout.MIRROR_REPOSITORY.stat().st_ino
    inputs = fingerprint(Path(__file__), Path(__file__).with_name("server.py"), certificates.SERVER.path, folder)
    if containers.is_current(NAME, images.PYTHON.tag, inputs):
        return
    say(f"serve the mirror as {HOST}")
    containers.replace(
        NAME,
        images.PYTHON.tag,
        inputs,
        aliases=[HOST],
        command=[
            "/opt/conda/bin/python3",
            "/server.py",
            "/repository",
            "/tls/server.pem",
            "/tls/server.key",
            "/log/access.log",
        ],
        mounts={
            Path(__file__).with_name("server.py"): "/server.py:ro",
            layout.MIRROR_REPOSITORY: "/repository:ro",
            layout.MIRROR_TLS: "/tls:ro",
            layout.MIRROR_LOG: "/log",
        },
        ports={"443/tcp": ("127.0.0.1", namespaces.FORWARDED_PORT)},
    )
    if not waiting.until(_serves, seconds=120):
        raise SandboxError(
            f"The mirror does not answer:\n{engine.client().containers.get(NAME).logs(tail=20).decode()}"
        )


def url() -> str | None:
    """Return the mirror's URL for the controller, None if it does not run."""
    try:
        container = engine.client().containers.get(NAME)
    except NotFound:
        return None
    return f"https://localhost:{namespaces.port()}" if container.status == "running" else None


def _serves() -> bool:
    try:
        return requests.head(f"{url()}/linux/ubuntu/gpg", verify=str(layout.CA), timeout=5).ok
    except requests.RequestException:
        return False
