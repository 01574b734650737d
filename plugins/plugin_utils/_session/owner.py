# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The run of Ansible that a session belongs to. ssh keeps the session open beyond it, and a killed run tells nobody."""

from __future__ import annotations

import os
import select


class Owner:
    """A process to watch. C(descriptor) is readable when it has ended; None where the system cannot tell."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self.descriptor = self._open()

    def _open(self) -> int | None:
        if self._pid is None or not hasattr(os, "pidfd_open"):
            return None
        try:
            return os.pidfd_open(self._pid)
        except OSError:
            # Old kernels and some containers have none; a process that has ended has none, either.
            return None

    def is_gone(self) -> bool:
        """Whether the process has ended. It has even if its parent did not notice yet."""
        if self._pid is None:
            return False
        if self.descriptor is not None:
            return bool(select.select([self.descriptor], [], [], 0)[0])
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False
