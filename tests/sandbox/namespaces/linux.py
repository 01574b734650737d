# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The system calls of namespaces, which Python has in `os` only from 3.12 on, or not at all."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

NEW_MOUNT, NEW_NETWORK, NEW_PID = 0x00020000, 0x40000000, 0x20000000
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
_SET_PARENT_DEATH_SIGNAL = 1

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Move this process to new namespaces; of NEW_PID, only its children. Raises OSError."""
    _check(_libc.unshare(flags), "unshare")


def enter(namespace: Path, kind: int) -> None:
    """Move this thread to the namespace of that file. Raises OSError."""
    with namespace.open() as handle:
        _check(_libc.setns(handle.fileno(), kind), f"setns {namespace}")


def mount(source: str, target: Path | str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount. Raises OSError."""
    words = [word.encode() or None for word in (source, str(target), kind)]
    _check(_libc.mount(*words, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def end_with_parent() -> None:
    """Let the kernel kill this process as soon as its parent has ended, for whatever reason."""
    _check(_libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0), "prctl")


def _check(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
