# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The signals that ask a process of the session to end. A session that is being started must not be lost by them."""

from __future__ import annotations

import select
import signal
import socket

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """Within its context, such a signal ends nothing: the descriptor becomes readable, and stays so."""

    def __enter__(self) -> StopSignals:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._before = {number: signal.signal(number, _ignore) for number in _SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_exception: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def fileno(self) -> int:
        """Return the descriptor, for a selector."""
        return self._reader.fileno()

    def wait(self, seconds: float) -> bool:
        """Wait so long for a signal, if none was received before; return whether one was."""
        return bool(select.select([self._reader], [], [], seconds)[0])


def _ignore(_number: int, _frame: object) -> None:
    """The wakeup descriptor tells it."""
