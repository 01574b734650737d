# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The processes above this one, up to ansible-playbook: a module has to notice that the playbook ended before it.

The module's own parent is not enough. A shell stands between the module and Ansible's worker, and the worker is not
ansible-playbook itself; whichever of them ends, the one below gets another parent.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_ANSIBLE = "ansible"
HAS_PROC = Path("/proc/self").exists()
# Without /proc a check costs a process for each parent.
SECONDS_BETWEEN_CHECKS = 0.1 if HAS_PROC else 1.0


class ParentProcesses:
    """The parents, from the one of this process to ansible-playbook, or to the session's leader without Ansible."""

    def __init__(self, pid: int | None = None) -> None:
        self._parents = _line(os.getpid() if pid is None else pid)

    def is_intact(self) -> bool:
        """Whether all of them still run: no process of the line has got another parent."""
        try:
            return all(_parent(pid) == parent for pid, parent in self._parents)
        except OSError:
            # Not even the process table can be read now, for example without a free file descriptor.
            return True


def _line(pid: int) -> list[tuple[int, int]]:
    """Return (process, parent) for each link that has to last.

    Without Ansible above, as with C(async) or over ssh, the line ends at the leader of the session: what started that
    may end while the module works on.
    """
    line: list[tuple[int, int]] = []
    up_to_ansible = 0
    up_to_leader = 0
    leader = os.getsid(pid)
    while (parent := _parent(pid)) > 1:
        line.append((pid, parent))
        if _is_ansible(parent):
            up_to_ansible = len(line)
        elif up_to_ansible:
            break
        if parent == leader:
            up_to_leader = len(line)
        pid = parent
    return line[: up_to_ansible or up_to_leader]


def _is_ansible(pid: int) -> bool:
    """Whether it runs ansible-playbook or the like; Ansible's workers have the command line of their parent."""
    words = _command(pid)
    program = words[:3] if words[1:2] == ["-m"] else words[:2]
    return any(Path(word).name.startswith(_ANSIBLE) for word in program)


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return _ps(pid, "command=").split()


def _parent(pid: int) -> int:
    """Return the process's parent; 0 when the process does not exist."""
    if pid == os.getpid():
        return os.getppid()
    try:
        # The name of the program, in parentheses, may have blanks.
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return int(_ps(pid, "ppid=") or 0)


def _ps(pid: int, column: str) -> str:
    """Where there is no /proc, as on macOS."""
    if HAS_PROC:
        return ""
    command = ["ps", "-o", column, "-p", str(pid)]
    # There is no module here, so no run_command.
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # pylint: disable=ansible-bad-function
    return done.stdout.strip()
