# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The record of what the collection has installed in an app, so that exactly that can be removed."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import is_intact
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

FORMAT = 1
# The record of the packages lives in the system, as the packages do. The home outlives the app, and so does its record.
SYSTEM = Path("/var/lib/mlops.studio_local_mode/docker_cli.json")
_IN_HOME = ".local/share/mlops.studio_local_mode/docker_cli.json"
# Held during an installation in the home, which several apps may share.
HOME_LOCK = ".local/share/mlops.studio_local_mode/.lock"
# The lifecycle script cannot edit JSON, so that it writes one record for each package.
LIFECYCLE_RECORDS = "lifecycle_config-*.json"


class Program(NamedTuple):
    """A program that was installed under the user's home; the size is in bytes."""

    path: str
    size: int
    sha256: str


class Installed(NamedTuple):
    """An installed package; C(before) is the version that it replaced, None if it replaced none."""

    version: str
    before: str | None = None
    program: Program | None = None


class Record(NamedTuple):
    """The installed packages by name, and the programs that were moved aside (to .replaced)."""

    packages: dict[str, Installed]
    moved: tuple[str, ...] = ()

    def with_changes(self, packages: dict[str, Installed], moved: list[str]) -> Record:
        """Return the record after another installation.

        C(before) keeps the version that the user had before the first installation: a version that this collection
        installed and then replaced was never the user's.
        """
        known = {
            name: installed._replace(before=self.packages[name].before)
            if name in self.packages and self.packages[name].version == installed.before
            else installed
            for name, installed in packages.items()
        }
        return Record({**self.packages, **known}, tuple(dict.fromkeys([*self.moved, *moved])))


def in_home(home: Path) -> Path:
    """Return the path of the record of a home."""
    return home / _IN_HOME


def read(path: Path) -> Record:
    """Return a record together with the records of the lifecycle script; an empty one if there is no file.

    Raises PackageError for a file that is not readable or not a record: what it names could not be removed.
    """
    found = [_read(one) for one in (path, *sorted(path.parent.glob(LIFECYCLE_RECORDS)))]
    return Record(
        {name: one for record in found for name, one in record.packages.items()},
        tuple(dict.fromkeys(moved for record in found for moved in record.moved)),
    )


def _read(path: Path) -> Record:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Record(
            {name: _installed(entry) for name, entry in content["packages"].items()},
            tuple(content["moved"]),
        )
    except FileNotFoundError:
        return Record({})
    except OSError as error:
        raise PackageError(
            f"Cannot read {path}: {os.strerror(error.errno or 0)}. Make it readable: sudo chmod a+r {path}"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackageError(
            f"{path} is not a record of the installed packages, so that they cannot be removed. Remove them yourself, "
            f"and then the file: sudo rm {path}"
        ) from error


def _installed(entry: dict[str, Any]) -> Installed:
    program = entry["program"]
    return Installed(entry["version"], entry["before"], Program(**program) if program else None)


def to_json(record: Record) -> str:
    """Return the text of a record."""
    packages = {
        name: {**installed._asdict(), "program": installed.program._asdict() if installed.program else None}
        for name, installed in sorted(record.packages.items())
    }
    return json.dumps({"format": FORMAT, "packages": packages, "moved": list(record.moved)}, indent=2) + "\n"


class CheckedHome:
    """The programs in a home, checked by their checksums in a thread of their own while other facts are gathered."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._intact: dict[str, str] = {}
        self._damaged: frozenset[str] = frozenset()
        self._thread = threading.Thread(target=self._check)
        self._thread.start()

    def _check(self) -> None:
        try:
            recorded = read(in_home(self._home)).packages
        except PackageError:
            return
        programs = {name: one.program for name, one in recorded.items() if one.program}
        self._intact = {name: recorded[name].version for name, program in programs.items() if is_runnable(program)}
        others = [program for name, program in programs.items() if name not in self._intact]
        self._damaged = frozenset(program.path for program in others if is_damaged(program))

    def packages(self) -> dict[str, str]:
        """Return name -> version of the packages whose program in the home is executable and has its checksum."""
        self._thread.join()
        return self._intact

    def damaged(self) -> frozenset[str]:
        """Return the paths of the damaged programs."""
        self._thread.join()
        return self._damaged


def is_runnable(program: Program) -> bool:
    """Tell whether a program is executable and unchanged."""
    try:
        return os.access(program.path, os.X_OK) and is_intact(Path(program.path), program.size, program.sha256)
    except OSError:
        return False


def is_damaged(program: Program) -> bool:
    """Tell whether a program has its size and not its checksum: a user's own in its place has another size."""
    path = Path(program.path)
    try:
        return path.stat().st_size == program.size and not is_intact(path, program.size, program.sha256)
    except OSError:
        return False
