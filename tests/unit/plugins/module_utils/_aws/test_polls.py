# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws import polls as polls_module
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.waiters import (
    UnexpectedStatus,
    WaitPolicy,
    wait_for,
)
from botocore.exceptions import ClientError

from tests.unit.scripted_sagemaker import meta


class Studio:
    """Stands for a RateLimitedClient of SageMaker without limit, with domains that are Updating for so many seconds."""

    def __init__(self, domains, seconds=0.6, end="InService", list_denied=False):
        self.calls = Counter()
        self.meta = meta()
        self.queue = SimpleNamespace(calls_per_second=math.inf)
        self.end = end
        self.list_denied = list_denied
        self._ids = [f"d-{number}" for number in range(domains)]
        self._until = time.monotonic() + seconds

    def _status(self):
        return "Updating" if time.monotonic() < self._until else self.end

    def describe_domain(self, DomainId):
        self.calls["describe"] += 1
        if self.end == "gone" and self._status() == "gone":
            raise ClientError({"Error": {"Code": "ResourceNotFound"}}, "DescribeDomain")
        return {"DomainId": DomainId, "Status": self._status(), "FailureReason": "a reason", "Settings": "all"}

    def list_domains(self, **_page):
        self.calls["list"] += 1
        if self.list_denied:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListDomains")
        listed = [] if self._status() == "gone" else self._ids
        return {"Domains": [{"DomainId": domain_id, "Status": self._status()} for domain_id in listed]}


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.setattr(polls_module, "_FIRST_PAUSE", 0.05)
    monkeypatch.setattr(polls_module, "_PAUSE", 0.2)


def wait_for_all(client, waiter="domain_in_service"):
    api = SageMakerApi(client, "eu-west-1", 10)

    def wait(domain_id):
        return wait_for(api, waiter, {"DomainId": domain_id}, WaitPolicy(wait=True, timeout=10), pause=0.2)

    with ThreadPoolExecutor(50) as pool:
        return list(pool.map(wait, client._ids))


def test_many_waiting_threads_share_the_list_and_describe_once_at_the_end():
    client = Studio(40)
    descriptions = wait_for_all(client)
    assert [description["Settings"] for description in descriptions] == ["all"] * 40
    assert client.calls["describe"] == 40
    assert client.calls["list"] <= 8


def test_a_single_waiting_thread_describes():
    client = Studio(1)
    [description] = wait_for_all(client)
    assert description["Status"] == "InService"
    assert client.calls["list"] == 0


def test_without_the_permission_to_list_each_thread_describes():
    client = Studio(5, list_denied=True)
    assert [description["Status"] for description in wait_for_all(client)] == ["InService"] * 5
    assert client.calls["list"] == 1


def test_a_failure_has_the_reason_that_no_list_has():
    with pytest.raises(UnexpectedStatus, match="it ended in status Update_Failed: a reason") as raised:
        wait_for_all(Studio(5, end="Update_Failed"))
    assert raised.value.description["Settings"] == "all"


def test_a_resource_that_left_the_list_is_described_to_be_sure():
    client = Studio(5, end="gone")
    assert wait_for_all(client, "domain_deleted") == [None] * 5
    assert client.calls["describe"] == 5
