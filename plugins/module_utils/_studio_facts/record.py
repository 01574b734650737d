# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the collection has installed in an app, written down so that just that can be taken away again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
# Root's packages go with the app, and so does their record; what is in the home outlives the app together with its own.
SYSTEM = Path("/var/lib/mlops.studio_local_mode/docker_cli.json")
_IN_HOME = ".local/share/mlops.studio_local_mode/docker_cli.json"
# The script of a lifecycle configuration cannot read JSON, so that it writes a record of its own for each package.
BY_SCRIPT = "lifecycle_config-*.json"


class Program(NamedTuple):
    """A program that was put under the user's home; the size is in bytes."""

    path: str
    size: int
    sha256: str


class Installed(NamedTuple):
    """A package as it was installed; C(before) is the version it replaced, None where there was none."""

    version: str
    before: str | None = None
    program: Program | None = None


class Record(NamedTuple):
    """By package what was installed, and the programs that were moved out of the way (to .replaced)."""

    packages: dict[str, Installed]
    moved: tuple[str, ...] = ()

    def with_changes(self, packages: dict[str, Installed], moved: list[str]) -> Record:
        """Return the record after another installation.

        What the user had before the first one is what stays known: a package that we replaced by a newer one was never
        the user's.
        """
        known = {
            name: installed._replace(before=self.packages[name].before)
            if name in self.packages and self.packages[name].version == installed.before
            else installed
            for name, installed in packages.items()
        }
        return Record({**self.packages, **known}, tuple(dict.fromkeys([*self.moved, *moved])))


def in_home(home: Path) -> Path:
    """Return where the record of what is in a home is."""
    return home / _IN_HOME


def read(path: Path) -> Record:
    """Return a record, and what a script has recorded beside it later; an empty one where nothing can be read."""
    found = [_read(one) for one in (path, *sorted(path.parent.glob(BY_SCRIPT)))]
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
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Record({})


def _installed(entry: dict[str, Any]) -> Installed:
    program = entry["program"]
    return Installed(entry["version"], entry["before"], Program(**program) if program else None)


def to_json(record: Record) -> str:
    """Return a record as it is written."""
    packages = {
        name: {**installed._asdict(), "program": installed.program._asdict() if installed.program else None}
        for name, installed in sorted(record.packages.items())
    }
    return json.dumps({"format": FORMAT, "packages": packages, "moved": list(record.moved)}, indent=2) + "\n"


def home_packages(home: Path) -> dict[str, str]:
    """Return name -> version of the packages whose program was put under a home and still is there, by its size."""
    return {
        name: installed.version
        for name, installed in read(in_home(home)).packages.items()
        if installed.program and _size(Path(installed.program.path)) == installed.program.size
    }


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
