# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A SageMaker that gives the answers that a unit test wrote down."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from types import SimpleNamespace

import botocore.session
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws import polls, stale_reads
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.sagemaker_api import SageMakerApi
from botocore.exceptions import ClientError


@cache
def meta():
    return botocore.session.get_session().create_client("sagemaker", "eu-west-1").meta


def refusal(code, message=""):
    """An answer that is an error."""
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(response, "AnOperation")


class ScriptedSageMaker:
    """Stands for a RateLimitedClient: each operation gives its answers in order, and the last one again and again.

    An operation without answers succeeds. C(calls) counts the calls.
    """

    def __init__(self, **answers):
        self.calls = Counter()
        self.meta = meta()
        self.queue = SimpleNamespace(calls_per_second=math.inf)
        self._answers = {operation: list(given) for operation, given in answers.items()}

    def __getattr__(self, operation):
        def call(**_request):
            self.calls[operation] += 1
            given = self._answers.get(operation, [{}])
            answer = given.pop(0) if len(given) > 1 else given[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def api(self):
        return SageMakerApi(self, "eu-west-1", 10)


def hurry(monkeypatch, stale_seconds=60.0):
    """Poll without pauses, and take answers for stale for so many seconds."""
    monkeypatch.setattr(polls, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(polls, "_PAUSE", 0.01)
    monkeypatch.setattr(stale_reads, "_PAUSE", 0.01)
    monkeypatch.setattr(stale_reads, "SECONDS", stale_seconds)
