# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of received messages, and the bound of what waits for an earlier one."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.incoming import Incoming
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.message import OUTPUT, Message


def message(number: int) -> Message:
    return Message(OUTPUT, str(number).encode(), number)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [0, 0, 2, 1, 2, 3, 1]])
def test_every_message_is_processed_once_and_in_order(order) -> None:
    incoming = Incoming()
    processed = [complete.sequence_number for number in order for complete in incoming.accept(message(number))[1]]
    assert processed == [0, 1, 2, 3]


def test_a_processed_message_is_acknowledged_again() -> None:
    incoming = Incoming()
    incoming.accept(message(0))
    assert incoming.accept(message(0)) == (True, [])


def test_messages_of_any_size_fill_no_memory() -> None:
    incoming = Incoming()
    large = [Message(OUTPUT, bytes(1024 * 1024), number) for number in range(10)]
    assert [incoming.accept(message)[0] for message in large[1:]] == [True] * 4 + [False] * 5
    # The ones that were kept and the expected one are complete, and there is room again.
    assert len(incoming.accept(large[0])[1]) == 5
    assert incoming.accept(large[6])[0]


def test_a_message_too_far_ahead_is_neither_kept_nor_acknowledged() -> None:
    incoming = Incoming()
    assert incoming.accept(message(100_000)) == (False, [])
