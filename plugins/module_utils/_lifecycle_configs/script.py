# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The script of a lifecycle configuration: its encoding and its limits. Pure.

Source of the limits: botocore's service model of SageMaker (CreateStudioLifecycleConfig).
"""

from __future__ import annotations

import base64

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._aws.errors import SettingsError

MAX_CONTENT = 16_384


def encode(content: bytes) -> str:
    """Return the content in base64; raise SettingsError if it is empty or too long."""
    if not content.strip():
        raise SettingsError("The script is empty.")
    text = base64.b64encode(content).decode()
    if len(text) > MAX_CONTENT:
        raise SettingsError(
            f"The script is too long: its {len(content)} bytes are {len(text)} characters in base64, "
            f"{len(text) - MAX_CONTENT} more than SageMaker's limit of {MAX_CONTENT}. Shorten it by "
            f"{len(content) - MAX_CONTENT // 4 * 3} bytes, or download what it needs at run time."
        )
    return text
