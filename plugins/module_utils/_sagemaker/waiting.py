# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Waiting for a domain: how long, and in words what it was waited for in vain."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass

try:
    from botocore.exceptions import WaiterError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.amazon.aws.plugins.module_utils.waiter import custom_waiter_config
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.errors import DomainError

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.api import DomainApi


@dataclass(frozen=True)
class Patience:
    """How long to wait for a domain, profile or app, in seconds, or that nobody waits."""

    wait: bool
    timeout: int


class WrongStatus(DomainError):
    """It ended in another status than the one waited for; C(description) is the last there is."""

    def __init__(self, message: str, description: dict[str, t.Any]) -> None:
        super().__init__(message)
        self.description = description


def wait_for(api: DomainApi, waiter_name: str, resource: dict[str, str], patience: Patience, pause: int = 2) -> None:
    """Wait with a waiter of DomainWaiterFactory for the resource its Describe operation finds by these parameters.

    C(pause) is between two looks, in seconds. Raises WrongStatus with the status it ended in and its FailureReason, or
    DomainError when that took too long.
    """
    started = time.monotonic()
    try:
        api.wait(waiter_name, resource, custom_waiter_config(patience.timeout, pause))
    except WaiterError as error:
        last = error.last_response
        status = last.get("Status")
        if not status:
            raise DomainError(f"waiting for it failed: {error}") from error
        if _is_an_end(status, waiter_name):
            reason = last.get("FailureReason") or "SageMaker gives no FailureReason"
            raise WrongStatus(f"it ended in status {status}: {reason}", last) from error
        raise DomainError(
            f"it was still {status} after {time.monotonic() - started:.0f} s (wait_timeout {patience.timeout} s): "
            "run this again later, or raise wait_timeout"
        ) from error


def _is_an_end(status: str, waiter_name: str) -> bool:
    return status.endswith("Failed") or (status in ("Deleting", "Deleted") and "_deleted" not in waiter_name)
