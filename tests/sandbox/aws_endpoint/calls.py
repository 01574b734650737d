# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call log: every AWS call the endpoint received, in order of arrival."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_READING = ("Describe", "List", "Lookup", "Get", "Search", "Head", "BatchGet", "BatchDescribe", "Simulate", "Query")


@dataclass
class Call:
    """One AWS call.

    `time` is the arrival in seconds since the epoch, `principal` the access key, `account` the key's. `status` (HTTP)
    and `error` (code) are the service's decision, None before it; `answered` is False when the caller got no answer.
    """

    operation: str
    service: str
    region: str
    principal: str
    parameters: Mapping[str, Any]
    mutating: bool
    account: str
    time: float = field(default_factory=time.time)
    status: int | None = None
    error: str | None = None
    answered: bool = False


def is_mutating(operation: str) -> bool:
    return not operation.startswith(_READING)


class CallLog:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()

    def as_list(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(call) for call in self._calls]
