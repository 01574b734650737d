# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A module's payload in half the time: that of Python's garbage collector, which finds nothing there.

Ansible parses each file of the payload to find what it imports. So many new objects make the collector look at all that
the worker has, again and again: 0.13 of 0.27 CPU seconds for studio_docker_cli. A worker ends with its task.
"""

from __future__ import annotations

import contextlib
import gc
import typing as t


@contextlib.contextmanager
def paused_collector() -> t.Iterator[None]:
    """Collect no garbage within the context."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
