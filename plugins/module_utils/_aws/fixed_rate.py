# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A fixed rate for the calls of one operation."""

from __future__ import annotations

import threading
import time

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop

# A call may be under way for longer than the one before it, and AWS would then see them closer together.
_MARGIN = 1.1


class FixedRate:
    """Lets the threads pass one after the other, so many a second."""

    def __init__(self, calls_per_second: float) -> None:
        self._pause = _MARGIN / calls_per_second
        self._next_at = 0.0
        self._lock = threading.Lock()

    def pause(self) -> None:
        """Sleep until the turn of this thread. Raises Stopped when the module has to stop before."""
        with self._lock:
            stop.pause(max(0.0, self._next_at - time.monotonic()))
            self._next_at = time.monotonic() + self._pause
