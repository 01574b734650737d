# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Tell AWS's answers from the pages of a proxy or firewall.

botocore does not: for some protocols, a page of HTML with status 200 is an empty answer, for others an error that is
not a BotoCoreError.
"""

from __future__ import annotations

import typing as t

try:
    from botocore.exceptions import BotoCoreError
except ImportError:
    # AnsibleAWSModule reports the missing library before any of this is used.
    BotoCoreError = Exception


class NotAwsAnswerError(BotoCoreError):
    """The answer does not come from AWS."""

    fmt = (
        "{operation} was answered by a page that is not AWS's. A proxy or firewall is in between: check HTTPS_PROXY "
        "and NO_PROXY, or let it pass calls to AWS."
    )


def refuse_pages(client: t.Any) -> t.Any:
    """Make a boto3 client raise NotAwsAnswerError where something else than AWS answers. Returns the client."""
    client.meta.events.register("before-parse", _refuse_page)
    return client


def _refuse_page(operation_model: t.Any, response_dict: dict[str, t.Any], **_other: t.Any) -> None:
    content_type = str(response_dict["headers"].get("content-type", ""))
    # A page with a 5xx status may be a passing fault, which is retried.
    if content_type.startswith("text/html") and response_dict["status_code"] < 500:
        raise NotAwsAnswerError(operation=operation_model.name)
