# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""One stop for all threads of a module: a signal, or the end of ansible-playbook.

After it RateLimitedClient sends nothing any more, except for the threads that are in C(finishing()): they complete what
would be worse half done. Every other call raises Stopped, which is handled like any error of AWS, so that each resource
ends with a result of its own::

    self._api.delete_app(app)
    with stop.finishing():
        self._api.create_app(request)
"""

from __future__ import annotations

import contextlib
import contextvars
import select
import signal
import socket
import threading
import time
import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import CallError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.parent_processes import (
    SECONDS_BETWEEN_CHECKS,
    ParentProcesses,
)

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_finishing: contextvars.ContextVar[bool] = contextvars.ContextVar("finishing", default=False)


class Stopped(CallError):
    """The task was stopped before this call was sent."""


class Stop:
    """Whether the module has to stop, and why."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._event = threading.Event()
        self._callbacks: list[t.Callable[[], None]] = []
        self._watching = False

    def watch(self) -> None:
        """Notice signals and the end of ansible-playbook from now on. Call it in the main thread."""
        if self._watching:
            return
        self._watching = True
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        for number in _SIGNALS:
            # nohup and background jobs ignore some of them on purpose.
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _ignore)
        # A handler runs in the main thread, once that gets on: not while it waits for the others and one of those
        # received the signal. The descriptor is written to at once.
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        arguments = (ParentProcesses(), reader, writer)
        threading.Thread(target=self._check_until_stopped, args=arguments, daemon=True).start()

    def _check_until_stopped(self, parents: ParentProcesses, signals: socket.socket, _open: socket.socket) -> None:
        while parents.is_intact():
            if select.select([signals], [], [], SECONDS_BETWEEN_CHECKS)[0]:
                number = signals.recv(1)[0]
                if number in _SIGNALS:
                    self.request(f"it received {signal.Signals(number).name}")
                    return
        self.request("ansible-playbook ended before it")

    def request(self, reason: str) -> None:
        """Stop the module; C(reason) completes "the task was stopped because"."""
        self.reason = self.reason or reason
        self._event.set()
        for callback in self._callbacks:
            callback()

    def call_when_requested(self, callback: t.Callable[[], None]) -> None:
        """Have C(callback) called, by another thread, when the module has to stop."""
        self._callbacks.append(callback)

    def check(self) -> None:
        """Raise Stopped if this thread must not begin anything more."""
        if self.reason and not _finishing.get():
            raise Stopped(f"the task was stopped because {self.reason}")

    def pause(self, seconds: float) -> None:
        """Sleep; raise Stopped as soon as this thread must not begin anything more."""
        if _finishing.get():
            time.sleep(seconds)
        else:
            self._event.wait(seconds)
        self.check()

    def log(self, module: t.Any, message: str) -> None:
        """Write the message of a stopped module to the system log: nobody reads its result when Ansible has ended."""
        if self.reason:
            module.log(message)

    @contextlib.contextmanager
    def finishing(self) -> t.Iterator[None]:
        """Let this thread complete what it began, although the module has to stop."""
        token = _finishing.set(True)
        try:
            yield
        finally:
            _finishing.reset(token)


def _ignore(_number: int, _frame: t.Any) -> None:
    """The wakeup descriptor tells it."""


stop = Stop()
