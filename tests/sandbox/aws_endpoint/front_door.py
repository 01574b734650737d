# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front door: every AWS request is logged, delayed, perhaps refused, validated, and then passed to moto.

moto's account is that of the access key, its region that of the signature.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NoReturn

from .admission import admitted_account, refused
from .aws_request import AwsRequest, read_request
from .calls import Call, is_mutating
from .credentials import Caller, caller_of
from .faults import Drop, ProxyPage, next_fault
from .refusals import Refusal, expired_credentials, invalid_credentials, refuse, refuse_json
from .state import State
from .trail import SOURCES, Event
from .validation import check_request

AUTHOR_HEADER = "X-Sandbox-Author"
"""The principal (ARN) that CloudTrail names for an arranging call; without it, the one who signed it."""
ARRANGE_HEADER = "X-Sandbox-Arrange"
"""Marks a call with which a test arranges its world: no latency, fault or log. The value is the time of the call."""

_AUTHOR = "HTTP_" + AUTHOR_HEADER.upper().replace("-", "_")
_ACCOUNT_FOR_MOTO = "HTTP_X_MOTO_ACCOUNT_ID"

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FrontDoor:
    def __init__(self, app: WsgiApp, state: State) -> None:
        self._app = app
        self._state = state

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            request = read_request(environ)
        except ValueError as error:
            return refuse_json(Refusal("SerializationException", str(error)), start_response)
        caller = self._state.credentials.caller(request.access_key, request.token)
        if caller is None:
            return refuse(invalid_credentials(request), request, start_response)
        request = request.by(caller.account, caller.arn)
        environ[_ACCOUNT_FOR_MOTO] = admitted_account(request)
        if at := arrange_time(environ):
            call = replace(_call_of(request), time=at)
            author = environ.get(_AUTHOR)
            answer = self._serve(request, environ, _recording(call, start_response))
            return self._recorded(call, caller_of(author) if author else caller, answer, environ)
        call = _call_of(request)
        self._state.calls.add(call)
        desk = self._state.desks.at(request.account, request.region)
        due = time.monotonic() + desk.controls.latency_ms / 1000
        fault = self._refused_at_the_door(request, caller) or next_fault(desk, request)
        try:
            answer = self._meet(fault, request, environ, _recording(call, start_response))
        except ConnectionAbortedError:
            if call.status is not None:
                self._recorded(call, caller, [], environ)
            raise
        # The latency includes the time that moto takes.
        time.sleep(max(0.0, due - time.monotonic()))
        call.answered = True
        return self._recorded(call, caller, answer, environ)

    def _recorded(
        self, call: Call, caller: Caller, answer: Iterable[bytes], environ: dict[str, Any]
    ) -> Iterable[bytes]:
        """The answer, once the call is in CloudTrail's event history."""
        if call.service not in SOURCES:
            return answer
        body = b"".join(answer)
        self._state.trail.add(
            Event(
                caller=caller,
                access_key=call.principal,
                service=call.service,
                region=call.region,
                name=call.operation,
                parameters=call.parameters,
                read_only=not call.mutating,
                time=call.time,
                user_agent=environ.get("HTTP_USER_AGENT", ""),
                response=body if call.mutating or call.error else b"",
                error=call.error,
            )
        )
        return [body]

    def _refused_at_the_door(self, request: AwsRequest, caller: Caller) -> Refusal | None:
        if caller.has_expired:
            return expired_credentials(request)
        if not self._state.regions.serves(request.account, request.region, request.service):
            return invalid_credentials(request)
        return None

    def _meet(
        self,
        fault: Refusal | ProxyPage | Drop | None,
        request: AwsRequest,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        if isinstance(fault, Refusal):
            return refuse(fault, request, start_response)
        if isinstance(fault, ProxyPage):
            return _show(fault, start_response)
        if isinstance(fault, Drop):
            if fault.after_effect:
                self._serve(request, environ, start_response)
            _hang_up(environ)
        return self._serve(request, environ, start_response)

    def _serve(
        self, request: AwsRequest, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if request.is_sagemaker:
            refusal = check_request(request.operation, dict(request.parameters))
        else:
            refusal = refused(request, self._state)
        if refusal:
            return refuse(refusal, request, start_response)
        try:
            return self._app(environ, start_response)
        except NotImplementedError as error:
            lacking = Refusal("NotImplemented", f"The sandbox lacks this: {error}", 501)
            return refuse(lacking, request, start_response)


def arrange_time(environ: dict[str, Any]) -> float | None:
    """Seconds since the epoch at which an arranging call happens; None for every other call."""
    value = environ.get("HTTP_" + ARRANGE_HEADER.upper().replace("-", "_"))
    return float(value) if value else None


def _call_of(request: AwsRequest) -> Call:
    return Call(
        operation=request.operation,
        service=request.service,
        region=request.region,
        principal=request.access_key,
        parameters=request.parameters,
        mutating=is_mutating(request.operation),
        account=request.account,
    )


def _recording(call: Call, start_response: Callable[..., Any]) -> Callable[..., Any]:
    """A start_response that first records the answer in the call log."""

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        call.status = int(status.split()[0])
        if call.status >= 400:
            named = {name.lower(): value for name, value in headers}
            call.error = named.get("x-amzn-errortype", status)
        return start_response(status, headers, exc_info)

    return start


def _show(page: ProxyPage, start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [("Content-Type", "text/html"), ("Content-Length", str(len(page.body)))]
    start_response(f"{page.status} Proxy", headers)
    return [page.body]


def _hang_up(environ: dict[str, Any]) -> NoReturn:
    """Close the caller's connection; the exception makes werkzeug send no answer."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("the controls ask for this connection to be dropped")
