# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Find the folder of a bundle, and remove a bundle."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests

LOCK = ".lock"
PART = ".part"
# What a download leaves that was interrupted: it goes on with the first, if it is repeated.
INTERRUPTED = (f"*.deb{PART}", f"{own_files.TEMPORARY}*")


def of_target(path: Path, target: Target) -> Path:
    """Return the target's folder below a folder of several bundles, or the folder itself if it is a bundle.

    Raises PackageError if there are several and none is for the target.
    """
    own = path / target.folder
    try:
        if (own / manifests.FILE_NAME).is_file():
            return own
        others = sorted(found.parent.name for found in path.glob(f"*/{manifests.FILE_NAME}"))
        is_bundle = (path / manifests.FILE_NAME).is_file()
    except OSError as error:
        raise PackageError(f"Cannot read {error.filename or path}: {error.strerror}.") from error
    if others and not is_bundle:
        raise PackageError(
            f"{path} has no bundle for {target}, only for {', '.join(others)}. Add this operating system to "
            f"docker_debs_targets, run mlops.studio_local_mode.stage_docker_debs and copy {target.folder} here."
        )
    return path


def remove(path: Path, check_mode: bool) -> list[str]:
    """Remove the files of a bundle and of an interrupted download, and the folder if it is then empty.

    Return the folder if there were any. Raises PackageError when something cannot be removed.
    """
    try:
        files = [path / file for file in manifests.read(path).files]
    except PackageError:
        files = []
    files += [left for pattern in INTERRUPTED for left in path.glob(pattern)]
    if not files:
        return []
    try:
        if not check_mode:
            for file in [path / LOCK, *files]:
                file.unlink(missing_ok=True)
            if not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise PackageError(f"Cannot remove the bundle in {path}: {error.strerror}.") from error
    return [str(path)]
