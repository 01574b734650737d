# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Studio lifecycle configurations: their names and content, and what a block of app settings becomes. Pure.

Source of the shapes and limits: botocore's service model of SageMaker (CreateStudioLifecycleConfig, UserSettings); of
the difference between built-in and default: AWS's guide to lifecycle configurations within Studio.
"""

from __future__ import annotations

import base64
import hashlib
import re
import typing as t
from dataclasses import dataclass, replace

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

MAX_CONTENT = 16_384
# botocore's documentation of ResourceSpec: "To clear the value set ..., pass None as the value"; the patterns of these
# ARNs have the same word.
CLEARED = "None"

_MAX_NAME = 63
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
_HASH_LENGTH = 12


@dataclass(frozen=True)
class Family:
    """All lifecycle configurations of one name, as the module's users know it.

    The service has no update, so that each content is a configuration of its own: NAME-APPTYPE-HASH.
    """

    name: str

    def check(self) -> None:
        """Raise SettingsError if SageMaker would refuse the names."""
        longest = _MAX_NAME - len("-kernelgateway-") - _HASH_LENGTH
        if not _NAME.fullmatch(self.name) or len(self.name) > longest:
            raise SettingsError(
                f"name is {self.name!r}, it must be at most {longest} letters, digits and inner hyphens: the app type "
                "and a hash of the content are added to it."
            )

    def config_name(self, app_type: str, content: bytes) -> str:
        """The name of the configuration that has this content."""
        return f"{self.name}-{app_type.lower()}-{hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]}"

    def has(self, arn_or_name: str, app_type: str) -> bool:
        """Whether this is one of the family's configurations for the app type, whatever its content."""
        prefix = re.escape(f"{self.name}-{app_type.lower()}-")
        return bool(re.fullmatch(f"{prefix}[0-9a-f]{{{_HASH_LENGTH}}}", arn_or_name.rpartition("/")[2]))


def encoded(content: bytes) -> str:
    """The content as the service takes it, in base64; SettingsError if there is none or too much."""
    if not content.strip():
        raise SettingsError("The script is empty.")
    text = base64.b64encode(content).decode()
    if len(text) > MAX_CONTENT:
        raise SettingsError(
            f"The script is too long: {len(content)} bytes are {len(text)} characters in base64, "
            f"{len(text) - MAX_CONTENT} more than the {MAX_CONTENT} that SageMaker takes. Shorten it by "
            f"{len(content) - MAX_CONTENT // 4 * 3} bytes, or let it fetch what it needs."
        )
    return text


@dataclass(frozen=True)
class Attachment:
    """The lifecycle configurations, by ARN, of one app type in the settings of a domain or user profile."""

    built_in: str | None = None
    default: str | None = None
    available: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        return {"built_in": self.built_in, "default": self.default, "available": list(self.available)}


@dataclass(frozen=True)
class Attachments:
    """The Attachment of each app type in question."""

    of: tuple[tuple[str, Attachment], ...]

    def as_dict(self) -> dict[str, t.Any]:
        """As the module returns them."""
        return {app_type: attachment.as_dict() for app_type, attachment in self.of}


def attachments_of(settings: dict[str, t.Any], app_types: t.Iterable[str]) -> Attachments:
    """Read UserSettings as described; what was never set is left out there, and what was cleared may be "None"."""

    def attachment(block: dict[str, t.Any]) -> Attachment:
        return Attachment(
            _set(block.get("BuiltInLifecycleConfigArn")),
            _set(block.get("DefaultResourceSpec", {}).get("LifecycleConfigArn")),
            tuple(block.get("LifecycleConfigArns", [])),
        )

    return Attachments(tuple((app_type, attachment(settings.get(block_name(app_type), {}))) for app_type in app_types))


def _set(arn: str | None) -> str | None:
    return None if arn in (None, "", CLEARED) else arn


def block_name(app_type: str) -> str:
    """The member of UserSettings that has the settings of these apps."""
    return f"{app_type}AppSettings"


