# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Installs Docker's packages in the app's system as root, by dpkg from verified files, and removes them again.

apt-get only simulates the installation. To install it would hash the files once more and take half as long again.
Instead dpkg installs, and this code waits for dpkg's lock.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.packages import (
    installed_packages,
    unfinished_packages,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed, Record

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

REPLACED = ".replaced"
_JOURNAL = Path("/var/lib/dpkg/updates")
# dpkg's lock files: the first is held by frontends such as apt-get, the second by dpkg itself.
_LOCKS = (Path("/var/lib/dpkg/lock-frontend"), Path("/var/lib/dpkg/lock"))
_PROC = Path("/proc")
_LOCKED = re.compile(r"^dpkg: error: .* (?:is|was) locked by another process", re.MULTILINE)
_LOCK_POLL = 0.5  # seconds
_ERROR = re.compile(r"^(?:dpkg: (?:error|dependency problems).*\n(?: .*\n)*|(?:E|sudo|dpkg): .*)", re.MULTILINE)
# apt prints these lines before its error.
_UNMET = re.compile(r"^ +\S+ : \w+: .*", re.MULTILINE)
_FREE_SPACE = " Free some space and run this again."
# The app's system is lost at every restart anyway, so that waiting for the disk (seconds) protects nothing.
_INSTALL = ("dpkg", "--force-unsafe-io", "--install")
_PURGE = ("dpkg", "--purge")
_SIMULATE = (
    *("apt-get", "--simulate", "--yes", "--no-install-recommends", "--no-remove", "--allow-downgrades"),
    # No source but the files: their dependencies must be installed, and no package list of the image is read.
    *("--option=Dir::Etc::SourceList=/dev/null", "--option=Dir::Etc::SourceParts=/dev/null"),
    "install",
)


def unfinished() -> dict[str, str]:
    """Return name -> version of our packages whose installation was interrupted, even if their programs work."""
    packages = records.read(records.SYSTEM).packages
    begun = packages.keys() if _journal() else unfinished_packages(packages.keys())
    installed = installed_packages(packages.keys())
    return {name: packages[name].version for name in sorted(begun) if name not in installed}


def _journal() -> bool:
    """Tell whether dpkg has updates that its status file lacks: it is running, or was interrupted."""
    return _JOURNAL.is_dir() and any(_JOURNAL.iterdir())


def ours(record: Record, installed: dict[str, str]) -> list[str]:
    """Return the packages that only this collection has installed, in the recorded version."""
    return [name for name, one in record.packages.items() if one.before is None and installed.get(name) == one.version]


