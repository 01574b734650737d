# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A package's file, and how one file is extracted from it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import IO, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_BLOCK = 1 << 20


class Deb(NamedTuple):
    """A package's file, and the checksum that was verified."""

    path: Path
    sha256: str


def extract(deb: Deb, member: str, target: Path) -> None:
    """Write one file of a .deb. dpkg-deb supports every compression of its system's packages.

    Raises PackageError if the file has no such member, or was replaced since it was verified.
    """
    with deb.path.open("rb") as file:
        if _sha256(file) != deb.sha256:
            raise PackageError(f"{deb.path} has changed since it was verified. Find out who writes to its folder.")
        # The file that was just read, whatever its path leads to by now.
        command = ["dpkg-deb", "--fsys-tarfile", f"/proc/self/fd/{file.fileno()}"]
        # run_command would keep the whole package in memory.
        try:
            unpacking = subprocess.Popen(  # pylint: disable=ansible-bad-function
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=[file.fileno()]
            )
        except FileNotFoundError as error:
            raise PackageError(
                "This app has no dpkg-deb, which unpacks Docker's packages: its image is not Debian's or Ubuntu's. "
                "Nothing was installed. Use an image with dpkg, or with docker and Compose in it."
            ) from error
        with unpacking:
            try:
                _write_member(deb.path, unpacking.stdout, member, target)
            except tarfile.TarError as error:
                raise PackageError(f"Cannot unpack {deb.path}: {error}.") from error
            finally:
                unpacking.kill()
    target.chmod(0o755)


def _write_member(deb: Path, stream: IO[bytes] | None, member: str, target: Path) -> None:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        content = next((archive.extractfile(one) for one in archive if one.name == member), None)
        if content is None:
            raise PackageError(f"{deb} has no {member[1:]}: it is not Docker's package.")
        with target.open("wb") as file:
            shutil.copyfileobj(content, file, _BLOCK)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(_BLOCK), b""):
        digest.update(block)
    file.seek(0, os.SEEK_SET)
    return digest.hexdigest()
