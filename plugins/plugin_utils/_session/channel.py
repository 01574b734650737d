# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The client's end of a session: messages in, messages out, a stream of bytes each way. Without any I/O.

Whoever owns the channel moves the frames: it passes received ones to C(receive), sends what C(take_frames) returns, and
calls C(resend) every few hundredths of a second while not everything is acknowledged.
"""

from __future__ import annotations

import json
import typing as t
import uuid

from . import handshake, message
from .incoming import Incoming
from .message import Message, MessageError
from .outgoing import Outgoing


class Channel:
    """A port session.

    C(is_ready) is true after the handshake: only then is the stream open. C(ended) is the reason of the other end's
    end, None while the session is open.

    The service's pause_publication and start_publication are ignored, as by AWS's own client: unacknowledged messages
    limit the input already, and a start that never comes would end it.
    """

    def __init__(self) -> None:
        self.is_ready = False
        self.ended: str | None = None
        self._incoming = Incoming()
        self._outgoing = Outgoing()
        self._sequence_number = 0
        self._frames: list[bytes] = []
        self._output: list[bytes] = []

    @property
    def accepts_input(self) -> bool:
        """Whether C(send) may be called: the session is open and not too much is unacknowledged."""
        return self.is_ready and self.ended is None and not self._outgoing.is_full

    @property
    def is_flushed(self) -> bool:
        """Whether everything sent is acknowledged."""
        return self._outgoing.is_empty

    def send(self, data: bytes, now: float) -> None:
        """Send bytes of the stream."""
        for start in range(0, len(data), message.MAX_PAYLOAD):
            self._send(message.PAYLOAD_DATA, data[start : start + message.MAX_PAYLOAD], now)

    def terminate(self, now: float) -> None:
        """Ask the agent to end the session, so that it does not wait for its idle timeout."""
        self._send(message.PAYLOAD_FLAG, message.FLAG_TERMINATE.to_bytes(4, "big"), now)

    def take_frames(self) -> list[bytes]:
        """Return the frames to send, each once."""
        frames, self._frames = self._frames, []
        return frames

    def take_output(self) -> bytes:
        """Return the bytes received in the stream, each once."""
        output, self._output = self._output, []
        return b"".join(output)

    def resend(self, now: float) -> None:
        """Send again what should have been acknowledged by now."""
        self._frames.extend(self._outgoing.due(now))

    def receive(self, frame: bytes, now: float) -> None:
        """Process a frame. A damaged one is dropped, and the other end sends it again."""
        try:
            received = message.decode(frame)
        except MessageError:
            return
        if received.message_type == message.OUTPUT:
            self._receive_output(received, now)
        elif received.message_type == message.ACKNOWLEDGE:
            self._receive_acknowledgement(received, now)
        elif received.message_type == message.CHANNEL_CLOSED:
            self.ended = _reason(received.payload)

    def _receive_output(self, received: Message, now: float) -> None:
        is_accepted, complete = self._incoming.accept(received)
        if is_accepted:
            self._frames.append(message.acknowledgement(received).to_bytes())
        for next_message in complete:
            self._process(next_message, now)

    def _process(self, received: Message, now: float) -> None:
        if received.payload_type == message.PAYLOAD_DATA:
            if not self.is_ready:
                raise handshake.HandshakeError("The agent in the app sends data without a handshake")
            self._output.append(received.payload)
        elif received.payload_type == message.PAYLOAD_HANDSHAKE_REQUEST:
            self._send(message.PAYLOAD_HANDSHAKE_RESPONSE, handshake.response(received.payload), now)
        elif received.payload_type == message.PAYLOAD_HANDSHAKE_COMPLETE:
            self.is_ready = True
        elif received.payload_type == message.PAYLOAD_FLAG:
            self._receive_flag(int.from_bytes(received.payload, "big"))

    def _receive_flag(self, flag: int) -> None:
        if flag == message.FLAG_CONNECT_ERROR:
            self.ended = "The agent in the app cannot connect to the app's ssh server."
        elif flag in (message.FLAG_DISCONNECT, message.FLAG_TERMINATE):
            self.ended = "The agent in the app ended the session."

    def _receive_acknowledgement(self, received: Message, now: float) -> None:
        number = _fields(received.payload).get("AcknowledgedMessageSequenceNumber")
        if isinstance(number, int):
            self._outgoing.acknowledge(number, now)

    def _send(self, payload_type: int, payload: bytes, now: float) -> None:
        flags = message.SYN if self._sequence_number == 0 else 0
        sent = Message(message.INPUT, payload, self._sequence_number, payload_type, flags, uuid.uuid4())
        frame = sent.to_bytes()
        self._outgoing.add(self._sequence_number, frame, now)
        self._frames.append(frame)
        self._sequence_number += 1


def _reason(payload: bytes) -> str:
    """The text of the service's message about the end of a session."""
    text = _fields(payload).get("Output")
    return f"The service closed the session{f': {text}' if text else ''}".rstrip(".") + "."


def _fields(payload: bytes) -> dict[str, t.Any]:
    """The fields of a JSON object; none if it is anything else."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
