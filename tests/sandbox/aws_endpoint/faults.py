# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that the controls request: calls refused before any operation sees them."""

from __future__ import annotations

from dataclasses import dataclass

from .aws_request import AwsRequest
from .controls import ControlDesk, Controls, selects
from .denials import denial, refused_credentials
from .refusals import Refusal, throttled
from .required_actions import subject


@dataclass(frozen=True)
class ProxyPage:
    """A page of a proxy between the caller and AWS, in place of AWS's answer."""

    status: int

    body = b"<html><head><title>Access denied</title></head><body>The proxy denies this.</body></html>"


@dataclass(frozen=True)
class Drop:
    """The connection is closed without an answer, before or after the call had its effect."""

    after_effect: bool


def next_fault(desk: ControlDesk, request: AwsRequest) -> Refusal | ProxyPage | Drop | None:
    """The fault for this call, or None. Counts the calls of SageMaker, whose faults are the most."""
    if not request.is_sagemaker:
        return _fault_of_any_service(desk, request)
    controls, call_number, busy = desk.count(request.operation)
    if page := _proxy_page(controls, request):
        return page
    if not _within_rate(desk, request):
        return throttled(request)
    if refusal := refused_credentials(controls) or denial(controls, request):
        return refusal
    if _is_nth(call_number, controls.drop_every):
        return Drop(after_effect=controls.drop_moment == "after")
    if _is_nth(call_number, controls.error_every):
        return Refusal("InternalFailure", "The request processing has failed because of an unknown error.", 500)
    if _is_nth(call_number, controls.throttle_every):
        return Refusal("ThrottlingException", "Rate exceeded")
    domain_id = request.parameters.get("DomainId") or request.parameters.get("DomainIdEquals")
    if domain_id and selects(controls.forgotten_domains, domain_id):
        return Refusal("ResourceNotFound", f"Domain [{domain_id}] does not exist.")
    if busy:
        return Refusal("ResourceInUse", f"{subject(request.parameters)} is busy.")
    return None


def _fault_of_any_service(desk: ControlDesk, request: AwsRequest) -> Refusal | ProxyPage | None:
    controls = desk.controls
    if page := _proxy_page(controls, request):
        return page
    return denial(controls, request) if _within_rate(desk, request) else throttled(request)


def _within_rate(desk: ControlDesk, request: AwsRequest) -> bool:
    return desk.within_rate(request.service, request.operation, (request.account, request.region))


def _proxy_page(controls: Controls, request: AwsRequest) -> ProxyPage | None:
    status = controls.proxy_pages.get(f"{request.service}:{request.operation}")
    return ProxyPage(status) if status else None


def _is_nth(number: int, every: int) -> bool:
    return every > 0 and number % every == 0
