# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When messages are sent again, and how many may be under way."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.plugin_utils._session.outgoing import Outgoing


def fill(outgoing: Outgoing, now: float, first: int = 0) -> int:
    number = first
    while not outgoing.is_full:
        outgoing.add(number, b"", now)
        number += 1
    return number


def test_the_first_message_is_sent_again_after_200_milliseconds() -> None:
    outgoing = Outgoing()
    outgoing.add(0, b"first", now=10.0)
    assert (outgoing.due(10.19), outgoing.due(10.2)) == ([], [b"first"])


def test_later_copies_wait_longer_but_at_most_a_second() -> None:
    outgoing = Outgoing()
    outgoing.add(0, b"", now=0.0)
    sent = [tick / 100 for tick in range(600) if outgoing.due(tick / 100)]
    waits = [after - before for before, after in itertools.pairwise(sent)]
    assert waits[:4] == pytest.approx([0.4, 0.8, 1.0, 1.0], abs=0.02)


def test_an_acknowledged_message_is_not_sent_again() -> None:
    outgoing = Outgoing()
    outgoing.add(0, b"", now=0.0)
    outgoing.acknowledge(0, now=0.1)
    outgoing.acknowledge(0, now=0.1)
    assert (outgoing.due(5.0), outgoing.is_empty) == ([], True)


@pytest.mark.parametrize(("round_trip", "timeout"), [(0.01, 0.1), (0.1, 0.3), (0.9, 1.0)])
def test_the_timeout_follows_the_round_trip(round_trip, timeout) -> None:
    outgoing = Outgoing()
    outgoing.add(0, b"", now=0.0)
    outgoing.acknowledge(0, now=round_trip)
    assert outgoing.timeout == pytest.approx(timeout)


def test_a_message_that_was_sent_twice_measures_nothing() -> None:
    outgoing = Outgoing()
    outgoing.add(0, b"", now=0.0)
    outgoing.due(0.2)
    outgoing.acknowledge(0, now=0.21)
    assert outgoing.timeout == 0.2


@pytest.mark.parametrize(("round_trip", "grows"), [(0.05, True), (0.8, False)])
def test_the_window_grows_while_acknowledgements_come_fast(round_trip, grows) -> None:
    outgoing = Outgoing()
    before = fill(outgoing, now=0.0)
    for number in range(before):
        outgoing.acknowledge(number, now=round_trip)
    after = fill(outgoing, now=1.0, first=before) - before
    assert (after > before) is grows


def test_few_are_sent_again_at_once() -> None:
    outgoing = Outgoing()
    fill(outgoing, now=0.0)
    assert len(outgoing.due(1.0)) == 64
