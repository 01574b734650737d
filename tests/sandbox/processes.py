# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's background processes: identified by their command line before they are ended."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SECONDS_TO_STOP = 5


@contextmanager
def running(pid: int | None, *words: str) -> Iterator[int | None]:
    """Return a pidfd of the process, or None if it has ended or its command line lacks one of the words.

    With the pidfd open, no other process can get the number: the command line read afterwards is this process's.
    """
    try:
        process = os.pidfd_open(pid or 0)
    except (ValueError, OSError):
        yield None
        return
    try:
        yield process if set(words) <= _command_line(pid) else None
    finally:
        os.close(process)


def end(process: int, seconds: float = _SECONDS_TO_STOP) -> None:
    """End the process of a pidfd, and wait until it has ended."""
    gone = select.poll()
    gone.register(process, select.POLLIN)
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        signal.pidfd_send_signal(process, signal_number)
        if gone.poll(seconds * 1000):
            return


def _command_line(pid: int) -> set[str]:
    try:
        return set(Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0"))
    except FileNotFoundError:
        return set()
