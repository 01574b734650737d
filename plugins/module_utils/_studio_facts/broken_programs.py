# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Find out why a program does not run: from its file, or from its errors if the file looks right."""

from __future__ import annotations

import os
import platform
import stat
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# elf(5): e_machine, by the kernel's name of the architecture.
_MACHINES = {62: "x86_64", 183: "aarch64"}
_PT_LOAD, _PT_INTERP = 1, 3
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")


def broken_files(name: str, folders: Iterable[str]) -> dict[str, str]:
    """Return path -> reason of the files of that name which cannot be run, in the order of the folders."""
    paths = dict.fromkeys(Path(folder, name) for folder in folders)
    found = {str(path): file_problem(path) for path in paths if os.path.lexists(path)}
    return {path: problem for path, problem in found.items() if problem}


def file_problem(path: Path) -> str:
    """Return why a program's file cannot be run, empty if it looks right."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return "it is not a file"
        if not os.access(path, os.X_OK):
            return f"it is not executable (mode {stat.S_IMODE(status.st_mode):04o})"
        return _content_problem(path, status.st_size)
    except FileNotFoundError:
        return f"it is a link to {os.readlink(path)}, which does not exist"
    except OSError as error:
        return f"it cannot be read ({error.strerror})"


def _content_problem(path: Path, size: int) -> str:
    if size == 0:
        return "it is empty"
    try:
        with path.open("rb") as file:
            start = file.read(1 << 12)
    except PermissionError:  # A program may be executable and not readable.
        return ""
    if start.startswith(b"#!"):
        return _script_problem(start)
    if start.startswith(b"\x7fELF\x02\x01"):
        return _elf_problem(start, size)
    first_line = start[:40].decode(errors="replace").strip().splitlines()
    return f"it is not a program, it starts with {first_line[0] if first_line else ''!r}"


def _script_problem(start: bytes) -> str:
    interpreter = start[2:].split(b"\n", 1)[0].decode(errors="replace").split()
    if interpreter and Path(interpreter[0]).exists():
        return ""
    return f"it needs the interpreter {interpreter[0] if interpreter else '(none)'}, which does not exist"


def _elf_problem(start: bytes, size: int) -> str:
    """Return the problem that the headers of a 64-bit ELF file show; linkers write them to the first page."""
    if len(start) < _HEADER.size:
        return f"it is truncated, {size} bytes are left"
    header = _HEADER.unpack_from(start)
    machine, offset, length, count = header[2], header[5], header[9], header[10]
    if _MACHINES.get(machine, platform.machine()) != platform.machine():
        return f"it is built for {_MACHINES[machine]}"
    for index in range(count):
        place = offset + index * length
        if place + _PROGRAM_HEADER.size > len(start):
            return f"it is truncated, {size} bytes are left" if len(start) == size else ""
        kind, _flags, begin, _virtual, _physical, in_file, _memory, _align = _PROGRAM_HEADER.unpack_from(start, place)
        if kind == _PT_LOAD and begin + in_file > size:
            return f"it is truncated, {size} of at least {begin + in_file} bytes are left"
        loader = start[begin : begin + in_file].rstrip(b"\0").decode(errors="replace")
        if kind == _PT_INTERP and loader and not Path(loader).exists():
            return f"it is built for another C library: its loader {loader} does not exist"
    return ""


def find(app: Mapping[str, Any], folders: Iterable[str]) -> list[dict[str, str]]:
    """Return path and reason of the user's Docker programs that do not run.

    Args:
        app: the facts C(docker), C(compose_plugins) and C(path).
        folders: where the CLI searches for its plugins.
    """
    files = {**broken_files("docker", app["path"]), **broken_files("docker-compose", folders)}
    ran = [*(app["docker"]["all"] if app["docker"] else ()), *app["compose_plugins"]]
    failed = {one["path"]: _reason(one["error"]) for one in ran if one["error"]}
    works = {one["path"] for one in ran if not one["error"]}
    return [{"path": path, "reason": reason} for path, reason in {**failed, **files}.items() if path not in works]


def _reason(error: str) -> str:
    """Return our own words as they are, and those of a program as its own."""
    return error if error.startswith("it ") else f"it fails with '{error}'"
