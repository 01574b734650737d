# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import heapq
import math

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.rate import AdaptiveRate

from tests.sandbox.aws_endpoint.rates import TokenBucket

LATENCY = 0.05
CONCURRENCY = 10


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def run(limit, calls):
    """Make so many calls through an AdaptiveRate against a bucket; return the seconds and the refused calls."""
    clock = Clock()
    bucket, rate = TokenBucket(limit, clock), AdaptiveRate()
    in_flight, refused = [], 0
    while calls or in_flight:
        may_send = calls and len(in_flight) < CONCURRENCY
        send_at = clock.now + rate.delay(clock.now) if may_send else math.inf
        if in_flight and in_flight[0][0] < send_at:
            clock.now, sent_at, admitted = heapq.heappop(in_flight)
            if admitted:
                rate.succeeded(sent_at, clock.now)
            else:
                rate.throttled(sent_at, clock.now)
                refused, calls = refused + 1, calls + 1
        else:
            clock.now, calls = send_at, calls - 1
            rate.take(clock.now)
            heapq.heappush(in_flight, (clock.now + LATENCY, clock.now, bucket.admits()))
    return clock.now, refused


@pytest.mark.parametrize("calls", [180, 900])
@pytest.mark.parametrize("limit", [10, 20, 50])
def test_the_rate_follows_the_limit_of_aws(limit, calls):
    seconds, refused = run(limit, calls)
    needed = (calls - limit) / limit
    assert seconds < 1.2 * needed
    assert refused < 0.15 * calls


def test_a_low_limit_is_found_too():
    seconds, _refused = run(2, 100)
    assert seconds < 2 * 49


def test_without_throttling_there_is_no_limit():
    rate = AdaptiveRate()
    for number in range(1000):
        assert rate.delay(number / 1000) == 0
        rate.take(number / 1000)
        rate.succeeded(number / 1000, number / 1000)
    assert math.isinf(rate.calls_per_second)


def test_one_burst_lowers_the_rate_once():
    rate = AdaptiveRate()
    for _number in range(10):
        rate.take(0.0)
    for _number in range(5):
        rate.succeeded(0.0, 0.1)
    rate.throttled(0.0, 0.2)
    lowered = rate.calls_per_second
    for _number in range(4):
        rate.throttled(0.0, 0.3)
    assert rate.calls_per_second == lowered
    rate.take(1.0)
    rate.throttled(1.0, 1.1)
    assert rate.calls_per_second < lowered
