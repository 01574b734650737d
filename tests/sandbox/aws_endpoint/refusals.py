# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An error answer of AWS, in the protocol of its service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from .aws_request import AwsRequest


@dataclass(frozen=True)
class Refusal:
    """An error answer of AWS, whatever its protocol."""

    code: str
    message: str
    status: int = 400


def invalid_credentials(request: AwsRequest) -> Refusal:
    """The answer to a key or token that AWS does not know, which a region that is not enabled gives as well."""
    text = "The security token included in the request is invalid"
    if request.service == "ec2":
        return Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if request.is_json:
        return Refusal("UnrecognizedClientException", f"{text}.")
    return Refusal("InvalidClientTokenId", f"{text}.", 403)


def expired_credentials(request: AwsRequest) -> Refusal:
    if request.service == "ec2":
        return Refusal("RequestExpired", "Request has expired.")
    text = "The security token included in the request is expired"
    return Refusal("ExpiredTokenException", text) if request.is_json else Refusal("ExpiredToken", text, 403)


def throttled(request: AwsRequest) -> Refusal:
    if request.service in ("organizations", "account"):
        text = "You have sent too many requests in too short a period of time. Please try again later."
        return Refusal("TooManyRequestsException", text, 429 if request.service == "account" else 400)
    if request.service == "ec2":
        return Refusal("RequestLimitExceeded", "Request limit exceeded.", 503)
    return Refusal("ThrottlingException" if request.is_json else "Throttling", "Rate exceeded")


def refuse(refusal: Refusal, request: AwsRequest, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuse in the protocol that the request came in."""
    if request.is_json:
        return refuse_json(refusal, start_response)
    error = f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>"
    is_ec2 = request.service == "ec2"
    body = f"<Response><Errors>{error}</Errors></Response>" if is_ec2 else f"<ErrorResponse>{error}</ErrorResponse>"
    headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(body.encode())))]
    start_response(f"{refusal.status} {refusal.code}", headers)
    return [body.encode()]


def refuse_json(refusal: Refusal, start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = json.dumps({"__type": refusal.code, "Message": refusal.message, "message": refusal.message}).encode()
    headers = [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("Content-Length", str(len(body))),
        ("X-Amzn-Errortype", refusal.code),
    ]
    start_response(f"{refusal.status} {refusal.code}", headers)
    return [body]
