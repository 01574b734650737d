# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The bundle that the action plugin copies from the controller: which one it is, what of it is missing in the app.

The module runs first and names what it needs, then the action plugin copies that and runs the module again. So an app
that needs nothing gets nothing, in one run of the module.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.staged_bundles import ITSELF

_INCOMING = ".incoming-"
_ABANDONED = 3600  # seconds after which a copy counts as abandoned


class BundleNeededError(Exception):
    """The action plugin has to copy files of a bundle; C(request) names them and their target."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__(f"The action plugin studio_docker_cli has to copy a bundle to {request['dest']} first.")
        self.request = request


def manifest_for(target: Target, copy_from: str, bundles: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest of the target's bundle. Raises PackageError if there is none.

    Args:
        target: the app's operating system.
        copy_from: the folder on the controller.
        bundles: the content of manifest.json by folder.
    """
    found = bundles.get(target.folder) or bundles.get(ITSELF)
    if found is None:
        raise PackageError(
            f"{copy_from} on the controller has no bundle for {target.folder}: manifest.json is missing there and in "
            f"{copy_from}/{target.folder}. Stage one: ansible-playbook mlops.studio_local_mode.stage_docker_debs"
        )
    return found


def take_over(dest: Path, target: Target, content: dict[str, Any], copied_to: str | None) -> None:
    """Move the files that were copied to their place, or request the copy.

    Args:
        dest: the bundle's folder in the app.
        target: the app's operating system.
        content: the manifest of the bundle on the controller.
        copied_to: the folder that the action plugin has copied the files to; None before that.

    Raises BundleNeededError for files that are still to be copied, and PackageError.
    """
    try:
        if copied_to:
            _move(Path(copied_to), dest)
            return
        missing = missing_packages(dest, content)
        if missing or not _has_manifest(dest, content):
            dest.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(dest)
            request = {
                "bundle": target.folder,
                "packages": missing,
                "dest": tempfile.mkdtemp(prefix=_INCOMING, dir=dest),
            }
            raise BundleNeededError(request)
    except OSError as error:
        raise PackageError(f"Cannot write to {error.filename or dest}: {os.strerror(error.errno or 0)}.") from error


def missing_packages(dest: Path, content: dict[str, Any]) -> list[str]:
    """Return the names of the manifest's .debs that are not in a folder, or altered there."""
    packages = manifests.parse(content, "manifest.json").packages
    return [one.file for one in packages if not _is_intact(dest / one.file, one.size, one.sha256)]


def _is_intact(file: Path, size: int, sha256: str) -> bool:
    return file.is_file() and file.stat().st_size == size and sha256_of(file) == sha256


def _has_manifest(dest: Path, content: dict[str, Any]) -> bool:
    try:
        manifest = manifests.parse(content, "manifest.json")
        intact = all(_is_intact(dest / one.file, one.size, one.sha256) for one in manifest.index_files)
        return intact and manifests.read(dest) == manifest
    except PackageError:
        return False


def _remove_abandoned(dest: Path) -> None:
    for folder in dest.glob(f"{_INCOMING}*"):
        if folder.stat().st_mtime < time.time() - _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)


def _move(source: Path, dest: Path) -> None:
    """The manifest comes last: until its packages are in place, the folder must not look like its bundle."""
    before = _listed(dest)
    for file in sorted(source.iterdir(), key=lambda one: (one.name == manifests.FILE_NAME, one.name)):
        file.replace(dest / file.name)
    shutil.rmtree(source)
    for name in before - _listed(dest):  # of another version, or of the image that the app had before
        (dest / name).unlink(missing_ok=True)


def _listed(dest: Path) -> set[str]:
    try:
        return set(manifests.read(dest).files)
    except PackageError:
        return set()
