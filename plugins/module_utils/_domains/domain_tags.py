# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Tags of a domain: validate them, and compute changes and the result. Pure functions.

Source of the limits: botocore's service model of SageMaker (Tag, AddTags), and AWS's guide to tagging for C(aws:).
"""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

MAX_TAGS = 50
_MAX_KEY, _MAX_VALUE = 128, 256


def validate(tags: dict[t.Any, t.Any]) -> dict[str, str]:
    """Return the tags as strings, or raise SettingsError that names each tag that AWS would refuse."""
    texts = {str(key): "" if value is None else str(value) for key, value in tags.items()}
    problems = [problem for key, value in texts.items() if (problem := _problem(key, value))]
    if len(texts) > MAX_TAGS:
        problems.append(f"a domain has at most {MAX_TAGS} tags, {len(texts)} were given")
    if problems:
        raise SettingsError(f"tags: {'; '.join(problems)}.")
    return texts


def _problem(key: str, value: str) -> str | None:
    if key.lower().startswith("aws:"):
        return f"the key {key!r} begins with aws:, which AWS reserves"
    if not 1 <= len(key) <= _MAX_KEY:
        return f"the key {key!r} has {len(key)} characters, it must have 1 to {_MAX_KEY}"
    if len(value) > _MAX_VALUE:
        return f"the value of {key!r} has {len(value)} characters, at most {_MAX_VALUE} are allowed"
    return None


def changes(current: dict[str, str], desired: dict[str, str] | None, purge: bool) -> tuple[dict[str, str], list[str]]:
    """Return the tags to set and the keys to remove; C(desired) None keeps all tags."""
    if desired is None:
        return {}, []
    to_set, to_remove = compare_aws_tags(current, desired, purge)
    return to_set, to_remove


def after(current: dict[str, str], to_set: dict[str, str], to_remove: t.Iterable[str]) -> dict[str, str]:
    """Return the tags after these changes, or raise SettingsError if a domain cannot have so many."""
    tags = {key: value for key, value in {**current, **to_set}.items() if key not in set(to_remove)}
    own = [key for key in tags if not key.startswith("aws:")]
    if len(own) > MAX_TAGS:
        raise SettingsError(
            f"tags: a domain has at most {MAX_TAGS} tags, with its present tags it would have {len(own)}."
        )
    return tags
