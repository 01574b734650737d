# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames of the protocol, as the agent reads and writes them."""

from __future__ import annotations

import hashlib
import json
import struct
import time
import uuid
from dataclasses import dataclass
from typing import Any

DATA, HANDSHAKE_REQUEST, HANDSHAKE_RESPONSE, HANDSHAKE_COMPLETE, FLAG = 1, 5, 6, 7, 10
TERMINATE = 2
MOST_BYTES = 1024
_LAYOUT = ">I 32s I Q q Q 8s 8s 32s I I"
_SIZE = struct.calcsize(_LAYOUT)


@dataclass(frozen=True)
class Frame:
    """A received frame."""

    kind: str
    number: int
    payload_type: int
    payload: bytes
    identifier: str


def pack(kind: str, payload: bytes, number: int = 0, payload_type: int = 0, flags: int = 0) -> bytes:
    """Return the bytes of a frame."""
    identifier = uuid.uuid4().bytes
    digest = hashlib.sha256(payload).digest()
    now = int(time.time() * 1000)
    text = kind.encode().ljust(32)
    last, first = identifier[8:], identifier[:8]
    return struct.pack(
        _LAYOUT, 116, text, 1, now, number, flags, last, first, digest, payload_type, len(payload)
    ) + payload  # fmt: skip


def unpack(frame: bytes) -> Frame:
    """Return the frame of the bytes. ValueError says what is wrong with it."""
    length, kind, version, _time, number, _flags, last, first, digest, payload_type, size = struct.unpack(
        _LAYOUT, frame[:_SIZE]
    )
    payload = frame[length + 4 :]
    if (length, version) != (116, 1):
        raise ValueError(f"header of {length} bytes, schema {version}")
    if len(payload) != size or hashlib.sha256(payload).digest() != digest:
        raise ValueError("length or digest of the payload")
    return Frame(kind.decode().rstrip(), number, payload_type, payload, str(uuid.UUID(bytes=first + last)))


def acknowledgement(frame: Frame) -> bytes:
    """Return the acknowledgement of a frame."""
    content = {
        "AcknowledgedMessageType": frame.kind,
        "AcknowledgedMessageId": frame.identifier,
        "AcknowledgedMessageSequenceNumber": frame.number,
        "IsSequentialMessage": True,
    }
    return pack("acknowledge", json.dumps(content).encode(), flags=3)


def handshake_request() -> bytes:
    """Return the payload with which the agent begins a port session."""
    session = {"SessionType": "Port", "Properties": {"portNumber": "2222"}}
    action = {"ActionType": "SessionType", "ActionParameters": session}
    return json.dumps({"AgentVersion": "3.3.0.0", "RequestedClientActions": [action]}).encode()


def check_handshake_response(payload: bytes) -> None:
    """Raise ValueError unless the client did what the agent requested."""
    actions: list[dict[str, Any]] = json.loads(payload)["ProcessedClientActions"]
    if [(action["ActionType"], action["ActionStatus"]) for action in actions] != [("SessionType", 1)]:
        raise ValueError(f"handshake response {payload!r}")
