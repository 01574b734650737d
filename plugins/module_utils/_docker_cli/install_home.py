# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Installs the programs of Docker's packages under the user's home, which outlives the app, without root."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import is_intact, sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.deb import Deb, extract
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.moved_aside import (
    free_name,
    replaced_by,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import files as facts
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.cli_plugins import METADATA
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import (
    PROGRAM_TIMEOUT,
    exit_error,
    start_error,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import (
    Installed,
    Program,
    Record,
)

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

_PART = ".part"


class HomeProgram(NamedTuple):
    """The program of a package: its member in the .deb, its path in the home, and the arguments for a test run."""

    member: str
    path: str
    arguments: tuple[str, ...]


HOME_PROGRAMS = {
    "docker-ce-cli": HomeProgram("./usr/bin/docker", ".local/bin/docker", ("--version",)),
    "docker-compose-plugin": HomeProgram(
        "./usr/libexec/docker/cli-plugins/docker-compose", ".docker/cli-plugins/docker-compose", (METADATA,)
    ),
}


def lock_file(home: Path) -> Path:
    """Return the file whose lock an installation in a home holds; the lifecycle script holds the same."""
    return home / records.HOME_LOCK


class HomeScope:
    """The programs of one home. The caller holds its lock."""

    def __init__(self, module: AnsibleModule, home: Path) -> None:
        self._module = module
        self._home = home
        self._record = records.in_home(home)

    def install(self, debs: dict[str, Deb], packages: dict[str, Installed], shadowing: list[str]) -> None:
        """Unpack the programs beside their final path, verify that they run, and move them there.

        Args:
            debs: verified .debs, by package.
            packages: their versions.
            shadowing: programs that the user would get instead.

        Raises PackageError before anything has changed.
        """
        parts: dict[str, Path] = {}
        try:
            for name, deb in debs.items():
                parts[name] = self._unpack(name, deb)
            self._move_into_place(packages, parts, shadowing)
        except OSError as error:
            raise PackageError(self._unwritable(error)) from error
        finally:
            for part in parts.values():
                part.unlink(missing_ok=True)

    def may_move(self, path: str) -> bool:
        """Tell whether a program is in the home, and the user may move it there."""
        return path.startswith(f"{self._home}/") and os.access(Path(path).parent, os.W_OK)

    def remove(self) -> list[str]:
        """Remove the programs that are still ours, restore those that were moved aside; return the paths of both."""
        record = records.read(self._record)
        programs = [
            Path(one.program.path)
            for name, one in record.packages.items()
            if one.program and not self._is_users_own(name, record)
        ]
        programs = [program for program in programs if program.exists() or program.is_symlink()]
        restored = [Path(path) for path in record.moved if replaced_by(path) and _is_free(Path(path), programs)]
        if not self._module.check_mode:
            try:
                for program in programs:
                    program.unlink()
                for path in restored:
                    Path(replaced_by(str(path))).rename(path)
                if self._record.parent.exists():
                    shutil.rmtree(self._record.parent)
            except OSError as error:
                raise PackageError(
                    f"Cannot remove {error.filename or self._home}: {os.strerror(error.errno or 0)}. It belongs to "
                    f"{facts.owner(Path(error.filename or self._home))}."
                ) from error
        return [str(path) for path in dict.fromkeys([*programs, *restored])]

    def _unpack(self, name: str, deb: Deb) -> Path:
        program = HOME_PROGRAMS[name]
        path = self._home / program.path
        path.parent.mkdir(parents=True, exist_ok=True)
        for abandoned in path.parent.glob(f".{path.name}.*{_PART}"):  # by an installation that was killed
            abandoned.unlink()
        number, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_PART, dir=path.parent)
        os.close(number)
        try:
            extract(deb, program.member, Path(part))
            _verify_runs(Path(part), program.arguments)
        except (OSError, PackageError):
            Path(part).unlink()
            raise
        return Path(part)

    def _move_into_place(self, packages: dict[str, Installed], parts: dict[str, Path], shadowing: list[str]) -> None:
        recorded = records.read(self._record)
        paths = {name: self._home / HOME_PROGRAMS[name].path for name in parts}
        own = [str(path) for name, path in paths.items() if path.exists() and self._is_users_own(name, recorded)]
        placed = {
            name: packages[name]._replace(program=Program(str(paths[name]), part.stat().st_size, sha256_of(part)))
            for name, part in parts.items()
        }
        self._write(recorded.with_changes(placed, [*own, *shadowing]))
        for path in [*own, *shadowing]:
            Path(path).rename(free_name(path))
        for name, part in parts.items():
            part.replace(paths[name])

    def _is_users_own(self, name: str, record: Record) -> bool:
        """Tell whether the user has put a program where ours is: it is not the recorded one, and it works."""
        installed = record.packages.get(name)
        if installed is None or installed.program is None or Path(installed.program.path).is_dir():
            return True
        if is_intact(Path(installed.program.path), installed.program.size, installed.program.sha256):
            return False
        if records.is_damaged(installed.program):
            return False
        if installed.program.path in record.moved and not replaced_by(installed.program.path):
            return True  # An installation was killed before it moved the user's own.
        try:
            return not run_error(Path(installed.program.path), HOME_PROGRAMS[name].arguments)
        except subprocess.TimeoutExpired:
            return True

    def _write(self, record: Record) -> None:
        self._record.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._record.parent, delete=False, encoding="utf-8") as written:
            written.write(records.to_json(record))
        Path(written.name).replace(self._record)
        for one in self._record.parent.glob(records.LIFECYCLE_RECORDS):
            one.unlink()  # now part of the record

    def _unwritable(self, error: OSError) -> str:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"No space is left in {self._home}: nothing was installed. Free some space and run this again."
        path = Path(error.filename or self._home)
        owner = facts.owner(path) or facts.owner(path.parent)
        belongs = f" It belongs to {owner}." if owner else ""
        return (
            f"Cannot write to {path}: {os.strerror(error.errno or 0)}.{belongs} Nothing was installed. Make it "
            "writable, or install with docker_cli_scope: system."
        )


def _is_free(path: Path, removed: list[Path]) -> bool:
    return path in removed or not path.exists()


def _verify_runs(program: Path, arguments: tuple[str, ...]) -> None:
    try:
        problem = run_error(program, arguments)
    except subprocess.TimeoutExpired as error:
        raise PackageError(
            f"{program} gave no output within {PROGRAM_TIMEOUT} s: the app is too busy (see top there). Nothing was "
            "installed: run this again later."
        ) from error
    if problem:
        raise PackageError(
            f"{program} does not run in this app: {problem}. Nothing was installed. Its file system may be mounted "
            "noexec, or the bundle may be for another operating system."
        )


def run_error(program: Path, arguments: tuple[str, ...]) -> str:
    """Return why a program does not run; empty if it does. Raises TimeoutExpired."""
    try:
        # run_command has no time limit.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            [program, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROGRAM_TIMEOUT,
            check=False,
        )
    except OSError as error:
        return start_error(str(program), error)
    return exit_error(done.returncode, done.stderr) if done.returncode else ""
