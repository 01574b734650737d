# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint's request rates."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws_endpoint.rates import RateLimits, TokenBucket, Windows


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def admitted(bucket, clock, every, calls):
    """How many of so many calls, one every so many seconds, are admitted."""
    count = 0
    for _ in range(calls):
        clock.now += every
        count += bucket.admits()
    return count


def test_a_bucket_admits_a_burst_and_then_its_rate():
    clock = Clock()
    bucket = TokenBucket(10, clock)
    assert [bucket.admits() for _ in range(12)] == [True] * 10 + [False] * 2
    assert admitted(bucket, clock, every=0.101, calls=50) == 50


def test_refused_calls_cost_too():
    clock = Clock()
    bucket = TokenBucket(10, clock)
    admitted(bucket, clock, every=0, calls=10)
    assert admitted(bucket, clock, every=0.05, calls=100) == 0
    clock.now += 0.11
    assert bucket.admits()


def test_refused_calls_may_be_free():
    clock = Clock()
    bucket = TokenBucket(10, clock, free_refusals=True)
    admitted(bucket, clock, every=0, calls=10)
    assert admitted(bucket, clock, every=0.0501, calls=100) == 50


def test_a_bucket_may_hold_less_than_the_calls_of_a_second():
    clock = Clock()
    bucket = TokenBucket(10, clock, burst=3)
    assert admitted(bucket, clock, every=0, calls=10) == 3
    rates = RateLimits({"*": 10}, {"*": 3})
    assert [rates.admit("sagemaker", "ListDomains") for _ in range(4)] == [True, True, True, False]


def test_a_window_admits_its_calls_at_once_and_no_more_until_the_next_second():
    clock = Clock()
    windows = Windows(10, clock)
    assert admitted(windows, clock, every=0, calls=20) == 10
    assert admitted(windows, clock, every=0.09, calls=11) == 0
    assert admitted(windows, clock, every=0.011, calls=1) == 1


def test_an_operation_may_have_a_limit_of_its_own():
    rates = RateLimits({"*": 5, "CreateStudioLifecycleConfig": 1})
    assert [rates.admit("sagemaker", "CreateStudioLifecycleConfig") for _ in range(2)] == [True, False]
    assert [rates.admit("sagemaker", "ListDomains") for _ in range(4)] == [True, True, True, False]


def test_calls_beyond_the_rate_are_throttled(endpoint):
    sagemaker = endpoint.boto3()
    endpoint.controls(rate_limits={"ListDomains": 1})
    sagemaker.list_domains()
    with pytest.raises(ClientError, match=r"ThrottlingException.*Rate exceeded"):
        # On a busy machine, one call may take longer than the rate asks for.
        [sagemaker.list_domains() for _ in range(100)]
    sagemaker.list_user_profiles()
