# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Tell AWS's answers from the pages of a proxy or firewall.

botocore does not: a page of HTML with status 200 is an empty answer to it, or an error of its parser, which is not a
BotoCoreError.
"""

from __future__ import annotations

import functools
import typing as t

try:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    BotoCoreError = ClientError = ResponseParserError = Exception


class NotAwsAnswerError(BotoCoreError):
    """The answer does not come from AWS."""

    fmt = (
        "{operation} was answered by a page that is not AWS's. A proxy or firewall is in between: check HTTPS_PROXY "
        "and NO_PROXY, or let it pass calls to AWS."
    )


def require_aws(call: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """Return the client's method, which raises NotAwsAnswerError where something else answers."""

    @functools.wraps(call)
    def required(*args: t.Any, **kwargs: t.Any) -> t.Any:
        operation = getattr(call, "__name__", "The call")
        try:
            answer = call(*args, **kwargs)
        except ResponseParserError as error:
            raise NotAwsAnswerError(operation=operation) from error
        except ClientError as error:
            # A 5xx page may be a passing fault, which is retried.
            if _is_page(error.response) and error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                raise NotAwsAnswerError(operation=operation) from error
            raise
        if isinstance(answer, dict) and _is_page(answer):
            raise NotAwsAnswerError(operation=operation)
        return answer

    return required


def _is_page(answer: dict[str, t.Any]) -> bool:
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return str(headers.get("content-type", "")).startswith("text/html")