def to_api(wanted: Attachments, settings: dict[str, t.Any]) -> dict[str, t.Any]:
    """Build the UserSettings of an update: the blocks that change, and nothing else.

    AWS's guide attaches by sending one block, so that those not sent stay. Whether a block that is sent replaces or is
    merged is not documented: all its keys are sent back as they were, and what is to go is cleared by word.
    """
    request = {}
    described = attachments_of(settings, [app_type for app_type, _attachment in wanted.of])
    for (app_type, attachment), (_app_type, current) in zip(wanted.of, described.of):
        if attachment != current:
            block = settings.get(block_name(app_type), {})
            request[block_name(app_type)] = _block_to_api(attachment, current, block)
    return request


def _block_to_api(wanted: Attachment, current: Attachment, block: dict[str, t.Any]) -> dict[str, t.Any]:
    request = dict(block)
    if wanted.built_in or current.built_in:
        request["BuiltInLifecycleConfigArn"] = wanted.built_in or CLEARED
    if wanted.default or current.default:
        spec = block.get("DefaultResourceSpec", {})
        request["DefaultResourceSpec"] = {**spec, "LifecycleConfigArn": wanted.default or CLEARED}
    if wanted.available or "LifecycleConfigArns" in block:
        request["LifecycleConfigArns"] = list(wanted.available)
    return request


def attached(current: Attachments, arns: t.Mapping[str, str], family: Family, attach_as: str) -> Attachments:
    """Return the attachments with C(arns) (app type to ARN) attached as asked, in place of older ones of the family.

    Raises SettingsError where a configuration of somebody else has the only place there is.
    """
    return Attachments(
        tuple(
            (app_type, _attach(_without(attachment, app_type, family), attachment, arns[app_type], app_type, attach_as))
            for app_type, attachment in current.of
        )
    )


def detached(current: Attachments, family: Family) -> Attachments:
    """Return the attachments without those of the family."""
    return Attachments(tuple((app_type, _without(attachment, app_type, family)) for app_type, attachment in current.of))


def _without(attachment: Attachment, app_type: str, family: Family) -> Attachment:
    def foreign(arn: str | None) -> str | None:
        return None if arn and family.has(arn, app_type) else arn

    return Attachment(
        foreign(attachment.built_in),
        foreign(attachment.default),
        tuple(arn for arn in attachment.available if foreign(arn)),
    )


def _attach(others: Attachment, before: Attachment, arn: str, app_type: str, attach_as: str) -> Attachment:
    if attach_as == "built_in":
        _refuse_if_taken(others.built_in, app_type, "built-in", "attach_as to default or available")
        return replace(others, built_in=arn)
    if attach_as == "default":
        _refuse_if_taken(others.default, app_type, "default", "attach_as to built_in or available")
        others = replace(others, default=arn)
    # Where an older one of the family stood, or last.
    place = next((index for index, old in enumerate(before.available) if old not in others.available), None)
    available = list(others.available)
    available.insert(len(available) if place is None else place, arn)
    return replace(others, available=tuple(available))


def _refuse_if_taken(arn: str | None, app_type: str, kind: str, way_out: str) -> None:
    if arn:
        raise SettingsError(
            f"{app_type} already has a {kind} lifecycle configuration, and there can be one only: {arn}. Detach it "
            f"first, or set {way_out}"
        )


def mismatches(
    wanted: Attachments, described: Attachments, still_desired: Attachments
) -> list[tuple[str, t.Any, t.Any]]:
    """What of an update is not described afterwards: (app type, asked, described).

    C(still_desired) is what the task would make of what is described now. What somebody else attached meanwhile is no
    fault of the update; what is gone is.
    """
    wrong = []
    for (app_type, asked), (_app_type, seen), (_app_type2, next_) in zip(wanted.of, described.of, still_desired.of):
        lost = set(asked.available) - set(seen.available)
        if seen != next_ or lost:
            wrong.append((app_type, asked.as_dict(), seen.as_dict()))
    return wrong


def arns_in(settings: t.Any) -> t.Iterator[str]:
    """Every lifecycle configuration that settings of whatever shape name."""
    if isinstance(settings, dict):
        settings = list(settings.values())
    if isinstance(settings, list):
        for item in settings:
            yield from arns_in(item)
    elif isinstance(settings, str) and ":studio-lifecycle-config/" in settings:
        yield settings
