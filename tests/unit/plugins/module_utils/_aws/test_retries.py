# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws import client, retries
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError


@pytest.fixture(autouse=True)
def sleeps(monkeypatch):
    taken = []
    monkeypatch.setattr(retries.stop, "pause", taken.append)
    return taken


def failing(*errors):
    """A call that raises the errors in turn and then answers."""
    left = list(errors)

    def call():
        if left:
            raise left.pop(0)
        return "answer"

    return call


def client_error(code, status=400):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "DescribeDomain")


@pytest.mark.parametrize(
    "error",
    [
        client_error("ThrottlingException"),
        client_error("SomethingNew", status=500),
        client_error("ServiceUnavailable", status=503),
        ConnectionClosedError(endpoint_url="https://x"),
    ],
    ids=["throttled", "unknown-5xx", "503", "dropped"],
)
def test_temporary_errors_are_retried_with_growing_jittered_pauses(error, sleeps):
    assert retries.with_retries(failing(*[error] * 5)) == "answer"
    assert len(sleeps) == 5
    assert all(0 <= taken <= 0.5 * 2**number for number, taken in enumerate(sleeps))
    assert len(set(sleeps)) == 5


def test_the_pauses_of_a_throttled_call_grow_only_without_a_shared_rate(monkeypatch, sleeps):
    monkeypatch.setattr(retries.random, "uniform", lambda _least, most: most)
    for shared_rate, expected in ((True, [0.5, 0.5, 0.5]), (False, [0.5, 1.0, 2.0])):
        sleeps.clear()
        retries.with_retries(failing(*[client_error("ThrottlingException")] * 3), shared_rate=shared_rate)
        assert sleeps == expected


@pytest.mark.parametrize(
    "error",
    [
        client_error("ValidationException"),
        client_error("AccessDeniedException"),
        client_error("ResourceInUse"),
        EndpointConnectionError(endpoint_url="https://x"),
    ],
    ids=["invalid", "denied", "in-use", "no-such-host"],
)
def test_permanent_errors_are_not_retried(error, sleeps):
    with pytest.raises(type(error)):
        retries.with_retries(failing(error))
    assert sleeps == []


def test_extra_codes_are_retried():
    assert retries.with_retries(failing(client_error("ResourceInUse")), "ResourceInUse") == "answer"


def test_attempts_are_bounded(sleeps):
    with pytest.raises(ClientError):
        retries.with_retries(failing(*[client_error("ThrottlingException")] * 3), attempts=3)
    assert len(sleeps) == 2


class CountingClient:
    """Stands for a boto3 client: counts how many of its calls run at the same time."""

    meta = "meta"

    def __init__(self):
        self.running, self.most, self.lock = 0, 0, threading.Lock()
        self.together = threading.Barrier(2)
        self.updates = 0

    def describe_domain(self, **kwargs):
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        # Two calls must be in flight at the same time, or this times out.
        self.together.wait(timeout=10)
        with self.lock:
            self.running -= 1
        return kwargs

    def update_domain(self, **kwargs):
        self.updates += 1
        raise client_error("ThrottlingException")


def test_no_more_calls_are_in_flight_than_allowed():
    counting = CountingClient()
    limited = client.RateLimitedClient(counting, limit=2)
    threads = [threading.Thread(target=limited.describe_domain, kwargs={"DomainId": "d"}) for dummy in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counting.most == 2


def test_writes_are_never_repeated_by_the_client():
    counting = CountingClient()
    with pytest.raises(ClientError):
        client.RateLimitedClient(counting, limit=1).update_domain(DomainId="d")
    assert counting.updates == 1


def test_an_attribute_that_is_no_call_is_passed_through():
    assert client.RateLimitedClient(CountingClient(), limit=1).meta == "meta"
