# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read the control fields inside a .deb, deb(5): an ar archive whose second member is a tar archive."""

from __future__ import annotations

import io
import lzma
import shutil
import subprocess
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.deb822 import stanzas
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_MAGIC = b"!<arch>\n"
_HEADER = 60  # bytes before each member
_LIMIT = 8 << 20  # bytes of the control archive and of the control file
_READABLE = ("", ".gz", ".xz", ".bz2")  # what tarfile decompresses; dpkg-deb reads the others, such as .zst
_MALFORMED = (ValueError, EOFError, tarfile.TarError, lzma.LZMAError, zlib.error)


def control_fields(path: Path) -> dict[str, str]:
    """Return the control fields of a .deb. Raises PackageError if it is not one, OSError if it cannot be read."""
    with own_files.open_regular(path) as file:
        try:
            name, content = _control_archive(file)
            if name[len("control.tar") :] in _READABLE:
                return _first_stanza(_control_file(content))
        except _MALFORMED as error:
            raise PackageError(f"{path.name} is not a Debian package: {error}.") from error
    return _first_stanza(_ask_dpkg(path, name))


def _control_archive(file: BinaryIO) -> tuple[str, bytes]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError("it is not an ar archive")
    while True:
        header = file.read(_HEADER)
        if len(header) < _HEADER:
            raise ValueError("it has no control.tar")
        name, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), int(header[48:58])
        if size < 0:
            raise ValueError("a member has a negative size")
        if name.startswith("control.tar"):
            if size > _LIMIT:
                raise ValueError("its control.tar is too large")
            content = file.read(size)
            if len(content) < size:
                raise ValueError("it is truncated")
            return name, content
        file.seek(size + size % 2, io.SEEK_CUR)


def _control_file(archive: bytes) -> str:
    try:
        return _read_control_file(archive)
    except AttributeError as error:
        # Where data is damaged, tarfile of Python 3.11.2 (Debian 12) looks for an attribute that it does not have.
        raise ValueError("its control.tar is damaged") from error


def _read_control_file(archive: bytes) -> str:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r|*") as members:
        for member in members:
            if member.name in ("./control", "control"):
                content = members.extractfile(member)
                if content and member.size <= _LIMIT:
                    return content.read().decode("utf-8")
    raise ValueError("its control.tar has no file control")


def _ask_dpkg(path: Path, member: str) -> str:
    dpkg = shutil.which("dpkg-deb")
    if dpkg is None:
        raise PackageError(f"Cannot read {member} in {path.name} without dpkg-deb. Run this on Debian or Ubuntu.")
    # There is no module here, so no run_command.
    done = subprocess.run([dpkg, "--field", str(path)], capture_output=True, check=False)  # pylint: disable=ansible-bad-function
    if done.returncode:
        raise PackageError(f"{path.name} is not a Debian package: {done.stderr.decode(errors='replace').strip()}.")
    return done.stdout.decode(errors="replace")


def _first_stanza(text: str) -> dict[str, str]:
    return next(stanzas(text), {})
