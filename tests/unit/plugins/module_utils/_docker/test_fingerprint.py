# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalizing the fingerprint of a key."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.fingerprint import (
    normalize_fingerprint,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.defaults import (
    DOCKER_FINGERPRINT,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9DC8 5822 9FC7 DD38 854A  E2D8 8D81 803C 0EBF CD88", DOCKER_FINGERPRINT),
        (DOCKER_FINGERPRINT.lower(), DOCKER_FINGERPRINT),
    ],
)
def test_normalize_fingerprint(text: str, expected: str) -> None:
    assert normalize_fingerprint(text) == expected


@pytest.mark.parametrize("text", ["", "0EBFCD88", "8D81803C0EBFCD88", "Z" * 40, DOCKER_FINGERPRINT + "0"])
def test_malformed_fingerprint(text: str) -> None:
    with pytest.raises(PackageError, match="40 hexadecimal digits"):
        normalize_fingerprint(text)
