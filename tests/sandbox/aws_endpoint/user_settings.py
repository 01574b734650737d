# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What UpdateDomain and UpdateUserProfile make of UserSettings, and what a new app takes from them. Pure functions.

AWS's guide detaches lifecycle configurations by sending one block of app settings and nothing else, so the members of
UserSettings that were not sent stay; within a block the controls choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .controls import Controls
from .semantics import applied

# botocore's documentation of ResourceSpec: "To clear the value set ..., pass None as the value"; the patterns of the
# lifecycle configurations' ARNs have the same word.
_CLEARED = "None"
_SPEC = "DefaultResourceSpec"


def updated_user_settings(current: dict[str, Any], update: dict[str, Any], controls: Controls) -> dict[str, Any]:
    settings = dict(current)
    for name, value in update.items():
        is_block = name.endswith("AppSettings")
        settings[name] = updated_app_settings(current.get(name, {}), value, controls) if is_block else value
    return settings


def updated_app_settings(before: dict[str, Any], update: dict[str, Any], controls: Controls) -> dict[str, Any]:
    after = applied(before, update, controls, controls.ignored_app_settings)
    if _SPEC in update and _SPEC in after:
        after[_SPEC] = _uncleared(applied(before.get(_SPEC, {}), after[_SPEC], controls, []))
    return _uncleared(after)


def launched_with(
    request: dict[str, Any], space: dict[str, Any], user: dict[str, Any], domain: dict[str, Any]
) -> dict[str, Any]:
    """ResourceSpec and BuiltInLifecycleConfigArn of an app; the settings are those of its space, user and domain.

    The nearest that has a member of the spec wins. The built-in configuration is never the request's.
    """
    block = f"{request['AppType']}AppSettings"
    blocks = [settings.get(block, {}) for settings in (domain, user, space)]
    spec: dict[str, Any] = {}
    for block in [*(settings.get(_SPEC, {}) for settings in blocks), request.get("ResourceSpec", {})]:
        spec |= block
    launched = {"ResourceSpec": _uncleared(spec)} if spec else {}
    built_in = [settings["BuiltInLifecycleConfigArn"] for settings in blocks if "BuiltInLifecycleConfigArn" in settings]
    return {**launched, "BuiltInLifecycleConfigArn": built_in[-1]} if built_in else launched


def lifecycle_config_arns(settings: Any) -> Iterator[str]:
    """Every lifecycle configuration that these settings, of whatever shape, name."""
    if isinstance(settings, dict):
        settings = list(settings.values())
    if isinstance(settings, list):
        for item in settings:
            yield from lifecycle_config_arns(item)
    elif isinstance(settings, str) and ":studio-lifecycle-config/" in settings:
        yield settings


def _uncleared(block: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if value not in (_CLEARED, {})}
