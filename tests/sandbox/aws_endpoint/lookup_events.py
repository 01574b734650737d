# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudTrail's LookupEvents, which moto lacks. Its rate (2 calls a second) is among the documented ones in rates.py."""

from __future__ import annotations

import time
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult

from .aws_request import AwsRequest
from .refusals import Refusal
from .state import State
from .validation import check_request

_MOST_IN_PAGE = 50
_DAYS = 90 * 24 * 3600
_ATTRIBUTES = {
    "EventId": "EventId",
    "EventName": "EventName",
    "EventSource": "EventSource",
    "ReadOnly": "ReadOnly",
    "Username": "Username",
    "AccessKeyId": "AccessKeyId",
}


def install(state: State) -> None:
    CloudTrailResponse.lookup_events = lambda response: _lookup_events(response, state)


def refusal(request: AwsRequest) -> Refusal | None:
    if request.operation != "LookupEvents":
        return None
    parameters = dict(request.parameters)
    if len(parameters.get("LookupAttributes", [])) > 1:
        return Refusal("InvalidLookupAttributesException", "You can only specify one lookup attribute.")
    if not 1 <= parameters.get("MaxResults", 1) <= _MOST_IN_PAGE:
        return Refusal("InvalidMaxResultsException", "Max results must be between 1 and 50.")
    if parameters.get("StartTime", 0) > parameters.get("EndTime", float("inf")):
        return Refusal("InvalidTimeRangeException", "The start time must be before the end time.")
    return check_request(request.operation, parameters, "cloudtrail")


def _lookup_events(response: CloudTrailResponse, state: State) -> ActionResult:
    """The newest first, of the last 90 days, and none that is younger than the control `trail_delay_seconds`."""
    request = {
        name: response._get_param(name)
        for name in ("StartTime", "EndTime", "LookupAttributes", "MaxResults", "NextToken")
    }
    account, region = response.current_account, response.region
    now, delay = time.time(), state.desks.at(account, region).controls.trail_delay_seconds
    start = max(float(request["StartTime"] or 0), now - _DAYS)
    end = min(float(request["EndTime"] or now), now)
    found = [
        event.summary()
        for event in state.trail.newest_first(account, region)
        if start <= event.event_time <= end and event.time + delay <= now
    ]
    for attribute in request["LookupAttributes"] or []:
        found = [event for event in found if _has(event, attribute["AttributeKey"], attribute["AttributeValue"])]
    return ActionResult(_page(found, request))


def _has(event: dict[str, Any], key: str, value: str) -> bool:
    if key in ("ResourceName", "ResourceType"):
        return any(resource[key] == value for resource in event["Resources"])
    return bool(event[_ATTRIBUTES[key]] == value)


def _page(events: list[dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    """The token is the last event of the page before: events that arrive meanwhile move no page."""
    ids = [event["EventId"] for event in events]
    token = request["NextToken"]
    begin = ids.index(token) + 1 if token in ids else 0
    end = begin + int(request["MaxResults"] or _MOST_IN_PAGE)
    page: dict[str, Any] = {"Events": events[begin:end]}
    return {**page, "NextToken": ids[end - 1]} if end < len(events) else page
