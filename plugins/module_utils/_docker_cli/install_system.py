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
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli import lock, root_commands
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.deb import Deb
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.failed_command import failure
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_cli.moved_aside import (
    free_name,
    replaced_by,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.packages import (
    installed_packages,
    unfinished_packages,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio_facts.record import Installed, Record

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# The lifecycle script links the docker of the home where PATH does not find it.
LINK = Path("/usr/local/bin/docker")
# Where dpkg finds the programs that it needs; the PATH of an image whose user is root may lack them.
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
_JOURNAL = Path("/var/lib/dpkg/updates")
# dpkg's lock files: the first is held by frontends such as apt-get, the second by dpkg itself.
_LOCKS = [Path("/var/lib/dpkg/lock-frontend"), Path("/var/lib/dpkg/lock")]
_LOCKED = re.compile(r"^dpkg: error: .* (?:is|was) locked by another process", re.MULTILINE)
_LOCK_POLL = 0.5  # seconds
# The app's system is lost at every restart anyway, so that waiting for the disk (seconds) protects nothing.
_INSTALL = ("dpkg", "--force-unsafe-io", "--install")
_PURGE = ("dpkg", "--purge", "--force-remove-reinstreq")
_SIMULATE = (
    *("apt-get", "--simulate", "--yes", "--no-install-recommends", "--no-remove", "--allow-downgrades"),
    # No source but the files: their dependencies must be installed, and no package list of the image is read.
    *("--option=Dir::Etc::SourceList=/dev/null", "--option=Dir::Etc::SourceParts=/dev/null"),
    # A release that none of these sources has would be an error; "now" are the installed packages. An older apt may
    # take the next argument for an empty value.
    "--option=APT::Default-Release=now",
    "install",
)


class SystemScope:
    """The packages of the system. Commands run through C(sudo -n), which studio_app_info has tried."""

    def __init__(self, module: AnsibleModule, lock_timeout: int) -> None:
        self._module = module
        self._lock_timeout = lock_timeout

    def unfinished(self) -> dict[str, str]:
        """Return name -> version of our packages whose installation was interrupted, even if their programs work."""
        packages = self._record().packages
        begun = packages.keys() if _journal() else unfinished_packages(packages.keys())
        installed = installed_packages(packages.keys())
        return {name: packages[name].version for name in sorted(begun) if name not in installed}

    def install(self, debs: dict[str, Deb], packages: dict[str, Installed], shadowing: list[str]) -> None:
        """Install the packages, move aside the programs that shadow them, and verify the result in dpkg's database.

        Args:
            debs: verified .debs, by package.
            packages: their versions.
            shadowing: programs that the user would get instead of the packages' own.

        Raises PackageError with the message of apt-get or dpkg.
        """
        with self._judged(debs) as judgement, self._copies(debs) as archives:
            judgement()
            # Written first, so that an interrupted installation can be removed.
            record = self._record().with_changes(packages, shadowing)
            if archives:
                self._install(archives, packages, record)
            else:
                self._run(_written(record), data=records.to_json(record))
        for path in shadowing:
            self._run(["mv", "--no-clobber", "--", path, free_name(path)])
            if Path(path).exists():
                raise PackageError(f"{path} could not be moved to {free_name(path)}. Move it yourself: sudo mv")

    def remove(self) -> list[str]:
        """Remove the packages that install installed, restore the programs that it moved, and return both.

        Raises PackageError.
        """
        record = self._record()
        ours = {name: one for name, one in record.packages.items() if one.before is None}
        installed, begun = installed_packages(ours.keys()), unfinished_packages(ours.keys())
        names = [name for name, one in ours.items() if installed.get(name) == one.version or name in begun]
        moved = [path for path in record.moved if replaced_by(path) and not Path(path).exists()]
        if not self._module.check_mode:
            if names:
                self._dpkg([*_PURGE, *names])
                left = {*installed_packages(names), *unfinished_packages(names)}
                if left:
                    raise PackageError(f"dpkg has not removed {', '.join(sorted(left))}. See /var/log/dpkg.log.")
            for path in moved:
                self._run(["mv", "--no-clobber", "--", replaced_by(path), path])
            if records.SYSTEM.parent.exists():
                self._run(["rm", "--recursive", "--", str(records.SYSTEM.parent)])
        return [*names, *moved]

    def remove_link(self, programs: list[str]) -> list[str]:
        """Remove the link to a removed program that the lifecycle script has created, and return it."""
        if not LINK.is_symlink() or os.readlink(LINK) not in programs:
            return []
        if not self._module.check_mode:
            self._run(["rm", "--", str(LINK)])
        return [str(LINK)]

    def _install(self, archives: list[str], packages: dict[str, Installed], record: Record) -> None:
        try:
            self._dpkg([*_INSTALL, *archives], record)
        except PackageError:
            self._roll_back(packages)
            raise
        present = installed_packages(packages.keys())
        missing = [f"{name} {one.version}" for name, one in packages.items() if present.get(name) != one.version]
        if missing:
            raise PackageError(
                f"dpkg reported success, but {', '.join(missing)} is not installed. See /var/log/dpkg.log."
            )

    @contextlib.contextmanager
    def _judged(self, debs: dict[str, Deb]) -> Iterator[Callable[[], object]]:
        """Let apt-get simulate the installation of the verified files, without root and while root copies them.

        The function that it yields raises PackageError with the reasons of a refusal.
        """
        with ThreadPoolExecutor(max_workers=1) as pool:
            command = [*_SIMULATE, *(str(deb.path) for deb in debs.values())]
            judgement = pool.submit(self._run, command, as_root=False) if debs else None
            yield lambda: judgement and judgement.result()

    @contextlib.contextmanager
    def _copies(self, debs: dict[str, Deb]) -> Iterator[list[str]]:
        """Copy the .debs to a folder of root's, where nobody can replace what is verified before it is installed."""
        if not debs:
            yield []
            return
        # run_command ends the last line. Bullseye's sha256sum takes an empty line for a malformed one.
        sums = "\n".join(f"{deb.sha256}  {deb.path.name}" for deb in debs.values())
        folder = self._run(root_commands.copy([str(deb.path) for deb in debs.values()]), data=sums).strip()
        try:
            yield [f"{folder}/{deb.path.name}" for deb in debs.values()]
        finally:
            # While the result is verified: Python waits for the thread before it ends.
            pool = ThreadPoolExecutor(max_workers=1)
            pool.submit(self._command, ["rm", "--recursive", "--force", "--", folder])
            pool.shutdown(wait=False)

    def _record(self) -> Record:
        path = records.SYSTEM
        if not path.parent.exists() or _is_readable(path):
            return records.read(path)
        # Written by root under another umask.
        if not self._module.check_mode:
            self._run(["chmod", "--recursive", "a+rX", "--", str(path.parent)])
            return records.read(path)
        with tempfile.TemporaryDirectory() as folder:
            self._run(["cp", "--recursive", "--no-target-directory", "--", str(path.parent), folder])
            self._run(["chmod", "--recursive", "a+rX", "--", folder])
            return records.read(Path(folder, path.name))

    def _dpkg(self, command: list[str], record: Record | None = None) -> None:
        """Run dpkg as soon as no other process holds its lock; first write the record, if there is one."""
        run, data = (_written(record, command), records.to_json(record)) if record else (command, None)
        deadline = time.monotonic() + self._lock_timeout
        waited = ""
        while True:
            code, output, errors = self._command(run, data)
            if code == 0:
                break
            if not _LOCKED.search(errors):
                raise PackageError(failure(command, output, errors))
            waited = f"dpkg's lock is held by {lock.holder(_LOCKS, 'POSIX')}"
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
                self._dpkg([*_PURGE, *new])

    def _run(self, command: list[str], data: str | None = None, as_root: bool = True) -> str:
        code, output, errors = self._command(command, data, as_root)
        if code != 0:
            raise PackageError(failure(command, output, errors))
        return output

    def _command(self, command: list[str], data: str | None = None, as_root: bool = True) -> tuple[int, str, str]:
        sudo = ["sudo", "-n"] if as_root and os.getuid() != 0 else []
        # sudo has a PATH of its own.
        path = [f"PATH={os.environ.get('PATH', os.defpath)}:{_SBIN}"] if os.getuid() == 0 else []
        environment = ["env", *path, "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
        return self._module.run_command([*sudo, *environment, *command], data=data)


def _written(record: Record, then: Sequence[str] = ()) -> list[str]:
    return root_commands.write(records.SYSTEM, records.LIFECYCLE_RECORDS, then)


def _journal() -> bool:
    """Tell whether dpkg has updates that its status file lacks: it is running, or was interrupted."""
    return _JOURNAL.is_dir() and any(_JOURNAL.iterdir())


def _is_readable(path: Path) -> bool:
    folder = path.parent
    if not os.access(folder, os.R_OK | os.X_OK):
        return False
    return all(os.access(file, os.R_OK) for file in folder.glob("*.json"))
