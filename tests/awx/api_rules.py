# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX 24.6 refuses in a credential type, a notification, a schedule and an approval (awx/api/serializers.py)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jinja2
from dateutil import rrule, tz

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES: dict[str, type] = {"string": str, "password": str, "int": int, "bool": bool, "list": list, "object": dict}
# The fields of a notification's configuration and their types; AWX has defaults of its own for some of them.
_NOTIFICATION_FIELDS = {
    "webhook": {
        "url": "string",
        "http_method": "string",
        "disable_ssl_verification": "bool",
        "username": "string",
        "password": "password",
        "headers": "object",
    },
    "email": {
        "host": "string",
        "port": "int",
        "username": "string",
        "password": "password",
        "use_tls": "bool",
        "use_ssl": "bool",
        "sender": "string",
        "recipients": "list",
        "timeout": "int",
    },
}
_WITH_DEFAULT = {"http_method", "disable_ssl_verification", "timeout"}
_LARGEST_INTEGER = 2**31 - 1
_LARGEST_COUNT = 999


def of_credential_type(item: dict[str, Any]) -> Iterator[str]:
    """Yield the injectors that AWX cannot render."""
    fields = {entry["id"]: "EXAMPLE" for entry in item["inputs"].get("fields", [])}
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    for name, template in item["injectors"].get("env", {}).items():
        try:
            environment.from_string(template).render(fields)
        except jinja2.TemplateError as error:
            yield f"{name} uses an undefined field ({error})"


def of_notification(item: dict[str, Any]) -> Iterator[str]:
    """Yield the missing fields of a notification's configuration, and those of another type."""
    configuration = item["notification_configuration"]
    for name, kind in _NOTIFICATION_FIELDS[item["notification_type"]].items():
        if name not in configuration:
            if name not in _WITH_DEFAULT:
                yield f"Missing required fields for Notification Configuration: {name}."
        # As AWX does: True is no number.
        elif type(configuration[name]) is not _TYPES[kind]:
            yield f"Configuration field '{name}' incorrect type, expected {kind}."
        elif configuration[name] == []:
            yield f"No values specified for field '{name}'"


def of_rrule(text: str) -> Iterator[str]:
    """Yield why AWX refuses a recurrence rule."""
    starts = re.findall(r".*?(DTSTART(;[^:]+)?\:[0-9]+T[0-9]+Z?)", text)
    if not starts:
        yield "Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ"
    if len(starts) > 1:
        yield "Multiple DTSTART is not supported."
    if re.search(r"DTSTART:[0-9]+T[0-9]+ ", text):
        yield "DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ."
    if "rrule:" not in text.lower():
        yield "One or more rule required in rrule."
    for name in ("EXDATE", "RDATE"):
        if f"{name.lower()}:" in text.lower():
            yield f"{name} not allowed in rrule."
    for rule in re.findall(r".*?(RULE\:[^\s]*)", text):
        yield from _of_rule(rule)
    try:
        rrule.rrulestr(text, tzinfos={"UTC": tz.UTC}, forceset=True)
    except Exception as error:
        yield f"rrule parsing failed validation: {error}"


def _of_rule(rule: str) -> Iterator[str]:
    if "interval" not in rule.lower():
        yield f"INTERVAL required in rrule: {rule}"
    elif "secondly" in rule.lower():
        yield f"SECONDLY is not supported: {rule}"
    if re.match(r".*?BYDAY[\:\=][0-9]+[a-zA-Z]{2}", rule):
        yield f"BYDAY with numeric prefix not supported: {rule}"
    if "COUNT" in rule and "UNTIL" in rule:
        yield f"RRULE may not contain both COUNT and UNTIL: {rule}"
    if (count := re.search(r"COUNT=([0-9]+)", rule)) and int(count[1]) > _LARGEST_COUNT:
        yield f"COUNT > 999 is unsupported: {rule}"


def of_approval(item: dict[str, Any]) -> Iterator[str]:
    """Yield why AWX refuses the timeout of an approval."""
    if type(item["timeout"]) is not int:
        yield "A valid integer is required."
    elif abs(item["timeout"]) > _LARGEST_INTEGER:
        yield f"Ensure this value is less than or equal to {_LARGEST_INTEGER}."
