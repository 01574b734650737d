# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Write files in a folder that others may be able to write: no symlink is followed, no foreign file is reused."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_MODE = 0o644
TEMPORARY = ".docker-debs-"  # how the names of temporary files begin


def open_own(path: Path, mode: int = _MODE) -> BinaryIO:
    """Open a file for reading and appending. Whatever this user does not own alone at the path is replaced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        if _is_own(os.fstat(descriptor)):
            return os.fdopen(descriptor, "r+b")
        os.close(descriptor)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    return os.fdopen(_create(path, mode), "w+b")


def replace(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it, so that it is never there in part."""
    temporary = path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
    try:
        with os.fdopen(_create(temporary, _MODE), "wb") as file:
            file.write(content)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def read(path: Path, limit: int) -> bytes:
    """Return the content of a regular file. Raises OSError, also for a symlink, and for a file above the limit."""
    with open_regular(path) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit} bytes", str(path))
    return content


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises OSError, also for a symlink and for what is not a file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return os.fdopen(descriptor, "rb")


def writable_by_others(*paths: Path) -> list[str]:
    """Return the files and folders that users other than root and this one may write, with owner and mode."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.stat()
            # Root works in folders of others all the time, and an EFS access point shows one owner for everybody.
            is_foreign = os.geteuid() != 0 and status.st_uid not in (0, os.geteuid())
            if status.st_mode & _OTHERS_WRITE or is_foreign:
                found.append(f"{path} (owner {status.st_uid}, mode {stat.S_IMODE(status.st_mode):04o})")
    return found


def _create(path: Path, mode: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)


def _is_own(found: os.stat_result) -> bool:
    return (
        stat.S_ISREG(found.st_mode)
        and found.st_uid == os.geteuid()
        and found.st_nlink == 1
        and not found.st_mode & _OTHERS_WRITE
    )
