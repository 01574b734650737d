# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Write a bundle to its folder so that an interruption at any point does no harm.

All files are downloaded as *.part first, so that a failing network leaves the current bundle unchanged. Then superseded
files are removed, the new manifest is written, and the parts are renamed, in this order. Whenever the process ends,
each .deb under its final name is verified and listed in the manifest, and the next run does the rest.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import is_intact
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.folder import LOCK, PART
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import (
    IndexFile,
    Manifest,
    Package,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._report.progress import progress

_CONCURRENT = 4
_COUNTED = "packages"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LOCK_TIMEOUT = 600  # seconds
_LOCK_POLL = 0.1  # seconds


class FolderState(NamedTuple):
    """The current state of a folder: its manifest, None if it has no readable one, and the files that are intact."""

    manifest: Manifest | None
    intact: frozenset[Package | IndexFile]

    @property
    def packages(self) -> list[Package]:
        """The intact packages of the current bundle."""
        return [package for package in self.manifest.packages if package in self.intact] if self.manifest else []

    def missing(self, desired: Manifest) -> list[Package]:
        """Return the packages to download."""
        return [package for package in desired.packages if package not in self.intact]

    def is_bundle(self, desired: Manifest) -> bool:
        """Tell whether the folder is in the desired state."""
        return self.manifest == desired and self.intact.issuperset(desired.contents)


def inspect_folder(dest: Path, desired: Manifest) -> FolderState:
    """Return the current state of a folder, which need not exist. Each file is hashed once."""
    try:
        manifest = manifests.read(dest)
    except PackageError:
        manifest = None
    candidates = {*desired.contents, *(manifest.contents if manifest else ())}
    return FolderState(
        manifest, frozenset(one for one in candidates if is_intact(dest / one.file, one.size, one.sha256))
    )


@contextmanager
def locked(dest: Path) -> Iterator[None]:
    """Create the folder and lock it against other runs; the kernel releases the lock when the process ends.

    Raises PackageError if the folder is not writable, or stays locked.
    """
    try:
        dest.mkdir(mode=0o755, parents=True, exist_ok=True)
        # A file, not the folder: NFS (the EFS home of Studio Classic) locks only files that are open for writing.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(dest / LOCK, flags, 0o644)
    except OSError as error:
        raise _unwritable(dest, error) from error
    with os.fdopen(descriptor, "rb+", buffering=0):
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise PackageError(f"{dest / LOCK} is not a regular file. Remove it and run again.")
        _wait_for_lock(descriptor, dest)
        for left in dest.glob(f"{own_files.TEMPORARY}*"):
            with suppress(OSError):
                left.unlink()
        yield


def _wait_for_lock(descriptor: int, dest: Path) -> None:
    end = time.monotonic() + _LOCK_TIMEOUT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise PackageError(
                    f"Another run has locked {dest} for more than {_LOCK_TIMEOUT} s. End it and run again."
                ) from None
            time.sleep(_LOCK_POLL)
        except OSError:
            return  # This file system has no locks.
        else:
            return


def write(
    dest: Path,
    current: FolderState,
    desired: Manifest,
    index_files: Mapping[str, bytes],
    fetch: Callable[[Package, Path], None],
) -> None:
    """Download the missing packages and reconcile the folder with the manifest. The caller holds the lock.

    Args:
        dest: the folder.
        current: the state of the folder.
        desired: the manifest of the bundle.
        index_files: the content of the files of the index, by name.
        fetch: downloads and verifies one package to a path; raises PackageError or OSError.

    Raises PackageError. If a download fails, the current bundle stays unchanged.
    """
    missing = current.missing(desired)
    try:
        _fetch_all(dest, missing, fetch)
        _remove_superseded(dest, current, desired)
        _write_texts(dest, {**index_files, manifests.FILE_NAME: manifests.to_json(desired).encode()})
        for package in missing:
            _part(dest, package).replace(dest / package.file)
    except OSError as error:
        raise _unwritable(dest, error) from error


def _part(dest: Path, package: Package) -> Path:
    return dest / f"{package.file}{PART}"


def _fetch_all(dest: Path, missing: list[Package], fetch: Callable[[Package, Path], None]) -> None:
    progress.expect(_COUNTED, len(missing))
    with ThreadPoolExecutor(max_workers=_CONCURRENT) as pool:
        started = [pool.submit(_fetch, fetch, package, _part(dest, package)) for package in missing]
    for one in started:
        one.result()


def _fetch(fetch: Callable[[Package, Path], None], package: Package, part: Path) -> None:
    try:
        fetch(package, part)
    except OSError as error:
        if error.errno in _FULL:  # Do not leave the disk full.
            part.unlink(missing_ok=True)
        raise
    progress.done(_COUNTED)


def _remove_superseded(dest: Path, current: FolderState, desired: Manifest) -> None:
    listed = set(current.manifest.files) if current.manifest else set()
    stale = [dest / file for file in listed - set(desired.files)]
    keep = {f"{package.file}{PART}" for package in desired.packages}
    stale += [part for part in dest.glob(f"*.deb{PART}") if part.name not in keep]
    for path in stale:
        path.unlink(missing_ok=True)


def _write_texts(dest: Path, texts: Mapping[str, bytes]) -> None:
    for name, content in texts.items():
        own_files.replace(dest / name, content)


def _unwritable(dest: Path, error: OSError) -> PackageError:
    if error.errno in _FULL:
        return PackageError(
            f"{dest} has no space left: {error.strerror}. Free some space, or choose another folder, and run again."
        )
    if error.errno == errno.ELOOP:
        return PackageError(f"{error.filename or dest} is a symlink, which is not followed. Remove it and run again.")
    return PackageError(
        f"Cannot write the bundle to {dest}: {error.strerror or error}. Make it writable, or choose another folder."
    )
