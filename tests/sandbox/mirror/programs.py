# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the mirror's packages: Debian's binaries in place of Docker's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import packages, stand_ins
from ..console import run
from . import contents
from .deb import File

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..packages import Archive

_CLI = "usr/bin/docker"
_COMPOSE = "usr/libexec/docker/cli-plugins/docker-compose"
_PROGRAMS = {"docker-ce-cli": _CLI, "docker-compose-plugin": _COMPOSE}
_LOADER = "ld-linux-x86-64.so.2"
_LIBRARIES = (_LOADER, "libc.so.6")

# Docker's Compose prints "v2.26.1", Debian's build of it "2.26.1-4"; the SageMaker SDK v2 looks for the "v2".
_COMPOSE_WRAPPER = r"""#!/bin/sh
# Debian's build of Compose, printing its version as Docker's own build does.
case " $* " in
    *" compose version "* | *" docker-cli-plugin-metadata "*)
        PROGRAM "$@" | sed -E \
            -e 's/^([0-9.]+)-[0-9]+$/\1/' \
            -e 's/\b([Vv]ersion"?:? ?"?)([0-9.]+)(-[0-9]+)?/\1v\2/' ;;
    *) exec PROGRAM "$@" ;;
esac
"""

# Stands for Compose 5.1.0, whose client library refuses every engine below API 1.44 (moby/client 0.2.2).
_COMPOSE_TOO_NEW = """#!/bin/sh
# A decoy of the sandbox: it prints the version of Compose 5.1.0 and, like it, cannot speak to Studio's engine.
case " $* " in
    *" docker-cli-plugin-metadata "*)
        echo '{"SchemaVersion":"0.1.0","Vendor":"Docker Inc.","Version":"v5.1.0"}' ;;
    *" version "*--short*) echo 5.1.0 ;;
    *" version "*) echo "Docker Compose version v5.1.0" ;;
    *)
        echo "API version 1.41 is not supported by this client: the minimum supported API version is 1.44" >&2
        exit 1 ;;
esac
"""


@dataclass(frozen=True)
class Program:
    """A binary of Debian's, and the version of the C library that it needs."""

    binary: bytes
    libc: str

    def needs_newer_libc(self, there: str) -> bool:
        """Tell whether it needs a newer C library than that version."""
        return _numbers(self.libc) > _numbers(there)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def fetch(package: contents.Package, archive: Archive) -> Program | None:
    """Fetch the program of a package; a decoy has None."""
    if not package.source:
        return None
    suite, name = package.source
    deb = archive.download(name, suite)
    path = _PROGRAMS[package.name]
    return Program(packages.read_files(deb, {path})[path], _libc_of(deb))


def c_library(archive: Archive) -> dict[str, bytes]:
    """Fetch the C library and its loader; returns file name -> content."""
    suite, name = contents.C_LIBRARY
    paths = {f"lib/x86_64-linux-gnu/{library}": library for library in _LIBRARIES}
    found = packages.read_files(archive.download(name, suite), paths.keys())
    return {paths[path]: content for path, content in found.items()}


def files_of(package: contents.Package, program: Program | None, libraries: Mapping[str, bytes]) -> list[File]:
    """Return a package's files. `libraries` are packed with a program that needs newer ones than the release has."""
    path = _PROGRAMS.get(package.name)
    if not program:
        return _decoy(package)
    folder = f"usr/lib/{package.name}"
    script = _script(package, folder, libraries)
    if not script:
        return [File(path, program.binary, executable=True)]
    return [
        File(path, script.encode(), executable=True),
        File(f"{folder}/program", program.binary, executable=True),
        *(File(f"{folder}/{name}", content, executable=True) for name, content in libraries.items()),
    ]


def _script(package: contents.Package, folder: str, libraries: Mapping[str, bytes]) -> str:
    """Return the script in place of the program, or an empty text if the binary itself is packed."""
    loader = f"/{folder}/{_LOADER} --library-path /{folder} " if libraries else ""
    command = f"{loader}/{folder}/program"
    if package.name == "docker-compose-plugin":
        return _COMPOSE_WRAPPER.replace("PROGRAM", command)
    if package.stand_in:
        return stand_ins.cli(package.upstream, command)
    return f'#!/bin/sh\nexec {command} "$@"\n' if libraries else ""


def _decoy(package: contents.Package) -> list[File]:
    if package.name == "docker-compose-plugin":
        return [File(_COMPOSE, _COMPOSE_TOO_NEW.encode(), executable=True)]
    if package.stand_in:
        return [File(_CLI, stand_ins.cli(package.upstream, program="false").encode(), executable=True)]
    text = f"A decoy of the sandbox: {package.name} {package.upstream} without its program.\n"
    return [File(f"usr/share/doc/{package.name}/README", text.encode())]


def _libc_of(deb: Path) -> str:
    """Return the version of the C library that Debian's package depends on."""
    depends = run(["dpkg-deb", "--field", deb, "Depends"])
    return re.search(r"\blibc6 \(>= ([0-9.]+)\)", depends).group(1)
