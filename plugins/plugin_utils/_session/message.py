# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The messages of a session: the binary frames between Session Manager's service and its two ends.

The layout is that of AgentMessage in aws/session-manager-plugin and aws/amazon-ssm-agent: big-endian, a header of 120
bytes, then the payload.
"""

from __future__ import annotations

import hashlib
import json
import struct
import time
import typing as t
import uuid

INPUT = "input_stream_data"
OUTPUT = "output_stream_data"
ACKNOWLEDGE = "acknowledge"
CHANNEL_CLOSED = "channel_closed"

PAYLOAD_DATA = 1
PAYLOAD_HANDSHAKE_REQUEST = 5
PAYLOAD_HANDSHAKE_RESPONSE = 6
PAYLOAD_HANDSHAKE_COMPLETE = 7
PAYLOAD_FLAG = 10

FLAG_DISCONNECT = 1
FLAG_TERMINATE = 2
FLAG_CONNECT_ERROR = 3

SYN = 1
SYN_FIN = 3

MAX_PAYLOAD = 1024
"""The largest payload that either end sends as one message of the stream."""

_HEADER = struct.Struct(">I32sIQqQ16s32sII")
# The field counts itself out: the payload begins 4 bytes after it.
_HEADER_LENGTH = _HEADER.size - 4
_SCHEMA_VERSION = 1


class MessageError(ValueError):
    """The frame is not a message."""


class Message(t.NamedTuple):
    """One message; C(message_id) identifies it in its acknowledgement."""

    message_type: str
    payload: bytes
    sequence_number: int = 0
    payload_type: int = 0
    flags: int = 0
    message_id: uuid.UUID = uuid.UUID(int=0)

    def to_bytes(self) -> bytes:
        """Encode the message, as created now."""
        header = _HEADER.pack(
            _HEADER_LENGTH,
            self.message_type.encode().ljust(32),
            _SCHEMA_VERSION,
            int(time.time() * 1000),
            self.sequence_number,
            self.flags,
            _swapped(self.message_id.bytes),
            hashlib.sha256(self.payload).digest(),
            self.payload_type,
            len(self.payload),
        )
        return header + self.payload


def decode(frame: bytes) -> Message:
    """Decode a frame. Raises MessageError if it is truncated or its digest differs."""
    if len(frame) < _HEADER.size:
        raise MessageError(f"{len(frame)} bytes are less than a header")
    length, kind, _schema, _created, number, flags, message_id, digest, payload_type, size = _HEADER.unpack_from(frame)
    payload = frame[length + 4 :]
    if len(payload) != size:
        raise MessageError(f"the payload has {len(payload)} bytes, and the header says {size}")
    # The service itself sends messages without a digest.
    if any(digest) and hashlib.sha256(payload).digest() != digest:
        raise MessageError("the payload does not have the digest of the header")
    name = kind.decode("ascii", "replace").strip(" \0")
    return Message(name, payload, number, payload_type, flags, uuid.UUID(bytes=_swapped(message_id)))


def acknowledgement(received: Message) -> Message:
    """Return the message that acknowledges a received one."""
    payload = {
        "AcknowledgedMessageType": received.message_type,
        "AcknowledgedMessageId": str(received.message_id),
        "AcknowledgedMessageSequenceNumber": received.sequence_number,
        "IsSequentialMessage": True,
    }
    return Message(ACKNOWLEDGE, json.dumps(payload).encode(), 0, 0, SYN_FIN, uuid.uuid4())


def open_data_channel(token: str, client_version: str) -> str:
    """Return the first frame of a client, the only one that is text: it authenticates the client."""
    return json.dumps(
        {
            "MessageSchemaVersion": "1.0",
            "RequestId": str(uuid.uuid4()),
            "TokenValue": token,
            "ClientId": str(uuid.uuid4()),
            "ClientVersion": client_version,
        }
    )


def _swapped(identifier: bytes) -> bytes:
    """The wire has the last eight bytes of a UUID first."""
    return identifier[8:] + identifier[:8]
