# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A boto3 client that sends its calls at a rate AWS accepts, and retries reads."""

from __future__ import annotations

import functools
import typing as t

try:
    from botocore.exceptions import BotoCoreError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library.

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.call_queue import CallQueue
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import CallError, explain
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.fixed_rate import FixedRate
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.retries import with_retries

_READS = ("describe_", "get_", "list_", "lookup_", "simulate_")

# The rates that AWS publishes, in calls a second ("SageMaker endpoints and quotas"; API reference of LookupEvents;
# "Quotas for AWS Account Management").
_PUBLISHED_RATES = {
    "create_studio_lifecycle_config": 1,
    "delete_studio_lifecycle_config": 1,
    "describe_studio_lifecycle_config": 5,
    "list_regions": 5,
    "list_studio_lifecycle_configs": 2,
    "lookup_events": 2,
}


class RateLimitedClient:
    """A boto3 client with at most C(limit) calls in flight, one rate for all threads, and retries of reads.

    A thread that sleeps between two polls or two retries does not count as in flight. Writes are not retried here:
    their request was computed from a description that would be stale by then.
    """

    def __init__(self, client: t.Any, limit: int, one_rate: bool = True) -> None:
        self.queue = CallQueue(limit, one_rate)
        self._client = client
        self._fixed_rates = {name: FixedRate(rate) for name, rate in _PUBLISHED_RATES.items()}

    def __getattr__(self, name: str) -> t.Any:
        attribute = getattr(self._client, name)
        if not callable(attribute):
            return attribute
        is_write = not name.startswith(_READS)
        fixed_rate = self._fixed_rates.get(name)

        @functools.wraps(attribute)
        def limited(*args: t.Any, **kwargs: t.Any) -> t.Any:
            if fixed_rate:
                fixed_rate.pause()
            with self.queue.call(is_write):
                try:
                    return attribute(*args, **kwargs)
                except BotoCoreError:
                    raise
                except (EOFError, OSError, ValueError) as error:
                    # botocore reads the credentials with the first call: it asks for an MFA code, or runs a helper.
                    raise CallError(explain(error, None)) from error

        if is_write:
            return limited
        return lambda *args, **kwargs: with_retries(functools.partial(limited, *args, **kwargs))
