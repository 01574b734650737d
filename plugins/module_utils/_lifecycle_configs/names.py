# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Names of lifecycle configurations. Pure.

Source of the limits: botocore's service model of SageMaker (CreateStudioLifecycleConfig).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

_MAX_NAME = 63
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
_HASH_LENGTH = 12
_CONFIG_NAME = re.compile(rf".+-(jupyterlab|codeeditor|kernelgateway)-([0-9a-f]{{{_HASH_LENGTH}}})")


@dataclass(frozen=True)
class NamePrefix:
    """The user's part of the name NAME-APPTYPE-HASH. All lifecycle configurations with this prefix are the task's own.

    SageMaker cannot update a lifecycle configuration, so each content is a configuration with a name of its own.
    """

    text: str

    def check(self) -> None:
        """Raise SettingsError if SageMaker would refuse the names."""
        longest = _MAX_NAME - len("-kernelgateway-") - _HASH_LENGTH
        if not _NAME.fullmatch(self.text) or len(self.text) > longest:
            raise SettingsError(
                f"name is {self.text!r}, but must be at most {longest} letters, digits and inner hyphens, because the "
                "app type and a hash of the content are appended to it."
            )

    def config_name(self, app_type: str, content: bytes) -> str:
        """Return the name of the lifecycle configuration with this content."""
        return f"{self.text}-{app_type.lower()}-{_content_hash(content)}"

    def matches(self, arn_or_name: str, app_type: str) -> bool:
        """Whether the lifecycle configuration has this prefix and this app type, whatever its content."""
        prefix = re.escape(f"{self.text}-{app_type.lower()}-")
        return bool(re.fullmatch(f"{prefix}[0-9a-f]{{{_HASH_LENGTH}}}", config_name(arn_or_name)))


def config_name(arn_or_name: str) -> str:
    """Return the name of the lifecycle configuration."""
    return arn_or_name.rpartition("/")[2]


def without_hash(arn_or_name: str) -> str | None:
    """Return the name without its hash, which the configurations of one task and app type have in common.

    None for a name without a hash.
    """
    name = config_name(arn_or_name)
    return name[: -_HASH_LENGTH - 1] if _CONFIG_NAME.fullmatch(name) else None


def matches_content(name: str, content: bytes) -> bool | None:
    """Whether the hash in the name is that of the content; None for a name without a hash."""
    found = _CONFIG_NAME.fullmatch(name)
    return found.group(2) == _content_hash(content) if found else None


def matches_app_type(name: str, app_type: str) -> bool | None:
    """Whether the app type in the name is this one; None for a name without a hash."""
    found = _CONFIG_NAME.fullmatch(name)
    return found.group(1) == app_type.lower() if found else None


def contradiction(label: str, matching_content: bool | None, matching_app_type: bool | None) -> str | None:
    """Return what of a lifecycle configuration does not match its name, as a clause; None if all does."""
    if not matching_content:
        return f"The content of the {label} does not match the hash in its name"
    return None if matching_app_type else f"The app type of the {label} does not match the one in its name"


def _content_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
