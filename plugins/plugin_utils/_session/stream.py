# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Move the bytes between ssh and the session, until one of them ends or the run of Ansible does."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time

from .channel import Channel
from .data_channel import DataChannel
from .errors import SessionError
from .owner import Owner

_READ = 32 * 1024
_ENOUGH_OUTPUT = 256 * 1024
_RESEND_EVERY = 0.05
_PING_EVERY = 300.0
_SECONDS_TO_FLUSH = 2.0
_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class Stream:
    """The streams of one ssh connection (file descriptors) over one session."""

    def __init__(self, data_channel: DataChannel, owner: Owner, source: int = 0, sink: int = 1) -> None:
        self._data_channel = data_channel
        self._owner = owner
        self._source = source
        self._sink = sink
        self._channel = Channel()
        self._output = bytearray()
        self._is_at_end = False
        self._selector = selectors.DefaultSelector()
        self._interests: dict[int, int] = {}
        self._next_resend = 0.0
        self._next_ping = time.monotonic() + _PING_EVERY
        os.set_blocking(sink, False)

    def run(self, ready_by: float) -> None:
        """Move bytes until the end. Raises SessionError if the other end ends first.

        C(ready_by) is the monotonic time until which the agent in the app has to answer.
        """
        with _SignalPipe() as signals:
            self._selector.register(signals, selectors.EVENT_READ)
            if self._owner.descriptor is not None:
                self._selector.register(self._owner.descriptor, selectors.EVENT_READ)
            try:
                while not self._is_at_end:
                    self._step(ready_by, signals.fileno())
                with contextlib.suppress(SessionError):
                    # The server may close the session at ssh's goodbye.
                    self._flush()
            finally:
                self._terminate()
                self._selector.close()

    def _step(self, ready_by: float, signals: int) -> None:
        self._watch()
        ready = {key.fd: events for key, events in self._selector.select(self._select_timeout())}
        now = time.monotonic()
        if signals in ready or self._owner.is_gone():
            self._is_at_end = True
        if self._data_channel.fileno() in ready or self._data_channel.has_more:
            self._receive(now)
        if self._source in ready:
            self._read(now)
        if self._output:
            self._write()
        self._keep_alive(now)
        self._data_channel.send(self._channel.take_frames())
        if self._channel.ended and not self._output:
            raise SessionError(self._channel.ended)
        if not self._channel.is_ready and now > ready_by:
            raise SessionError(
                "The session has started, but the agent in the app does not answer. Restart the app; its image needs "
                "SageMaker Distribution 2.7 or later, and a space without internet the VPC endpoint for ssmmessages."
            )

    def _select_timeout(self) -> float:
        if self._data_channel.has_more:
            return 0.0
        return 0.5 if self._channel.is_flushed else _RESEND_EVERY

    def _watch(self) -> None:
        """Let the selector wait for what can be used now: reading more than can be passed on would only fill memory."""
        is_takeable = self._channel.accepts_input and not self._data_channel.is_congested
        self._set_interest(self._source, selectors.EVENT_READ if is_takeable else 0)
        self._set_interest(self._sink, selectors.EVENT_WRITE if self._output else 0)
        incoming = selectors.EVENT_READ if len(self._output) < _ENOUGH_OUTPUT else 0
        outgoing = selectors.EVENT_WRITE if self._data_channel.wants_to_send else 0
        self._set_interest(self._data_channel.fileno(), incoming | outgoing)

    def _set_interest(self, descriptor: int, events: int) -> None:
        before = self._interests.get(descriptor, 0)
        if events == before:
            return
        if not before:
            self._selector.register(descriptor, events)
        elif not events:
            self._selector.unregister(descriptor)
        else:
            self._selector.modify(descriptor, events)
        self._interests[descriptor] = events

    def _receive(self, now: float) -> None:
        if len(self._output) >= _ENOUGH_OUTPUT:
            return
        for frame in self._data_channel.receive():
            self._channel.receive(frame, now)
        self._output += self._channel.take_output()

    def _read(self, now: float) -> None:
        data = os.read(self._source, _READ)
        if data:
            self._channel.send(data, now)
        else:
            self._is_at_end = True

    def _write(self) -> None:
        try:
            del self._output[: os.write(self._sink, self._output)]
        except BlockingIOError:
            pass
        except OSError:
            # ssh has gone.
            self._output.clear()
            self._is_at_end = True

    def _keep_alive(self, now: float) -> None:
        if now >= self._next_resend:
            self._channel.resend(now)
            self._next_resend = now + _RESEND_EVERY
        if now >= self._next_ping:
            self._data_channel.ping()
            self._next_ping = now + _PING_EVERY

    def _flush(self) -> None:
        """Wait until the last bytes of ssh are acknowledged, which are its goodbye to the server."""
        deadline = time.monotonic() + _SECONDS_TO_FLUSH
        self._set_interest(self._source, 0)
        self._set_interest(self._sink, 0)
        while not self._channel.is_flushed and self._channel.ended is None and time.monotonic() < deadline:
            self._set_interest(self._data_channel.fileno(), selectors.EVENT_READ)
            self._selector.select(_RESEND_EVERY)
            now = time.monotonic()
            for frame in self._data_channel.receive():
                self._channel.receive(frame, now)
            self._channel.resend(now)
            self._data_channel.send(self._channel.take_frames())

    def _terminate(self) -> None:
        """End the session at the other end, too. AWS's own client just goes, and the session waits for its timeout."""
        try:
            if self._channel.ended is None:
                self._channel.terminate(time.monotonic())
                self._data_channel.send(self._channel.take_frames())
        except SessionError:
            pass  # The connection is lost: the service ends the session itself.
        finally:
            self._data_channel.close()


class _SignalPipe:
    """A socket that becomes readable with a signal that asks this process to end."""

    def __enter__(self) -> socket.socket:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._before = {number: signal.signal(number, _ignore) for number in _SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self._reader

    def __exit__(self, *_exception: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()


def _ignore(_number: int, _frame: object) -> None:
    """The wakeup descriptor tells the loop."""
