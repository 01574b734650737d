# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Normalize the fingerprint of an OpenPGP key to the form that gpgv prints."""

from __future__ import annotations

import re

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_FINGERPRINT = re.compile(r"[0-9A-F]{40}")


def normalize_fingerprint(text: str) -> str:
    """Return a fingerprint as gpgv prints it: 40 upper-case hexadecimal digits. Spaces and lower case are accepted.

    Raises PackageError for anything else, such as a short key ID, which does not identify a key.
    """
    fingerprint = re.sub(r"\s", "", text).upper()
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise PackageError(
            f"key_fingerprint {text!r} is not a fingerprint: it needs 40 hexadecimal digits, since a short key ID "
            "does not identify a key. Print it with: gpg --show-keys FILE"
        )
    return fingerprint
