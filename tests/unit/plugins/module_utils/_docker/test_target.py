# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operating system of a bundle: given, or the machine's own."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target

NOTHING = {"distribution": None, "codename": None, "architecture": None}
JAMMY = {"ID": "ubuntu", "VERSION_CODENAME": "jammy", "PRETTY_NAME": "Ubuntu 22.04.5 LTS"}
AMAZON = {"ID": "amzn", "PRETTY_NAME": "Amazon Linux 2023"}


def test_parse_os_release() -> None:
    text = "PRETTY_NAME=\"Ubuntu 22.04.5 LTS\"\n\n# comment\nID=ubuntu\nVERSION_CODENAME='jammy'\nnonsense\nX=a=b\n"
    assert target.parse_os_release(text) == {**JAMMY, "X": "a=b"}


@pytest.mark.parametrize(
    ("given", "os_release", "architecture", "expected"),
    [
        ({}, JAMMY, "amd64", ("ubuntu", "jammy", "amd64")),
        ({"architecture": "arm64"}, JAMMY, "amd64", ("ubuntu", "jammy", "arm64")),
        ({"codename": "noble"}, JAMMY, "amd64", ("ubuntu", "noble", "amd64")),
        ({"distribution": "ubuntu"}, JAMMY, "amd64", ("ubuntu", "jammy", "amd64")),
        ({"distribution": "debian", "codename": "bullseye"}, JAMMY, "amd64", ("debian", "bullseye", "amd64")),
        (
            {"distribution": "ubuntu", "codename": "jammy", "architecture": "amd64"},
            {},
            None,
            ("ubuntu", "jammy", "amd64"),
        ),
    ],
)
def test_complete(
    given: dict[str, str], os_release: dict[str, str], architecture: str | None, expected: tuple[str, ...]
) -> None:
    assert target.complete({**NOTHING, **given}, os_release, architecture) == Target(*expected)


@pytest.mark.parametrize(
    ("given", "os_release", "architecture", "message"),
    [
        ({}, {}, None, r"This machine \(no Linux\) does not tell: give distribution, codename, architecture;"),
        ({}, AMAZON, None, r"\(Amazon Linux 2023\) does not tell: give distribution, codename, architecture;"),
        ({"distribution": "debian"}, JAMMY, "amd64", "does not tell: give codename;"),
        ({"distribution": "ubuntu", "codename": "jammy"}, AMAZON, None, "does not tell: give architecture;"),
        ({"codename": "Jammy"}, JAMMY, "amd64", "codename 'Jammy' is no name"),
        ({"codename": "../x"}, JAMMY, "amd64", "is no name"),
    ],
)
def test_incomplete(given: dict[str, Any], os_release: dict[str, str], architecture: str | None, message: str) -> None:
    with pytest.raises(PackageError, match=message):
        target.complete({**NOTHING, **given}, os_release, architecture)
