# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Retries of AWS calls: the retried errors, the pauses between two attempts, and the end."""

from __future__ import annotations

import random
import typing as t

try:
    from botocore.exceptions import ClientError, ConnectTimeoutError, HTTPClientError

    _TRANSPORT = (HTTPClientError, ConnectTimeoutError)
    _RETRIED: t.Any = (ClientError, *_TRANSPORT)
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    _RETRIED = ()

from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.connection_failures import is_invalid_header
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import (
    TimeLimitExceeded,
    current_deadline,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import is_throttled
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.stop import stop

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.deadline import Deadline

_ATTEMPTS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0
_IN_USE = "ResourceInUse"


def with_retries(
    call: t.Callable[[], t.Any], *extra_codes: str, attempts: int = _ATTEMPTS, shared_rate: bool = True
) -> t.Any:
    """Call until success or a permanent failure; the pauses grow to 20 s, with full jitter.

    Those after a throttled call do not: the rate that all calls of the client share makes them wait. Without such a
    rate (C(shared_rate) is false) they do.

    The number of attempts ends it, and the deadline of the resource as well. Where there is a deadline, it alone ends
    the retries of refused calls (throttled, resource in use), because somebody else decides how long that takes.
    amazon.aws's retries know no deadline; the errors they retry are retried here, too.
    """
    attempt = 0
    last: Exception | None = None
    while True:
        attempt += 1
        try:
            return call()
        except TimeLimitExceeded:
            if last is None:
                raise
            raise _time_is_over(last) from last
        except _RETRIED as error:
            if not _is_temporary(error, extra_codes):
                raise
            _pause_or_give_up(error, attempt, attempts, shared_rate)
            last = error


def _pause_or_give_up(error: Exception, attempt: int, attempts: int, shared_rate: bool) -> None:
    """Sleep before the next attempt; raise the error, or that the deadline has passed, when there is none."""
    deadline = current_deadline()
    if attempt >= attempts and not (deadline and _is_refused(error)):
        raise error
    # Long sleeps on top of the shared rate would only delay the last ones.
    longest = _FIRST_PAUSE if shared_rate and is_throttled(error) else _LONGEST_PAUSE
    pause = random.uniform(0, min(longest, _FIRST_PAUSE * 2 ** (attempt - 1)))  # noqa: S311 - no secret
    if deadline:
        remaining = deadline.remaining()
        if not remaining:
            raise _time_is_over(error) from error
        pause = min(pause, remaining)
    stop.pause(pause)


def _time_is_over(error: Exception) -> Exception:
    """Return the failure at the deadline, which tells what AWS answered last."""
    return t.cast("Deadline", current_deadline()).error(f"still answered {_code(error)}")


def _is_temporary(error: t.Any, extra_codes: t.Sequence[str]) -> bool:
    """Whether another attempt may succeed: amazon.aws's errors, dropped connections, any 5xx, throttling."""
    if isinstance(error, _TRANSPORT):
        return not is_invalid_header(error)
    if is_throttled(error):
        return True
    if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return True
    return bool(AWSRetry.found(_code(error), extra_codes))


def _is_refused(error: Exception) -> bool:
    return is_throttled(error) or _code(error) == _IN_USE


def _code(error: t.Any) -> str:
    return t.cast("str", error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__
