# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One installation at a time in a home, also of two apps that share it, and the process that holds a lock."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_PROC = Path("/proc")
_POLL = 0.2  # seconds
_FOLDERS = 3  # .local/share/mlops.studio_local_mode


@contextlib.contextmanager
def exclusive(path: Path, timeout: float) -> Iterator[bool]:
    """Hold the lock of a file; C(True) says that another process held it first.

    It goes on without the lock where the file cannot be written, which the installation reports if it matters, or
    locked.
    Raises PackageError if another process holds it for longer than the timeout, in seconds.
    """
    deadline = time.monotonic() + timeout
    waited = False
    while True:
        file = _open(path)
        if file is None or _locked(file, path):
            break
        file.close()
        waited = True
        if time.monotonic() >= deadline:
            raise PackageError(
                f"Another installation holds {path}: {holder([path], 'FLOCK')}. Run this again when it has ended, or "
                "increase docker_cli_lock_timeout."
            )
        time.sleep(_POLL)
    try:
        yield waited
    finally:
        if file:
            _remove_unless_used(path)
            file.close()


def _open(path: Path) -> IO[bytes] | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError:
        return None


def _remove_unless_used(path: Path) -> None:
    """Remove the file and the folders above it that would be empty: an installation in the system leaves none there."""
    with contextlib.suppress(OSError):
        if [*path.parent.iterdir()] == [path]:
            path.unlink()
            for folder in [*path.parents][:_FOLDERS]:
                folder.rmdir()


def _locked(file: IO[bytes], path: Path) -> bool:
    """Tell whether the lock was taken, and the file is still the one at its path: its holder may have removed it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError:
        return True  # This file system has no locks.


def holder(paths: list[Path], kind: str) -> str:
    """Return the process that holds a lock on one of the files, as C(process 14 (unattended-upgr)).

    Args:
        paths: the files.
        kind: C(POSIX) for fcntl's locks, C(FLOCK) for flock's.

    It is read from the kernel's table, because the error of dpkg before 1.20 (focal) does not name the process.
    """
    with contextlib.suppress(OSError):
        inodes = {str(path.stat().st_ino) for path in paths if path.exists()}
        for line in _PROC.joinpath("locks").read_text(encoding="utf-8").splitlines():
            # 1: POSIX  ADVISORY  WRITE 14 08:01:131089 0 EOF; -> before POSIX marks a waiting process.
            fields = line.split()
            if fields[1] == kind and fields[5].rpartition(":")[2] in inodes:
                return f"process {fields[4]} ({_PROC.joinpath(fields[4], 'comm').read_text(encoding='utf-8').strip()})"
    return "another process"