class SystemScope:
    """The packages of the system. Commands run through C(sudo -n), which studio_app_info has tried."""

    def __init__(self, module: AnsibleModule, lock_timeout: int) -> None:
        self._module = module
        self._lock_timeout = lock_timeout

    def install(self, files: dict[str, Path], packages: dict[str, Installed], shadowing: list[str]) -> None:
        """Install the packages, move aside the programs that shadow them, and verify the result in dpkg's database.

        Args:
            files: verified .debs, by package.
            packages: their versions.
            shadowing: programs that the user would get instead of the packages' own.

        Raises PackageError with the message of apt-get or dpkg.
        """
        archives = [str(file) for file in files.values()]
        if archives:
            self._run([*_SIMULATE, *archives])
        # Written first, so that an interrupted installation can be removed.
        self._write(records.read(records.SYSTEM).with_changes(packages, shadowing))
        if archives:
            try:
                self._dpkg([*_INSTALL, *archives])
            except PackageError:
                self._roll_back(packages)
                raise
            present = installed_packages(packages.keys())
            missing = [f"{name} {one.version}" for name, one in packages.items() if present.get(name) != one.version]
            if missing:
                raise PackageError(
                    f"dpkg reported success, but {', '.join(missing)} is not installed. See /var/log/dpkg.log."
                )
        for path in shadowing:
            self._run(["mv", "--force", "--", path, f"{path}{REPLACED}"])

    def remove(self) -> list[str]:
        """Remove the packages that install installed, restore the programs that it moved, and return both.

        Raises PackageError.
        """
        record = records.read(records.SYSTEM)
        names = ours(record, installed_packages(record.packages.keys()))
        moved = [path for path in record.moved if Path(f"{path}{REPLACED}").exists() and not Path(path).exists()]
        if not self._module.check_mode:
            if names:
                self._dpkg([*_PURGE, *names])
            for path in moved:
                self._run(["mv", "--no-clobber", "--", f"{path}{REPLACED}", path])
            if records.SYSTEM.parent.exists():
                self._run(["rm", "--recursive", "--", str(records.SYSTEM.parent)])
        return [*names, *moved]

    def _write(self, record: Record) -> None:
        path = records.SYSTEM
        others = path.with_name(records.LIFECYCLE_RECORDS)  # now part of the record
        script = f"mkdir -p {path.parent} && cat > {path}.part && mv {path}.part {path} && rm -f {others}"
        self._run(["sh", "-c", script], data=records.to_json(record))

    def _dpkg(self, command: list[str]) -> None:
        """Run dpkg as soon as no other process holds its lock."""
        deadline = time.monotonic() + self._lock_timeout
        waited = ""
        while True:
            code, output, errors = self._command(command)
            if code == 0:
                break
            if not _LOCKED.search(errors):
                raise PackageError(failure(command, output, errors))
            waited = f"dpkg's lock is held by {lock_holder()}"
            if time.monotonic() >= deadline:
                raise PackageError(
                    f"{waited}. Run this again when that process has ended, or increase docker_cli_lock_timeout."
                )
            time.sleep(_LOCK_POLL)
        if waited:
            self._module.warn(f"Waited for another installation: {waited}.")

    def _roll_back(self, packages: dict[str, Installed]) -> None:
        """Remove the packages that were not installed before. An earlier version cannot be restored and stays."""
        begun = {*installed_packages(packages.keys()), *unfinished_packages(packages.keys())}
        new = [name for name, one in packages.items() if one.before is None and name in begun]
        if new:
            # The user needs the first error.
            with contextlib.suppress(PackageError):
                self._dpkg([*_PURGE, "--force-remove-reinstreq", *new])

    def _run(self, command: list[str], data: str | None = None) -> None:
        code, output, errors = self._command(command, data)
        if code != 0:
            raise PackageError(failure(command, output, errors))

    def _command(self, command: list[str], data: str | None = None) -> tuple[int, str, str]:
        sudo = ["sudo", "-n"] if os.getuid() != 0 else []
        environment = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
        return self._module.run_command([*sudo, *environment, *command], data=data)


def failure(command: list[str], output: str, errors: str) -> str:
    """Return the relevant lines of a failed command's output, with the next step if it is known."""
    text = " ".join(" ".join([*_UNMET.findall(output), *_ERROR.findall(errors)] or [errors or output]).split())
    return f"{command[0]} failed: {text}{_FREE_SPACE if 'No space left' in text else ''}"


def lock_holder() -> str:
    """Return the process that holds dpkg's lock, as C(process 14 (unattended-upgr)).

    It is read from the kernel's table, because the error of dpkg before 1.20 (focal) does not name the process.
    """
    with contextlib.suppress(OSError):
        inodes = {str(lock.stat().st_ino) for lock in _LOCKS if lock.exists()}
        for line in _PROC.joinpath("locks").read_text().splitlines():
            # 1: POSIX  ADVISORY  WRITE 14 08:01:131089 0 EOF; -> before POSIX marks a waiting process.
            fields = line.split()
            if fields[1] == "POSIX" and fields[5].rpartition(":")[2] in inodes:
                return f"process {fields[4]} ({_PROC.joinpath(fields[4], 'comm').read_text().strip()})"
    return "another process"
