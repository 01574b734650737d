# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's end of a session, without a network: every frame goes through the sandbox's reading of the protocol."""

from __future__ import annotations

import json

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.channel import Channel
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.handshake import HandshakeError

from tests.sandbox.session_gateway import wire


def output(number: int, payload: bytes, payload_type: int = wire.DATA) -> bytes:
    return wire.pack("output_stream_data", payload, number, payload_type)


def acknowledgement(number: int) -> bytes:
    return wire.pack("acknowledge", json.dumps({"AcknowledgedMessageSequenceNumber": number}).encode())


def sent(channel: Channel) -> list[wire.Frame]:
    return [wire.unpack(frame) for frame in channel.take_frames()]


@pytest.fixture
def channel() -> Channel:
    """A session after its handshake; the next number is 2 from the agent and 1 from the client."""
    channel = Channel()
    channel.receive(output(0, wire.handshake_request(), wire.HANDSHAKE_REQUEST), now=0.0)
    channel.receive(acknowledgement(0), now=0.0)
    channel.receive(output(1, b"{}", wire.HANDSHAKE_COMPLETE), now=0.0)
    channel.take_frames()
    return channel


def test_the_handshake_opens_the_stream() -> None:
    channel = Channel()
    assert not channel.accepts_input
    channel.receive(output(0, wire.handshake_request(), wire.HANDSHAKE_REQUEST), now=0.0)
    acknowledged, response = sent(channel)
    assert (acknowledged.kind, response.payload_type, response.number) == ("acknowledge", wire.HANDSHAKE_RESPONSE, 0)
    wire.check_handshake_response(response.payload)
    channel.receive(output(1, b"{}", wire.HANDSHAKE_COMPLETE), now=0.0)
    assert channel.accepts_input


@pytest.mark.parametrize(
    "request_", [b"no JSON", b"{}", b"[" * 100_000, b'{"RequestedClientActions": [{"ActionType": "SessionType"}]}']
)
def test_an_unreadable_handshake_is_an_error(request_) -> None:
    with pytest.raises(HandshakeError, match="cannot be read"):
        Channel().receive(output(0, request_, wire.HANDSHAKE_REQUEST), now=0.0)


def test_a_shell_session_is_an_error() -> None:
    request = wire.handshake_request().replace(b'"Port"', b'"Standard_Stream"')
    with pytest.raises(HandshakeError, match="not a port session"):
        Channel().receive(output(0, request, wire.HANDSHAKE_REQUEST), now=0.0)


@pytest.mark.parametrize("requested", [False, True])
def test_data_before_the_end_of_the_handshake_is_an_old_agent_s(requested) -> None:
    channel = Channel()
    if requested:
        channel.receive(output(0, wire.handshake_request(), wire.HANDSHAKE_REQUEST), now=0.0)
    with pytest.raises(HandshakeError, match=r"Distribution 2\.7 or later"):
        channel.receive(output(int(requested), b"SSH-2.0-Go\r\n"), now=0.0)
    assert channel.take_output() == b""


def test_bytes_are_sent_in_pieces_that_the_agent_takes(channel) -> None:
    channel.send(b"x" * 2500, now=0.0)
    assert [(frame.number, len(frame.payload)) for frame in sent(channel)] == [(1, 1024), (2, 1024), (3, 452)]


def test_received_bytes_are_in_order_and_acknowledged(channel) -> None:
    for number in (3, 2, 2):
        channel.receive(output(number, str(number).encode()), now=0.0)
    assert channel.take_output() == b"23"
    numbers = [json.loads(frame.payload)["AcknowledgedMessageSequenceNumber"] for frame in sent(channel)]
    assert numbers == [3, 2, 2]


def test_a_damaged_frame_is_dropped_without_an_acknowledgement(channel) -> None:
    channel.receive(output(2, b"text")[:-1] + b"!", now=0.0)
    assert (channel.take_output(), channel.take_frames()) == (b"", [])


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"no JSON", b"[" * 100_000, b"\xff", b'{"AcknowledgedMessageSequenceNumber": [1]}', b"null"],
)
def test_an_acknowledgement_of_nothing_changes_nothing(channel, content) -> None:
    channel.send(b"hello", now=0.0)
    channel.receive(wire.pack("acknowledge", content), now=0.1)
    assert not channel.is_flushed


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"Output": {"a": 1}}', b'{"Output": 5}', b"[]", b'"x"'])
def test_any_end_of_the_service_is_one(channel, content) -> None:
    channel.receive(wire.pack("channel_closed", content), now=0.0)
    assert channel.ended.startswith("The service closed the session")


def test_what_is_not_acknowledged_is_sent_again(channel) -> None:
    channel.send(b"hello", now=0.0)
    channel.take_frames()
    channel.resend(now=2.0)
    assert [frame.payload for frame in sent(channel)] == [b"hello"]
    channel.receive(acknowledgement(1), now=2.1)
    assert channel.is_flushed


def test_the_window_ends_the_input(channel) -> None:
    while channel.accepts_input:
        channel.send(b"x" * 1024, now=0.0)
    channel.receive(acknowledgement(1), now=0.1)
    assert channel.accepts_input


@pytest.mark.parametrize("kind", ["pause_publication", "start_publication", "unheard_of"])
def test_input_goes_on_after_any_other_message(channel, kind) -> None:
    channel.receive(wire.pack(kind, b""), now=0.0)
    assert channel.accepts_input


def test_terminate_is_flag_2(channel) -> None:
    channel.terminate(now=0.0)
    assert [(frame.payload_type, frame.payload) for frame in sent(channel)] == [(wire.FLAG, b"\0\0\0\2")]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (wire.pack("channel_closed", b'{"Output": "idle timeout"}'), "The service closed the session: idle timeout."),
        (wire.pack("channel_closed", b""), "The service closed the session."),
        (wire.pack("channel_closed", b'{"Output": ""}'), "The service closed the session."),
        (output(2, b"\0\0\0\2", wire.FLAG), "The agent in the app ended the session."),
        (output(2, b"\0\0\0\3", wire.FLAG), "The agent in the app cannot connect to the app's ssh server."),
    ],
    ids=["with a reason", "without", "with an empty one", "terminated", "connect error"],
)
def test_the_other_end_may_end_the_session(channel, frame, reason) -> None:
    channel.receive(frame, now=0.0)
    assert channel.ended == reason
    assert not channel.accepts_input
