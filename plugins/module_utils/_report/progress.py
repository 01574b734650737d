# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""How far a module is with long work. A module prints nothing: it writes lines to a file, which its action follows.

Without the file nothing happens, for example on a host that is not the controller.
"""

from __future__ import annotations

import os
import threading

# The action sets it in the module's environment.
VARIABLE = "MLOPS_STUDIO_LOCAL_MODE_PROGRESS"


class Progress:
    """Counts what is done of each kind, such as 12 of 60 apps."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, list[int]] = {}
        try:
            # The action has created the file.
            self._file: int | None = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW) if path else None
        except OSError:
            self._file = None

    def expect(self, kind: str, number: int) -> None:
        self._add(kind, number, 0)

    def done(self, kind: str) -> None:
        self._add(kind, 0, 1)

    def _add(self, kind: str, expected: int, done: int) -> None:
        if self._file is None:
            return
        with self._lock:
            counts = self._counts.setdefault(kind, [0, 0])
            counts[0] += expected
            counts[1] += done
            parts = [
                f"{number} of {total} {name[:-1] if total == 1 else name}"
                for name, (total, number) in self._counts.items()
            ]
            try:
                os.write(self._file, f"{', '.join(parts)}\n".encode())
            except OSError:
                # The work matters, not who watches it.
                self._file = None


progress = Progress(os.environ.get(VARIABLE, ""))
