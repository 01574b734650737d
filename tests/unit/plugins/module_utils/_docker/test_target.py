# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operating system of a bundle: the requested one, or the machine's own."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target

OMITTED = {"distribution": None, "codename": None, "architecture": None}
JAMMY = {"ID": "ubuntu", "VERSION_CODENAME": "jammy", "PRETTY_NAME": "Ubuntu 22.04.5 LTS"}
MINT = {"ID": "linuxmint", "ID_LIKE": "ubuntu debian", "VERSION_CODENAME": "wilma", "UBUNTU_CODENAME": "noble"}
LMDE = {"ID": "linuxmint", "ID_LIKE": "debian", "VERSION_CODENAME": "faye", "DEBIAN_CODENAME": "bookworm"}
AMAZON = {"ID": "amzn", "PRETTY_NAME": "Amazon Linux 2023"}


def test_parse_os_release() -> None:
    text = 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\n\n# comment\nID=ubuntu\n'
    text += "VERSION_CODENAME='jammy'\nnonsense\nBAD=\"x\nX=a=b\n"
    assert target.parse_os_release(text) == {**JAMMY, "X": "a=b"}


@pytest.mark.parametrize(
    ("requested", "os_release", "architecture", "expected"),
    [
        ({}, JAMMY, "amd64", ("ubuntu", "jammy", "amd64")),
        ({}, MINT, "amd64", ("ubuntu", "noble", "amd64")),
        ({}, LMDE, "amd64", ("debian", "bookworm", "amd64")),
        ({}, {"ID": "pop", "UBUNTU_CODENAME": "jammy"}, "amd64", ("ubuntu", "jammy", "amd64")),
        ({"distribution": "ubuntu"}, MINT, "amd64", ("ubuntu", "noble", "amd64")),
        ({}, {**JAMMY, "UBUNTU_CODENAME": "jammy"}, "amd64", ("ubuntu", "jammy", "amd64")),
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
def test_resolve_target(
    requested: dict[str, str], os_release: dict[str, str], architecture: str | None, expected: tuple[str, ...]
) -> None:
    assert target.resolve_target({**OMITTED, **requested}, os_release, architecture) == Target(*expected)


@pytest.mark.parametrize(
    ("requested", "os_release", "architecture", "message"),
    [
        ({}, {}, None, r"this machine \(not Linux\) is not a Debian .* Set distribution, codename, architecture;"),
        ({}, AMAZON, None, r"\(Amazon Linux 2023\) is not .* Set distribution, codename, architecture;"),
        ({"distribution": "debian"}, JAMMY, "amd64", "Set codename;"),
        ({"distribution": "ubuntu", "codename": "jammy"}, AMAZON, None, "Set architecture;"),
        ({"codename": "Jammy"}, JAMMY, "amd64", "codename 'Jammy' is not a name"),
        ({"codename": "../x"}, JAMMY, "amd64", "is not a name"),
    ],
)
def test_unresolved_target(
    requested: dict[str, Any], os_release: dict[str, str], architecture: str | None, message: str
) -> None:
    with pytest.raises(PackageError, match=message):
        target.resolve_target({**OMITTED, **requested}, os_release, architecture)
