# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Settings for single domains in place of those for all. Pure."""

from __future__ import annotations

import fnmatch
import typing as t
from dataclasses import fields

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.docker_settings import (
    DockerSettings,
    requested_settings,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.selection import is_pattern

if t.TYPE_CHECKING:
    Requested = t.Dict[str, t.Any]

_NAMES = tuple(item.name for item in fields(DockerSettings))


def requested_for_domains(option: t.Mapping[str, t.Any]) -> dict[str, Requested]:
    """Return the settings by domain, checked like those for all; raise SettingsError that names the domain."""
    found = {}
    for domain, settings in option.items():
        if not isinstance(settings, dict):
            raise SettingsError(f"domain_settings of {domain}: it is no dictionary with {', '.join(_NAMES)}.")
        unknown = [name for name in settings if name not in _NAMES]
        if unknown:
            raise SettingsError(f"domain_settings of {domain}: {', '.join(unknown)} is none of {', '.join(_NAMES)}.")
        try:
            found[str(domain)] = requested_settings({name: _typed(name, settings.get(name)) for name in _NAMES})
        except SettingsError as error:
            raise SettingsError(f"domain_settings of {domain}: {error}") from error
    return found


def requested_for(domain: t.Mapping[str, t.Any], general: Requested, by_domain: t.Mapping[str, Requested]) -> Requested:
    """Return the settings that a described domain is to have: its ID is over its name, and that is over a pattern."""
    name, domain_id = str(domain.get("DomainName")), domain.get("DomainId")
    patterns = [text for text in by_domain if is_pattern(text) and fnmatch.fnmatchcase(name, text)]
    requested = dict(general)
    for text in [*patterns, name, domain_id]:
        requested.update(by_domain.get(str(text), {}))
    return requested


def _typed(name: str, value: t.Any) -> t.Any:
    """A value inside of a dictionary has not been converted by Ansible."""
    if value is None:
        return None
    if name == "vpc_only_trusted_accounts":
        if not isinstance(value, list):
            raise SettingsError(f"{name} is {value!r}, it must be a list.")
        return [str(account) for account in value]
    try:
        return boolean(value)
    except TypeError as error:
        raise SettingsError(f"{name} is {value!r}, it must be true or false.") from error
