# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations attached to a domain or user profile, current and desired. Pure.

Source of the shapes: botocore's service model of SageMaker (UserSettings); of the difference between built-in and
default: AWS's guide to lifecycle configurations within Studio.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

if t.TYPE_CHECKING:
    from ansible_collections.mlops.studio_local_mode.plugins.module_utils._lifecycle_configs.names import NamePrefix

# botocore's documentation of ResourceSpec: "To clear the value set ..., pass None as the value"; the patterns of these
# ARNs accept the same word.
CLEARED = "None"


@dataclass(frozen=True)
class Attachment:
    """The ARNs of the lifecycle configurations that are attached for one app type."""

    built_in: str | None = None
    default: str | None = None
    available: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        return {"built_in": self.built_in, "default": self.default, "available": list(self.available)}


@dataclass(frozen=True)
class Attachments:
    """The Attachment of each app type of a task."""

    by_app_type: tuple[tuple[str, Attachment], ...]

    def as_dict(self) -> dict[str, t.Any]:
        """Return them in the module's form."""
        return {app_type: attachment.as_dict() for app_type, attachment in self.by_app_type}


def from_api(settings: dict[str, t.Any], app_types: t.Iterable[str]) -> Attachments:
    """Read UserSettings; SageMaker omits a member that was never set, and may describe a cleared one as "None"."""

    def attachment(block: dict[str, t.Any]) -> Attachment:
        return Attachment(
            _arn_or_none(block.get("BuiltInLifecycleConfigArn")),
            _arn_or_none(block.get("DefaultResourceSpec", {}).get("LifecycleConfigArn")),
            tuple(block.get("LifecycleConfigArns", [])),
        )

    return Attachments(tuple((app_type, attachment(settings.get(block_name(app_type), {}))) for app_type in app_types))


def _arn_or_none(arn: str | None) -> str | None:
    return None if arn in (None, "", CLEARED) else arn


def block_name(app_type: str) -> str:
    """Return the member of UserSettings with the settings of these apps."""
    return f"{app_type}AppSettings"


def to_api(desired: Attachments, settings: dict[str, t.Any]) -> dict[str, t.Any]:
    """Build the UserSettings of an update from the blocks that change.

    AWS's guide attaches by sending one block, so blocks that are not sent stay. AWS does not document whether a block
    that is sent replaces the current one or is merged with it: all its current keys are sent back, and a removed value
    is sent as "None".
    """
    request = {}
    described = from_api(settings, [app_type for app_type, _attachment in desired.by_app_type])
    for (app_type, attachment), (_app_type, current) in zip(desired.by_app_type, described.by_app_type):
        if attachment != current:
            block = settings.get(block_name(app_type), {})
            request[block_name(app_type)] = _block_to_api(attachment, current, block)
    return request


def _block_to_api(desired: Attachment, current: Attachment, block: dict[str, t.Any]) -> dict[str, t.Any]:
    request = dict(block)
    if desired.built_in or current.built_in:
        request["BuiltInLifecycleConfigArn"] = desired.built_in or CLEARED
    if desired.default or current.default:
        spec = block.get("DefaultResourceSpec", {})
        request["DefaultResourceSpec"] = {**spec, "LifecycleConfigArn": desired.default or CLEARED}
    if desired.available or "LifecycleConfigArns" in block:
        request["LifecycleConfigArns"] = list(desired.available)
    return request


def attach(current: Attachments, arns: t.Mapping[str, str], prefix: NamePrefix, attach_as: str) -> Attachments:
    """Return the attachments with C(arns) (ARN by app type) in place of older ones with the same prefix.

    Raises SettingsError where the only built-in or default configuration has another prefix.
    """
    return Attachments(
        tuple(
            (app_type, _attach(_without(attachment, app_type, prefix), attachment, arns[app_type], app_type, attach_as))
            for app_type, attachment in current.by_app_type
        )
    )


def detach(current: Attachments, prefix: NamePrefix) -> Attachments:
    """Return the attachments without those that have the prefix."""
    return Attachments(
        tuple((app_type, _without(attachment, app_type, prefix)) for app_type, attachment in current.by_app_type)
    )


def _without(attachment: Attachment, app_type: str, prefix: NamePrefix) -> Attachment:
    def unless_own(arn: str | None) -> str | None:
        return None if arn and prefix.matches(arn, app_type) else arn

    return Attachment(
        unless_own(attachment.built_in),
        unless_own(attachment.default),
        tuple(arn for arn in attachment.available if unless_own(arn)),
    )


def _attach(others: Attachment, before: Attachment, arn: str, app_type: str, attach_as: str) -> Attachment:
    if attach_as == "built_in":
        _refuse_conflict(others.built_in, app_type, "built-in", "default or available")
        return replace(others, built_in=arn)
    if attach_as == "default":
        _refuse_conflict(others.default, app_type, "default", "built_in or available")
        others = replace(others, default=arn)
    # At the index of an older one with the same prefix, or last.
    place = next((index for index, old in enumerate(before.available) if old not in others.available), None)
    available = list(others.available)
    available.insert(len(available) if place is None else place, arn)
    return replace(others, available=tuple(available))


def _refuse_conflict(arn: str | None, app_type: str, kind: str, alternatives: str) -> None:
    if arn:
        raise SettingsError(
            f"{app_type} already has a {kind} lifecycle configuration, and it can have only one: {arn}. Detach it "
            f"first, or set attach_as to {alternatives}"
        )


def mismatches(
    desired: Attachments, described: Attachments, desired_now: Attachments
) -> list[tuple[str, t.Any, t.Any]]:
    """Return what SageMaker does not describe after an update: (app type, requested, described).

    C(desired_now) is what the task would make of what is described now. A configuration that someone else attached
    meanwhile is no mismatch; one that is missing is.
    """
    found = []
    for (app_type, requested), (_app_type, observed), (_app_type2, next_) in zip(
        desired.by_app_type, described.by_app_type, desired_now.by_app_type
    ):
        lost = set(requested.available) - set(observed.available)
        if observed != next_ or lost:
            found.append((app_type, requested.as_dict(), observed.as_dict()))
    return found


def arns_in(settings: t.Any) -> t.Iterator[str]:
    """Yield the ARN of every lifecycle configuration in settings of any shape."""
    if isinstance(settings, dict):
        settings = list(settings.values())
    if isinstance(settings, list):
        for item in settings:
            yield from arns_in(item)
    elif isinstance(settings, str) and ":studio-lifecycle-config/" in settings:
        yield settings
