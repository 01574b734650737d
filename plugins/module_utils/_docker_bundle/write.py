# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Bringing a folder to the state of a manifest, such that being killed at any point leaves nothing wrong behind.

All files are fetched as *.part first, so that a failing network leaves the former bundle whole. Then, in this order,
superseded files go, the new manifest is written, the parts get their final names. Whatever was done when the process
ended, each .deb under its final name is proven, each .deb this module made is listed in the manifest, and the next run
does the rest.
"""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import is_intact
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest, Package

_CONCURRENT = 4
_PART = ".part"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class State(NamedTuple):
    """What a folder is: its manifest, None without a readable one, and the packages proven to be there."""

    manifest: Manifest | None
    intact: frozenset[Package]

    @property
    def packages(self) -> list[Package]:
        """The packages of the bundle that is there; a missing or damaged one is not among them."""
        return [package for package in self.manifest.packages if package in self.intact] if self.manifest else []

    def missing(self, wanted: Manifest) -> list[Package]:
        """Return what has to be fetched."""
        return [package for package in wanted.packages if package not in self.intact]

    def is_bundle(self, wanted: Manifest) -> bool:
        """Tell whether nothing has to be done."""
        return self.manifest == wanted and not self.missing(wanted)


def state_of(dest: Path, wanted: Manifest) -> State:
    """Return what a folder is; it need not exist. Files are read and hashed once."""
    try:
        manifest = manifests.read(dest)
    except PackageError:
        manifest = None
    candidates = {*wanted.packages, *(manifest.packages if manifest else ())}
    return State(manifest, frozenset(one for one in candidates if is_intact(dest / one.file, one.size, one.sha256)))


@contextmanager
def locked(dest: Path) -> Iterator[None]:
    """Make the folder, and keep other runs of this module out of it; the kernel frees the lock when a process dies.

    Raises PackageError when the folder cannot be written.
    """
    try:
        dest.mkdir(parents=True, exist_ok=True)
        # A file, not the folder itself: NFS (Studio Classic's EFS) locks only what is open for writing.
        lock = (dest / ".lock").open("w")
    except OSError as error:
        raise _unwritable(dest, error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(dest: Path, state: State, wanted: Manifest, fetch: Callable[[Package, Path], None]) -> None:
    """Fetch what is missing and make the folder the bundle of the manifest. The caller holds the lock.

    Args:
        dest: the folder.
        state: what the folder is now.
        wanted: what it shall be.
        fetch: brings one package, proven, to a path; raises PackageError or OSError.

    Raises PackageError; while fetching fails, the former bundle stays whole.
    """
    missing = state.missing(wanted)
    try:
        _fetch_all(dest, missing, fetch)
        _remove_superseded(dest, state, wanted)
        _replace_text(dest / manifests.FILE_NAME, manifests.to_json(wanted))
        for package in missing:
            _part(dest, package).replace(dest / package.file)
    except OSError as error:
        raise _unwritable(dest, error) from error


def _part(dest: Path, package: Package) -> Path:
    return dest / f"{package.file}{_PART}"


def _fetch_all(dest: Path, missing: list[Package], fetch: Callable[[Package, Path], None]) -> None:
    with ThreadPoolExecutor(max_workers=_CONCURRENT) as pool:
        started = [pool.submit(_fetch, fetch, package, _part(dest, package)) for package in missing]
    for one in started:
        one.result()


def _fetch(fetch: Callable[[Package, Path], None], package: Package, part: Path) -> None:
    try:
        fetch(package, part)
    except OSError as error:
        if error.errno in _FULL:  # What cannot be completed shall not keep the disk full.
            part.unlink(missing_ok=True)
        raise


def _remove_superseded(dest: Path, state: State, wanted: Manifest) -> None:
    keep = {package.file for package in wanted.packages}
    listed = {package.file for package in state.manifest.packages} if state.manifest else set()
    stale = [dest / file for file in listed - keep]
    stale += [part for part in dest.glob(f"*.deb{_PART}") if part.name[: -len(_PART)] not in keep]
    for path in stale:
        path.unlink(missing_ok=True)


def _replace_text(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}{_PART}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _unwritable(dest: Path, error: OSError) -> PackageError:
    if error.errno in _FULL:
        return PackageError(
            f"No space is left in {dest}: {error.strerror}. Free some, or choose another dest, and run again."
        )
    return PackageError(
        f"Cannot write the bundle to {dest}: {error.strerror or error}. Choose a dest that you may write to."
    )
