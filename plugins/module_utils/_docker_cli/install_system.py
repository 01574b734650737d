# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Docker's packages in the app's system: by dpkg from verified files, as root, to be taken away again.

apt-get judges beforehand whether they can be installed. It does not install them, because it would hash the files once
more and take half as long again; that it waits for dpkg's lock has to be done here for that.
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
# What dpkg locks: the first while a frontend such as apt-get is at work, the second itself.
_LOCKS = (Path("/var/lib/dpkg/lock-frontend"), Path("/var/lib/dpkg/lock"))
_PROC = Path("/proc")
_LOCKED = re.compile(r"^dpkg: error: .* (?:is|was) locked by another process", re.MULTILINE)
_LOCK_POLL = 0.5  # seconds
_ERROR = re.compile(r"^(?:dpkg: (?:error|dependency problems).*\n(?: .*\n)*|(?:E|sudo|dpkg): .*)", re.MULTILINE)
# What apt says of a package before its error.
_UNMET = re.compile(r"^ +\S+ : \w+: .*", re.MULTILINE)
_FREE_SPACE = " Free some space and run again."
# What an app's system loses in a power failure it loses at every restart; not waiting for its disk saves seconds.
_INSTALL = ("dpkg", "--force-unsafe-io", "--install")
_PURGE = ("dpkg", "--purge")
_JUDGE = (
    *("apt-get", "--simulate", "--yes", "--no-install-recommends", "--no-remove", "--allow-downgrades"),
    # No source but the files: what they depend on has to be there, and none of the image's package lists is read.
    *("--option=Dir::Etc::SourceList=/dev/null", "--option=Dir::Etc::SourceParts=/dev/null"),
    "install",
)


def unfinished() -> dict[str, str]:
    """Return name -> version of the packages that we were interrupted at, however well their programs may work."""
    packages = records.read(records.SYSTEM).packages
    left = packages.keys() if _journal() else unfinished_packages(packages.keys())
    there = installed_packages(packages.keys())
    return {name: packages[name].version for name in sorted(left) if name not in there}


def _journal() -> bool:
    """Tell whether dpkg has written down what its status file does not have yet: interrupted, or at work."""
    return _JOURNAL.is_dir() and any(_JOURNAL.iterdir())


def ours(record: Record, installed: dict[str, str]) -> list[str]:
    """Return the packages that were installed by us alone and are as we left them."""
    return [name for name, one in record.packages.items() if one.before is None and installed.get(name) == one.version]


class SystemScope:
    """The packages as root's. Commands run through C(sudo -n), as studio_app_info has proven possible."""

    def __init__(self, module: AnsibleModule, lock_timeout: int) -> None:
        self._module = module
        self._lock_timeout = lock_timeout

    def install(self, files: dict[str, Path], packages: dict[str, Installed], hiding: list[str]) -> None:
        """Install the packages of the files, move what hides them out of the way, and prove it by dpkg's own state.

        Args:
            files: verified .debs, by package.
            packages: what is in them.
            hiding: programs that the user would find before the packages' own.

        Raises PackageError with what apt-get or dpkg said.
        """
        archives = [str(file) for file in files.values()]
        if archives:
            self._run([*_JUDGE, *archives])
        # First, so that whatever is interrupted can be taken away.
        self._write(records.read(records.SYSTEM).with_changes(packages, hiding))
        if archives:
            try:
                self._dpkg([*_INSTALL, *archives])
            except PackageError:
                self._roll_back(packages)
                raise
            there = installed_packages(packages.keys())
            left = [f"{name} {one.version}" for name, one in packages.items() if there.get(name) != one.version]
            if left:
                raise PackageError(
                    f"dpkg reported success, but it has not got {', '.join(left)}. Look at /var/log/dpkg.log."
                )
        for path in hiding:
            self._run(["mv", "--force", "--", path, f"{path}{REPLACED}"])

    def remove(self) -> list[str]:
        """Take away what install brought, put back what it moved, and return what this did, or in check mode would do.

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
        by_script = path.with_name(records.BY_SCRIPT)  # It has become part of what is written.
        script = f"mkdir -p {path.parent} && cat > {path}.part && mv {path}.part {path} && rm -f {by_script}"
        self._run(["sh", "-c", script], data=records.to_json(record))

    def _dpkg(self, command: list[str]) -> None:
        """Run dpkg as soon as nobody else has its lock."""
        give_up = time.monotonic() + self._lock_timeout
        waited = ""
        while True:
            code, output, errors = self._command(command)
            if code == 0:
                break
            if not _LOCKED.search(errors):
                raise PackageError(failure(command, output, errors))
            waited = f"Dpkg's lock is held by {lock_holder()}"
            if time.monotonic() >= give_up:
                raise PackageError(
                    f"{waited}. Wait until that process has ended, or longer with docker_cli_lock_timeout, and run "
                    "again."
                )
            time.sleep(_LOCK_POLL)
        if waited:
            self._module.warn(f"Waited for another installation: {waited}.")

    def _roll_back(self, packages: dict[str, Installed]) -> None:
        """Remove what was not there before; what was cannot be had back, and stays as it is."""
        there = {*installed_packages(packages.keys()), *unfinished_packages(packages.keys())}
        new = [name for name, one in packages.items() if one.before is None and name in there]
        if new:
            # What went wrong first is what the user has to know.
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
    """Return what a person needs of what a failed command printed, with the next step where it is known."""
    told = " ".join(" ".join([*_UNMET.findall(output), *_ERROR.findall(errors)] or [errors or output]).split())
    return f"{command[0]} failed: {told}{_FREE_SPACE if 'No space left' in told else ''}"


def lock_holder() -> str:
    """Return the process that has dpkg's lock, as C(process 14 (unattended-upgr)).

    From the kernel's table, because before dpkg 1.20 (focal) its error does not name the process.
    """
    with contextlib.suppress(OSError):
        inodes = {str(lock.stat().st_ino) for lock in _LOCKS if lock.exists()}
        for line in _PROC.joinpath("locks").read_text().splitlines():
            # 1: POSIX  ADVISORY  WRITE 14 08:01:131089 0 EOF; with -> before POSIX it is one that waits.
            fields = line.split()
            if fields[1] == "POSIX" and fields[5].rpartition(":")[2] in inodes:
                return f"process {fields[4]} ({_PROC.joinpath(fields[4], 'comm').read_text().strip()})"
    return "another process"
