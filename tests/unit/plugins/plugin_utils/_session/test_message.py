# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames, against the sandbox's independent reading of the protocol."""

from __future__ import annotations

import json
import uuid

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session import message

from tests.sandbox.session_gateway import wire

IDENTIFIER = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


def test_the_agent_reads_what_the_client_writes() -> None:
    sent = message.Message(message.INPUT, b"payload", 7, message.PAYLOAD_DATA, 0, IDENTIFIER)
    assert wire.unpack(sent.to_bytes()) == wire.Frame("input_stream_data", 7, 1, b"payload", str(IDENTIFIER))


def test_the_client_reads_what_the_agent_writes() -> None:
    received = message.decode(wire.pack("output_stream_data", b"payload", 7, wire.DATA))
    assert (received.message_type, received.sequence_number, received.payload) == (message.OUTPUT, 7, b"payload")


def test_the_payload_begins_four_bytes_after_the_header_s_length() -> None:
    frame = message.Message(message.INPUT, b"payload").to_bytes()
    assert (int.from_bytes(frame[:4], "big"), frame[120:]) == (116, b"payload")


def test_the_halves_of_the_identifier_are_swapped() -> None:
    frame = message.Message(message.INPUT, b"", message_id=IDENTIFIER).to_bytes()
    assert frame[64:80].hex() == "8899aabbccddeeff0011223344556677"


def test_an_acknowledgement_names_the_message() -> None:
    received = message.decode(wire.pack("output_stream_data", b"", 3))
    acknowledgement = wire.unpack(message.acknowledgement(received).to_bytes())
    assert (acknowledgement.kind, json.loads(acknowledgement.payload)) == (
        "acknowledge",
        {
            "AcknowledgedMessageType": "output_stream_data",
            "AcknowledgedMessageId": str(received.message_id),
            "AcknowledgedMessageSequenceNumber": 3,
            "IsSequentialMessage": True,
        },
    )


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda frame: frame[:50], id="less than a header"),
        pytest.param(lambda frame: frame[:-1], id="truncated"),
        pytest.param(lambda frame: frame[:-1] + b"X", id="another payload"),
    ],
)
def test_a_damaged_frame_is_no_message(damage) -> None:
    with pytest.raises(message.MessageError):
        message.decode(damage(wire.pack("output_stream_data", b"payload")))
