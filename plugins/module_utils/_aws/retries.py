# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Retries of AWS calls: the retried errors, and the back-off between two attempts."""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import ClientError, ConnectTimeoutError, HTTPClientError

    _TRANSPORT = (HTTPClientError, ConnectTimeoutError)
    _RETRIED: t.Any = (ClientError, *_TRANSPORT)
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    _RETRIED = type(None)

from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


class SageMakerRetry(AWSRetry):
    """amazon.aws's retries, extended to dropped connections and to any 5xx."""

    base_class = _RETRIED

    @staticmethod
    def status_code_from_exception(error: t.Any) -> str:
        if isinstance(error, _TRANSPORT):
            return "Unavailable"
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
            return "InternalError"
        return error.response["Error"]["Code"]


def with_retries(call: t.Callable[[], t.Any], *extra_codes: str, attempts: int = 10) -> t.Any:
    """Call until success, a permanent failure, or the last of C(attempts); pauses grow to 20 s, with full jitter.

    Each call gets a new decorator, because the one of amazon.aws keeps its delay in an object that threads would share.
    """
    decorate = SageMakerRetry.jittered_backoff(
        retries=attempts, delay=0.5, max_delay=20, catch_extra_error_codes=["ThrottlingException", *extra_codes]
    )
    return decorate(call)()
