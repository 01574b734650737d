# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Docker's packages in the app's system: by apt from files alone, as root, to be taken away again."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.bundle_error import BundleError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio import record as records
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.packages import (
    installed_packages,
    unfinished_packages,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._studio.record import Installed, Record

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

REPLACED = ".replaced"
_JOURNAL = Path("/var/lib/dpkg/updates")
# apt says it while it waits; its last word does not name the process.
_WAITED = re.compile(r"(Could not get lock \S+ It is held by process \d+(?: \([^)]*\))?)")
_DPKG_ERROR = re.compile(r"^dpkg: error.*\n(?: .*\n)*", re.MULTILINE)
_ERROR = re.compile(r"^(?:E|sudo|dpkg): .*", re.MULTILINE)
_FREE_SPACE = " Free some space and run again."
_APT_GET = ("apt-get", "--yes", "--quiet", "--no-install-recommends")
_OPTIONS = (
    # No source but the files: no network is asked, and none of the image's package lists is read.
    "--option=Dir::Etc::SourceList=/dev/null",
    "--option=Dir::Etc::SourceParts=/dev/null",
    # What an app's system loses in a power failure it loses at every restart; not waiting for its disk saves seconds.
    "--option=DPkg::Options::=--force-unsafe-io",
)


def install_command(files: list[str], lock_timeout: int) -> list[str]:
    """Return the command that installs just these files, whose dependencies have to be there."""
    return [
        *_APT_GET,
        "--no-remove",
        "--allow-downgrades",
        *_OPTIONS,
        f"--option=DPkg::Lock::Timeout={lock_timeout}",
        "install",
        *files,
    ]


def remove_command(names: list[str], lock_timeout: int) -> list[str]:
    """Return the command that removes just these packages and their configuration."""
    return [*_APT_GET, *_OPTIONS, f"--option=DPkg::Lock::Timeout={lock_timeout}", "purge", *names]


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

        Raises BundleError with what apt said.
        """
        # First, so that whatever is interrupted can be taken away.
        self._write(records.read(records.SYSTEM).with_changes(packages, hiding))
        if files:
            try:
                self._apt(install_command([str(file) for file in files.values()], self._lock_timeout))
            except BundleError:
                self._roll_back(packages)
                raise
            there = installed_packages(packages.keys())
            left = [f"{name} {one.version}" for name, one in packages.items() if there.get(name) != one.version]
            if left:
                raise BundleError(
                    f"apt-get reported success, but dpkg has not got {', '.join(left)}. Look at /var/log/apt/term.log."
                )
        for path in hiding:
            self._run(["mv", "--force", "--", path, f"{path}{REPLACED}"])

    def remove(self) -> list[str]:
        """Take away what install brought, put back what it moved, and return what this did, or in check mode would do.

        Raises BundleError.
        """
        record = records.read(records.SYSTEM)
        names = ours(record, installed_packages(record.packages.keys()))
        moved = [path for path in record.moved if Path(f"{path}{REPLACED}").exists() and not Path(path).exists()]
        if not self._module.check_mode:
            if names:
                self._apt(remove_command(names, self._lock_timeout))
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

    def _apt(self, command: list[str]) -> None:
        try:
            self._run(command)
        except BundleError:
            # apt has waited for the lock, so that the journal is not that of a dpkg still at work.
            if not _journal():
                raise
            # What it cannot configure is what apt installs anew.
            self._command(["dpkg", "--configure", "--pending"])
            self._run(command)

    def _roll_back(self, packages: dict[str, Installed]) -> None:
        """Remove what was not there before; what was cannot be had back, and stays as it is."""
        there = {*installed_packages(packages.keys()), *unfinished_packages(packages.keys())}
        new = [name for name, one in packages.items() if one.before is None and name in there]
        if new:
            self._command(["dpkg", "--purge", "--force-remove-reinstreq", *new])

    def _run(self, command: list[str], data: str | None = None) -> None:
        code, output, errors = self._command(command, data)
        if code != 0:
            raise BundleError(failure(command, output, errors))
        waited = _WAITED.search(output)
        if waited:
            self._module.warn(f"Waited for another installation: {waited[1]}.")

    def _command(self, command: list[str], data: str | None = None) -> tuple[int, str, str]:
        sudo = ["sudo", "-n"] if os.getuid() != 0 else []
        environment = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
        return self._module.run_command([*sudo, *environment, *command], data=data)


def failure(command: list[str], output: str, errors: str) -> str:
    """Return what a person needs of what a failed command printed, with the next step where it is known."""
    # apt gives dpkg a terminal of its own, so that dpkg's errors come with the output.
    lines = [*_DPKG_ERROR.findall(output), *_ERROR.findall(errors)]
    waited = _WAITED.search(output)
    if waited:
        return (
            f"{command[0]} failed: {waited[1]}. Wait until that process has ended, or longer with "
            "docker_cli_lock_timeout, and run again."
        )
    full = any("No space left" in line or "enough free space" in line for line in lines)
    return (
        f"{command[0]} failed: {' '.join(' '.join(lines or [errors or output]).split())}{_FREE_SPACE if full else ''}"
    )
