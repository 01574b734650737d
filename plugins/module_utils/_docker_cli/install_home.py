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
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.install_system import REPLACED
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.programs import PROGRAM_TIMEOUT
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed, Program

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
    # docker/cli, cli-plugins/manager: the CLI runs a plugin with this argument before it uses it.
    "docker-compose-plugin": HomeProgram(
        "./usr/libexec/docker/cli-plugins/docker-compose",
        ".docker/cli-plugins/docker-compose",
        ("docker-cli-plugin-metadata",),
    ),
}


class HomeScope:
    """The programs of one home."""

    def __init__(self, module: AnsibleModule, home: Path) -> None:
        self._module = module
        self._home = home

    def install(self, files: dict[str, Path], packages: dict[str, Installed], _shadowing: list[str]) -> None:
        """Unpack the programs beside their final path, verify that they run, and move them there.

        Args:
            files: verified .debs, by package.
            packages: their versions.
            _shadowing: not used: no program outside of the home is moved.

        Raises PackageError before anything has changed.
        """
        parts: dict[str, Path] = {}
        try:
            for name, file in files.items():
                parts[name] = self._unpack(name, file)
            self._move_into_place(packages, parts)
        except OSError as error:
            raise PackageError(_unwritable(self._home, error)) from error
        finally:
            for part in parts.values():
                part.unlink(missing_ok=True)

    def remove(self) -> list[str]:
        """Remove the programs that nobody has changed since, restore those they replaced; return the removed paths."""
        path = records.in_home(self._home)
        record = records.read(path)
        intact = [one.program for one in record.packages.values() if one.program and _is_intact(one.program)]
        programs = [Path(program.path) for program in intact]
        if not self._module.check_mode:
            try:
                self._remove(programs, record.moved)
                if path.parent.exists():
                    shutil.rmtree(path.parent)
            except OSError as error:
                raise PackageError(_unwritable(self._home, error)) from error
        return [str(program) for program in programs]

    def _remove(self, programs: list[Path], moved: tuple[str, ...]) -> None:
        for program in programs:
            program.unlink()
            former = Path(f"{program}{REPLACED}")
            if str(program) in moved and former.exists():
                former.rename(program)

    def _unpack(self, name: str, file: Path) -> Path:
        program = HOME_PROGRAMS[name]
        path = self._home / program.path
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}{_PART}")
        try:
            _extract(file, program.member, part)
            _verify_runs(part, program.arguments)
        except (OSError, PackageError):
            part.unlink(missing_ok=True)
            raise
        return part

    def _move_into_place(self, packages: dict[str, Installed], parts: dict[str, Path]) -> None:
        path = records.in_home(self._home)
        recorded = records.read(path)
        paths = {name: self._home / HOME_PROGRAMS[name].path for name in parts}
        others = [str(paths[name]) for name in parts if paths[name].exists() and name not in recorded.packages]
        placed = {
            name: packages[name]._replace(program=Program(str(paths[name]), part.stat().st_size, sha256_of(part)))
            for name, part in parts.items()
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f"{path.name}{_PART}")
        record = recorded.with_changes(placed, others)
        written.write_text(records.to_json(record), encoding="utf-8")
        written.replace(path)
        for one in path.parent.glob(records.LIFECYCLE_RECORDS):
            one.unlink()  # now part of the record
        for name, part in parts.items():
            former = Path(f"{paths[name]}{REPLACED}")
            if str(paths[name]) in record.moved and paths[name].exists() and not former.exists():
                paths[name].rename(former)
            part.replace(paths[name])


def _extract(deb: Path, member: str, part: Path) -> None:
    """Write one file of a .deb. dpkg-deb supports every compression of its system's packages."""
    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as unpacking:
        try:
            with tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive:
                content = next((archive.extractfile(one) for one in archive if one.name == member), None)
                if content is None:
                    raise PackageError(f"{deb} has no {member[1:]}: it is not Docker's package.")
                with part.open("wb") as target:
                    shutil.copyfileobj(content, target, 1 << 20)
        except tarfile.TarError as error:
            raise PackageError(f"Cannot unpack {deb}: {error}.") from error
        finally:
            unpacking.kill()
    part.chmod(0o755)


def _verify_runs(program: Path, arguments: tuple[str, ...]) -> None:
    try:
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True, timeout=PROGRAM_TIMEOUT, check=False
        )
        problem = done.stderr.strip() if done.returncode else ""
    except subprocess.TimeoutExpired as error:
        raise PackageError(
            f"{program} gave no output within {PROGRAM_TIMEOUT} s: the app is too busy (see top there). Nothing was "
            "installed: run this again later."
        ) from error
    except OSError as error:
        problem = str(error)
    if problem:
        raise PackageError(
            f"{program} does not run in this app: {problem}. Nothing was installed. Its file system may be mounted "
            "noexec, or the bundle may be for another operating system."
        )


def _is_intact(program: Program) -> bool:
    path = Path(program.path)
    return path.is_file() and path.stat().st_size == program.size and sha256_of(path) == program.sha256


def _unwritable(home: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"No space is left in {home}: nothing was installed. Free some space and run this again."
    return (
        f"Cannot write to {error.filename or home}: {os.strerror(error.errno or 0)}. Nothing was installed. Make it "
        "writable, or install with docker_cli_scope: system."
    )
