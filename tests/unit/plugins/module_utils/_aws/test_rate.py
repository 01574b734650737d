# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import heapq
import math

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.rate import AdaptiveRate

from tests.sandbox.aws_endpoint.rates import TokenBucket, Windows

LATENCY = 0.02
CONCURRENCY = 10


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def run(limits, calls):
    """Make so many calls through an AdaptiveRate within limits; return the virtual seconds and the refused calls."""
    clock = Clock()
    limit, rate = limits(clock), AdaptiveRate()
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
            heapq.heappush(in_flight, (clock.now + LATENCY, clock.now, limit.admits()))
    return clock.now, refused


# 60 and 300 domains with three calls each.
@pytest.mark.parametrize("calls", [180, 900])
@pytest.mark.parametrize("rate", [1, 2, 5, 10])
@pytest.mark.parametrize("free_refusals", [True, False], ids=["free", "refusals-cost"])
@pytest.mark.parametrize("burst", [1, 3, 5, 10, 20])
def test_the_rate_follows_a_bucket_whatever_its_burst(burst, free_refusals, rate, calls):
    seconds, refused = run(lambda clock: TokenBucket(rate, clock, burst=burst, free_refusals=free_refusals), calls)
    assert seconds <= 1.3 * calls / rate
    # Ten are in flight when the bucket is empty for the first time.
    assert refused <= 20 + 0.08 * calls


@pytest.mark.parametrize("free_refusals", [True, False], ids=["free", "refusals-cost"])
@pytest.mark.parametrize("burst", [1, 3, 5, 10, 20])
def test_a_high_rate_is_found_soon(burst, free_refusals):
    seconds, refused = run(lambda clock: TokenBucket(50, clock, burst=burst, free_refusals=free_refusals), 900)
    assert seconds <= 1.6 * 900 / 50
    assert refused <= 0.04 * 900


@pytest.mark.parametrize("calls", [180, 900])
@pytest.mark.parametrize("rate", [1, 2, 5, 10, 50])
def test_the_rate_follows_windows_of_a_second(rate, calls):
    seconds, refused = run(lambda clock: Windows(rate, clock), calls)
    assert seconds <= 1.3 * calls / rate
    assert refused <= 20 + 0.2 * calls


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


def test_refusals_without_a_success_between_them_double_the_pause_and_then_halve_the_rate():
    rate = AdaptiveRate()
    rate.take(0.0)
    rate.throttled(0.0, 0.0)
    first, pause = rate.calls_per_second, rate.delay(0.0)
    rate.throttled(1.0, 1.0)
    assert rate.delay(1.0) == pytest.approx(2 * pause)
    rate.throttled(3.0, 3.0)
    assert rate.delay(3.0) == pytest.approx(4 * pause)
    assert rate.calls_per_second < first


def test_a_rate_that_rose_far_above_what_aws_accepts_is_lowered_to_that():
    rate = AdaptiveRate()
    rate.throttled(0.0, 0.0)
    rate.take(1.0)
    rate.succeeded(1.0, 1.0)
    rate.calls_per_second = 100.0
    rate.throttled(9.0, 10.0)
    # One call was accepted in 10 seconds.
    assert rate.calls_per_second == 0.5
