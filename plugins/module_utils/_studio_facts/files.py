# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Facts from the app's files: the operating system, the sockets, the home and Studio's metadata."""

from __future__ import annotations

import grp
import json
import os
import pwd
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import (
    parse_os_release,
    upstream_release,
)

RESOURCE_METADATA = Path("/opt/ml/metadata/resource-metadata.json")
_METADATA_KEYS = {
    "app_type": "AppType",
    "domain_id": "DomainId",
    "space_name": "SpaceName",
    "user_profile_name": "UserProfileName",
    "resource_arn": "ResourceArn",
}
# DOCKER_HOST in AWS's documentation, and what the SageMaker Python SDK 3 tries besides.
_KNOWN_SOCKETS = ("/docker/proxy.sock", "/docker/proxy/docker.sock", "/var/run/docker.sock")


def operating_system(os_release: Path = Path("/etc/os-release")) -> dict[str, Any]:
    """Return id, version_id, codename, pretty_name and a derivative's upstream, each None if os-release lacks it."""
    try:
        release = parse_os_release(os_release.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        release = {}
    keys = {"id": "ID", "version_id": "VERSION_ID", "codename": "VERSION_CODENAME", "pretty_name": "PRETTY_NAME"}
    upstream = upstream_release(release)
    return {
        **{name: release.get(key) for name, key in keys.items()},
        "upstream": dict(zip(("id", "codename"), upstream)) if upstream else None,
    }


def release_of_packages(system: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the distribution and codename under which Docker publishes packages for an operating_system()."""
    release = system.get("upstream") or system
    return release["id"], release["codename"]


def resource_metadata(path: Path = RESOURCE_METADATA) -> dict[str, str | None] | None:
    """Return the app's metadata that Studio writes, None outside Studio."""
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(metadata, dict):
        return None
    return {name: metadata.get(key) for name, key in _METADATA_KEYS.items()}


def known_sockets() -> list[str]:
    """Return the known paths of Studio's engine socket that are a socket here."""
    return [path for path in _KNOWN_SOCKETS if socket_file(path)["is_socket"]]


def socket_file(path: str) -> dict[str, Any]:
    """Return the facts of a socket's file; C(exists) is None if this user may not search its folder."""
    facts = {"path": path, **dict.fromkeys(("exists", "is_socket", "owner", "group", "mode", "accessible"))}
    try:
        status = Path(path).stat()
    except PermissionError:
        return facts
    except (OSError, ValueError):
        return {**facts, "exists": False}
    return {
        "path": path,
        "exists": True,
        "is_socket": stat.S_ISSOCK(status.st_mode),
        "owner": user_name(status.st_uid),
        "group": group_name(status.st_gid),
        "mode": f"{stat.S_IMODE(status.st_mode):04o}",
        # connect(2) on a Unix socket requires write permission.
        "accessible": os.access(path, os.W_OK),
    }


def home_folder(path: Path) -> dict[str, Any]:
    """Return the home's free bytes, and whether the user may write to ~/tmp, where the SDK keeps its jobs in Studio."""
    tmp = path / "tmp"
    tmp_owner = owner(tmp)
    return {
        "path": str(path),
        "free_bytes": shutil.disk_usage(path).free if owner(path) else None,
        "tmp_exists": tmp_owner is not None,
        "tmp_owner": tmp_owner,
        "tmp_writable": os.access(tmp if tmp_owner else path, os.W_OK | os.X_OK),
    }


def owner(path: Path) -> str | None:
    """Return the name of a file's owner, None if it does not exist or is not accessible."""
    try:
        return user_name(path.stat().st_uid)
    except OSError:
        return None


def user_name(uid: int) -> str:
    """Return a user's name, or the number if the user has no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def group_name(gid: int) -> str:
    """Return a group's name, or the number if the group has no name."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
