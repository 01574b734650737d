# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The lifecycle configurations attached to a domain or user profile, current and desired. Pure.

Source of the shapes: botocore's service model of SageMaker (UserSettings, DefaultSpaceSettings); of the difference
between built-in and default: AWS's guide to lifecycle configurations within Studio.
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
# Shared spaces take their settings from here and not from DefaultUserSettings, and have no Code Editor.
SHARED_SPACES = "DefaultSpaceSettings"
_SHARED_SPACE_APPS = ("JupyterLab",)


@dataclass(frozen=True)
class Attachment:
    """The ARNs of the lifecycle configurations that are attached for one app type."""

    built_in: str | None = None
    default: str | None = None
    available: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        return {"built_in": self.built_in, "default": self.default, "available": list(self.available)}


@dataclass(frozen=True)
class Place:
    """Where to attach: the settings of one app type in a member of DescribeDomain or DescribeUserProfile."""

    app_type: str
    member: str

    @property
    def block(self) -> str:
        return f"{self.app_type}AppSettings"

    @property
    def label(self) -> str:
        return f"{self.app_type} in shared spaces" if self.member == SHARED_SPACES else self.app_type


@dataclass(frozen=True)
class Attachments:
    """The Attachment of each place of a domain or user profile."""

    by_place: tuple[tuple[Place, Attachment], ...]

    def as_dict(self) -> dict[str, t.Any]:
        """Return them by label, for the difference."""
        return {place.label: attachment.as_dict() for place, attachment in self.by_place}

    def by_app_type(self, shared_spaces: bool) -> dict[str, t.Any]:
        """Return them by app type, in the module's form: those of shared spaces, or all others."""
        return {
            place.app_type: attachment.as_dict()
            for place, attachment in self.by_place
            if (place.member == SHARED_SPACES) is shared_spaces
        }

    def arns(self) -> set[str]:
        """Return the ARNs of all attached lifecycle configurations."""
        return set(arns_in(list(self.as_dict().values())))


def from_api(description: dict[str, t.Any], member: str, app_types: t.Iterable[str]) -> Attachments:
    """Read the settings in C(member), and those of shared spaces where a domain supports them.

    SageMaker omits a member that was never set, and may describe a cleared value as "None".
    """
    app_types = list(app_types)
    places = [Place(app_type, member) for app_type in app_types]
    if description.get(SHARED_SPACES):
        places += [Place(app_type, SHARED_SPACES) for app_type in app_types if app_type in _SHARED_SPACE_APPS]
    return Attachments(tuple((place, _attachment(_block(description, place))) for place in places))


def _block(description: dict[str, t.Any], place: Place) -> dict[str, t.Any]:
    return description.get(place.member, {}).get(place.block, {})


def _attachment(block: dict[str, t.Any]) -> Attachment:
    return Attachment(
        _arn_or_none(block.get("BuiltInLifecycleConfigArn")),
        _arn_or_none(block.get("DefaultResourceSpec", {}).get("LifecycleConfigArn")),
        tuple(block.get("LifecycleConfigArns", [])),
    )


def _arn_or_none(arn: str | None) -> str | None:
    return None if arn in (None, "", CLEARED) else arn


def to_api(desired: Attachments, description: dict[str, t.Any]) -> dict[str, t.Any]:
    """Build the members of an update from the blocks that change.

    AWS's guide attaches by sending one block, so blocks that are not sent stay. AWS does not document whether a block
    that is sent replaces the current one or is merged with it: all its current keys are sent back, and a removed value
    is sent as "None".
    """
    request: dict[str, t.Any] = {}
    for place, attachment in desired.by_place:
        block = _block(description, place)
        current = _attachment(block)
        if attachment != current:
            request.setdefault(place.member, {})[place.block] = _block_to_api(attachment, current, block)
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
            (
                place,
                _attach(
                    _without(attachment, place.app_type, prefix), attachment, arns[place.app_type], place, attach_as
                ),
            )
            for place, attachment in current.by_place
        )
    )


def detach(current: Attachments, prefix: NamePrefix) -> Attachments:
    """Return the attachments without those that have the prefix."""
    return Attachments(
        tuple((place, _without(attachment, place.app_type, prefix)) for place, attachment in current.by_place)
    )


def _without(attachment: Attachment, app_type: str, prefix: NamePrefix) -> Attachment:
    def unless_own(arn: str | None) -> str | None:
        return None if arn and prefix.matches(arn, app_type) else arn

    return Attachment(
        unless_own(attachment.built_in),
        unless_own(attachment.default),
        tuple(arn for arn in attachment.available if unless_own(arn)),
    )


def _attach(others: Attachment, before: Attachment, arn: str, place: Place, attach_as: str) -> Attachment:
    if attach_as == "built_in":
        _refuse_conflict(others.built_in, place, "built-in", "default or available")
        return replace(others, built_in=arn)
    if attach_as == "default":
        _refuse_conflict(others.default, place, "default", "built_in or available")
        others = replace(others, default=arn)
    # At the index of an older one with the same prefix, or last.
    index = next((index for index, old in enumerate(before.available) if old not in others.available), None)
    available = list(others.available)
    available.insert(len(available) if index is None else index, arn)
    return replace(others, available=tuple(available))


def _refuse_conflict(arn: str | None, place: Place, kind: str, alternatives: str) -> None:
    if arn:
        raise SettingsError(
            f"{place.label} already has a {kind} lifecycle configuration, and it can have only one: {arn}. Detach it "
            f"first, or set attach_as to {alternatives}"
        )


def mismatches(
    desired: Attachments, described: Attachments, desired_now: Attachments
) -> list[tuple[str, t.Any, t.Any]]:
    """Return what SageMaker does not describe after an update: (place, requested, described).

    C(desired_now) is what the task would make of what is described now. A configuration that someone else attached
    meanwhile is no mismatch; one that is missing is.
    """
    now, next_ = dict(described.by_place), dict(desired_now.by_place)
    found = []
    for place, requested in desired.by_place:
        observed = now.get(place, Attachment())
        lost = set(requested.available) - set(observed.available)
        if observed != next_.get(place, Attachment()) or lost:
            found.append((place.label, requested.as_dict(), observed.as_dict()))
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
