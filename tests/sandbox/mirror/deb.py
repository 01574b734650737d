# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a .deb (deb(5)): an ar archive of a format version, the control fields and the files.

dpkg-deb would compress the same program again for every release; this module packs its data member once. Members are
packed with gzip, or with xz as Docker's are (docker-ce-packaging, deb/common/rules), which takes dpkg three times as
long.
"""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class File:
    """A file of a package; the path is relative to the root."""

    path: str
    content: bytes
    executable: bool = False


# The compression of a member, with the fastest settings.
PACKINGS = {"gz": {"compresslevel": 1}, "xz": {"preset": 0}}


def data_member(files: Iterable[File], packing: str) -> bytes:
    """Return the data archive with those files and the folders above them, compressed by one of PACKINGS."""
    return _tar(_with_parents(files), packing)


def write(path: Path, fields: Mapping[str, str], data: bytes, packing: str) -> None:
    """Write the package with those control fields and a data member that data_member() made with the same packing."""
    control = "".join(f"{key}: {value}\n" for key, value in fields.items())
    members = (
        ("debian-binary", b"2.0\n"),
        (f"control.tar.{packing}", _tar([_entry("./control", control.encode(), 0o644)], packing)),
        (f"data.tar.{packing}", data),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as deb:
        deb.write(b"!<arch>\n")
        for name, content in members:
            deb.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode())
            deb.write(content + b"\n" * (len(content) % 2))


_Entry = tuple[tarfile.TarInfo, bytes]


def _with_parents(files: Iterable[File]) -> list[_Entry]:
    entries: dict[str, _Entry] = {}
    for file in files:
        parts = file.path.split("/")
        for depth in range(len(parts)):
            folder = "/".join([".", *parts[:depth]])
            entries.setdefault(folder, _entry(f"{folder}/", b"", 0o755, tarfile.DIRTYPE))
        entries[file.path] = _entry(f"./{file.path}", file.content, 0o755 if file.executable else 0o644)
    return list(entries.values())


def _entry(name: str, content: bytes, mode: int, kind: bytes = tarfile.REGTYPE) -> _Entry:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.type = len(content), mode, kind
    info.uname = info.gname = "root"
    return info, content


def _tar(entries: Iterable[_Entry], packing: str) -> bytes:
    buffer = io.BytesIO()
    mode, options = f"w:{packing}", PACKINGS[packing]
    with tarfile.open(fileobj=buffer, mode=mode, format=tarfile.GNU_FORMAT, **options) as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
