# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The paths of the sandbox. Standard library only, and fast to import, because tests/conftest.py imports it."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).resolve().parent
SANDBOX = ROOT / ".sandbox"

AWS = SANDBOX / "aws"
BUILD = SANDBOX / "build"
SDK = SANDBOX / "sdk"
INVENTORY = SANDBOX / "inventory.yml"
# The same app as a space: the inventory plugin finds it, and the connection takes a session to it.
SPACES_INVENTORY = SANDBOX / "spaces"
ENVIRONMENT = SANDBOX / "env.sh"
COLLECTIONS = SANDBOX / "collections"

ENGINE = SANDBOX / "engine"
ENGINE_SOCKET = ENGINE / "docker.sock"

# A folder for each policy of the filter, with the socket that apps have at /docker/proxy.sock.
PROXIES = SANDBOX / "proxy"

MIRROR = SANDBOX / "mirror"
MIRROR_REPOSITORY = MIRROR / "repository"
MIRROR_TLS = MIRROR / "tls"
MIRROR_LOG = MIRROR / "log"
CA = MIRROR_TLS / "ca.pem"

APP_HOME = SANDBOX / "app" / "home"

# The home has the same path in the app and for the engine: the SageMaker SDK writes the app's paths to a compose file,
# and the engine resolves them. The engine's namespaces have APP_HOME there, and the machine does not.
HOME = Path("/home/sagemaker-user")


def link_collection() -> Path:
    """Make the checkout importable as mlops.studio_local_mode; return the folder for ANSIBLE_COLLECTIONS_PATH."""
    link = COLLECTIONS / "ansible_collections" / "mlops" / "studio_local_mode"
    if not link.is_symlink() or link.readlink() != ROOT:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT)
    return COLLECTIONS


@contextmanager
def lock() -> Iterator[None]:
    """Lock the sandbox: one process at a time changes it."""
    SANDBOX.mkdir(exist_ok=True)
    with (SANDBOX / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    link_collection()
