# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws import call_queue, stop
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.call_queue import CallQueue, polling
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import (
    TimeLimitExceeded,
    time_limit,
)
from botocore.exceptions import ClientError

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException"}}, "DescribeDomain")


@pytest.fixture
def stopping(monkeypatch):
    """A stop that this test may request."""
    own = stop.Stop()
    monkeypatch.setattr(call_queue, "stop", own)
    return own


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_writes_come_before_reads_and_polls_last(stopping):
    queue, order = CallQueue(1), []

    def call(name):
        with queue.call(name == "write"):
            order.append(name)

    def poll():
        with polling():
            call("poll")

    with ThreadPoolExecutor(3) as pool, queue.call(False):
        for number, work in enumerate([poll, lambda: call("read"), lambda: call("write")], start=1):
            pool.submit(work)
            until(lambda number=number: len(queue._turns) == number)
    assert order == ["write", "read", "poll"]


def test_all_threads_share_the_rate(stopping):
    queue = CallQueue(10)
    with pytest.raises(ClientError), queue.call(False):
        raise THROTTLED
    assert queue.calls_per_second == pytest.approx(3.0)
    queue._rate.calls_per_second = queue._rate._throttled_at = 20.0
    queue._rate._next_at = 0.0
    started = time.monotonic()

    def call(_number):
        with queue.call(False):
            pass

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(call, range(20)))
    # Each success raises the rate a little.
    assert time.monotonic() - started > 0.6


def test_without_one_rate_a_throttled_call_leaves_the_others_alone(stopping):
    queue = CallQueue(10, one_rate=False)
    with pytest.raises(ClientError), queue.call(True):
        raise THROTTLED
    with time_limit(60), queue.call(True):
        pass
    assert math.isinf(queue.calls_per_second)


def test_a_stop_ends_the_calls_that_wait(stopping):
    queue, ended = CallQueue(1), []

    def call():
        try:
            with queue.call(True):
                ended.append("sent")
        except stop.Stopped as error:
            ended.append(str(error))

    with queue.call(False):
        thread = threading.Thread(target=call)
        thread.start()
        until(lambda: queue._turns)
        stopping.request("of a test")
        thread.join(10)
    assert ended == ["the task was stopped because of a test"]
    with stopping.finishing(), queue.call(True):
        ended.append("finished")
    assert ended[-1] == "finished"


def test_a_call_does_not_wait_longer_than_its_resource_may_take(stopping):
    queue = CallQueue(1)
    with time_limit(0.2) as deadline, queue.call(False):
        assert deadline.remaining() <= 0.2
        with pytest.raises(TimeLimitExceeded, match=r"wait_timeout 0\.2 s"), queue.call(False):
            pytest.fail("It was sent.")
    with queue.call(False):
        pass


def test_the_time_of_a_resource_starts_with_its_first_call():
    with time_limit(0.05) as deadline:
        time.sleep(0.1)
        assert deadline.remaining() == 0.05
        deadline.start()
        time.sleep(0.1)
        assert deadline.remaining() == 0
        with time_limit(60) as inner:
            assert inner is deadline
