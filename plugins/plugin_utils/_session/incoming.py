# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The messages that arrived before their turn: put in order, with bounded memory."""

from __future__ import annotations

from .message import Message

_MOST_AHEAD = 4096
"""Messages that are kept until an earlier one arrives, which the agent fills with 1,024 bytes each: 4 MiB."""
_MOST_BYTES_AHEAD = _MOST_AHEAD * 1024


class Incoming:
    """Reorders the messages of one direction by their sequence numbers."""

    def __init__(self) -> None:
        self._expected = 0
        self._ahead: dict[int, Message] = {}
        self._bytes_ahead = 0

    def accept(self, message: Message) -> tuple[bool, list[Message]]:
        """Return whether to acknowledge the message, and the messages that are complete up to a gap.

        A message that was processed before is acknowledged again, because its acknowledgement may be lost. One that is
        too far ahead is neither kept nor acknowledged: the other end sends it again.
        """
        distance = message.sequence_number - self._expected
        if distance < 0 or message.sequence_number in self._ahead:
            return True, []
        size = self._bytes_ahead + len(message.payload)
        if distance > _MOST_AHEAD or (distance > 0 and size > _MOST_BYTES_AHEAD):
            return False, []
        self._ahead[message.sequence_number] = message
        complete = []
        while self._expected in self._ahead:
            complete.append(self._ahead.pop(self._expected))
            self._expected += 1
        self._bytes_ahead = size - sum(len(done.payload) for done in complete)
        return True, complete
