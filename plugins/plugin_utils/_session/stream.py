# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Move the bytes between ssh and the session, until one of them ends or the run of Ansible does."""

from __future__ import annotations

import os
import selectors
import time
import typing as t

from .caller import Caller
from .channel import Channel
from .data_channel import DataChannel
from .endings import NO_ANSWER
from .errors import SessionEnded, SessionError
from .ssh_start import SshStart

_READ = 32 * 1024
_ENOUGH_OUTPUT = 256 * 1024
_RESEND_EVERY = 0.05
_PING_EVERY = 300.0
_SECONDS_TO_END = 2.0


class Stream:
    """The streams of one ssh connection (file descriptors) over one session."""

    def __init__(self, data_channel: DataChannel, caller: Caller, source: int = 0, sink: int = 1) -> None:
        self._data_channel = data_channel
        # The library closes the socket of a lost connection, which then has no number any more.
        self._network = data_channel.fileno()
        self._caller = caller
        self._source = source
        self._sink = sink
        self._channel = Channel()
        self._start = SshStart()
        self._output = bytearray()
        self._is_at_end = False
        self._can_send = True
        self._failure: SessionError | None = None
        self._selector = selectors.DefaultSelector()
        self._interests: dict[int, int] = {}
        self._next_resend = 0.0
        self._next_ping = time.monotonic() + _PING_EVERY
        os.set_blocking(sink, False)

    def run(self, ready_by: float) -> None:
        """Move bytes until the end. Raises SessionError if the other end ends first.

        C(ready_by) is the monotonic time until which the agent and the ssh server in the app have to answer.
        """
        for descriptor in self._caller.descriptors:
            self._selector.register(descriptor, selectors.EVENT_READ)
        try:
            while not self._is_at_end:
                self._step(ready_by)
            for descriptor in self._caller.descriptors:
                self._selector.unregister(descriptor)
            # Nobody waits for this process now. The agent ignores what it receives before the handshake.
            self._exchange(lambda: self._channel.is_ready, ready_by)
            self._terminate()
            self._exchange(lambda: self._channel.is_flushed, time.monotonic() + _SECONDS_TO_END)
        finally:
            if not self._is_at_end:
                self._terminate()
            self._data_channel.close()
            self._selector.close()

    def _step(self, ready_by: float) -> None:
        self._watch()
        ready = {key.fd: events for key, events in self._selector.select(self._select_timeout())}
        now = time.monotonic()
        if self._caller.is_gone():
            self._is_at_end = True
        if self._network in ready or self._data_channel.has_more:
            self._receive(now)
        if self._source in ready:
            self._read(now)
        if self._output:
            self._write()
        self._keep_alive(now)
        self._send()
        if self._failure and not self._output:
            raise self._failure
        if now > ready_by and not (self._start.is_over or self._is_at_end):
            raise self._no_answer()

    def _no_answer(self) -> SessionError:
        """The reason why ssh has not started in time."""
        if self._channel.is_ready:
            return SessionEnded(f"{NO_ANSWER}.")
        return SessionError(
            "The session has started, but the agent in the app does not answer. Restart the app; its image needs "
            "SageMaker Distribution 2.7 or later, and a space without internet the VPC endpoint for ssmmessages."
        )

    @property
    def _may_receive(self) -> bool:
        return self._failure is None and len(self._output) < _ENOUGH_OUTPUT

    @property
    def _may_send(self) -> bool:
        return self._failure is None and self._can_send

    def _select_timeout(self) -> float:
        if self._data_channel.has_more and self._may_receive:
            return 0.0
        return 0.5 if self._channel.is_flushed else _RESEND_EVERY

    def _watch(self) -> None:
        """Let the selector wait for what can be used now: reading more than can be passed on would only fill memory."""
        is_takeable = self._channel.accepts_input and not self._data_channel.is_congested
        self._set_interest(self._source, selectors.EVENT_READ if is_takeable else 0)
        self._set_interest(self._sink, selectors.EVENT_WRITE if self._output else 0)
        incoming = selectors.EVENT_READ if self._may_receive else 0
        outgoing = selectors.EVENT_WRITE if self._may_send and self._data_channel.wants_to_send else 0
        self._set_interest(self._network, incoming | outgoing)

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
        if not self._may_receive:
            return
        failure: SessionError | None = None
        try:
            for frame in self._data_channel.receive():
                self._channel.receive(frame, now)
        except SessionError as error:
            failure = error
        # What arrived before the end is ssh's. The agent's own reason says more than the end of the WebSocket.
        if output := self._channel.take_output():
            self._start.answer()
            self._output += output
        self._failure = SessionEnded(self._channel.ended) if self._channel.ended else failure

    def _send(self) -> None:
        frames = self._channel.take_frames()
        if not self._may_send:
            return
        try:
            self._data_channel.send(frames)
        except SessionError:
            # The other end may have sent something before it went: receiving ends with its last byte.
            self._can_send = False

    def _read(self, now: float) -> None:
        data = os.read(self._source, _READ)
        if data:
            self._start.ask()
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
        # More copies would only wait for a network that takes nothing, and fill memory.
        if now >= self._next_resend and not self._data_channel.is_congested:
            self._channel.resend(now)
            self._next_resend = now + _RESEND_EVERY
        if now >= self._next_ping:
            self._data_channel.ping()
            self._next_ping = now + _PING_EVERY

    def _exchange(self, is_done: t.Callable[[], bool], deadline: float) -> None:
        """Move frames without ssh, until the condition is true, the other end has gone, or the time is over."""
        self._set_interest(self._source, 0)
        self._set_interest(self._sink, 0)
        while not is_done() and self._failure is None and time.monotonic() < deadline:
            self._output.clear()
            self._set_interest(self._network, selectors.EVENT_READ)
            self._selector.select(_RESEND_EVERY)
            now = time.monotonic()
            self._receive(now)
            self._keep_alive(now)
            self._send()

    def _terminate(self) -> None:
        """End the session at the other end, too. AWS's own client just goes, and the session waits for its timeout."""
        if self._channel.ended is None:
            self._channel.terminate(time.monotonic())
            self._send()
