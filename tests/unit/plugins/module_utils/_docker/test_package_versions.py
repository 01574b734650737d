# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's order of versions, and Docker's series."""

from __future__ import annotations

import itertools
import shutil
import subprocess

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import package_versions

# Ascending; Debian Policy 5.6.12 and Docker's own strings. Versions in one row are equal.
ASCENDING = [
    ["0~~"],
    ["0~"],
    ["0", "0-0", "00", "0:0"],
    ["0a"],
    ["0+"],
    ["1.0~beta1~svc1245"],
    ["1.0~beta1"],
    ["1.0"],
    ["1.0-1~bpo1"],
    ["1.0-1"],
    ["1.0-1+b1"],
    ["1.0a-1"],
    ["1.0.1"],
    ["1.2-3-4"],
    ["1.9"],
    ["1.10", "1.010"],
    ["2.3.3~ubuntu-jammy"],
    ["2.9.0-1~ubuntu.22.04~jammy"],
    ["2.40.3-1~ubuntu.22.04~jammy"],
    ["5.0.2-1~ubuntu.22.04~jammy"],
    ["5:18.09.9~3-0~ubuntu-jammy"],
    ["5:20.10.9~3-0~ubuntu-jammy"],
    ["5:20.10.24~3-0~ubuntu-jammy"],
    ["5:23.0.0-1~ubuntu.22.04~jammy"],
    ["5:27.5.1-1~ubuntu.22.04~jammy"],
    ["5:29.0.0~rc.1-1~ubuntu.22.04~jammy"],
    ["5:29.0.0-1~ubuntu.22.04~jammy"],
    ["6:1.0"],
]
PAIRS = [
    (left, "lt" if low < high else "eq" if low == high else "gt", right)
    for (low, lefts), (high, rights) in itertools.product(enumerate(ASCENDING), repeat=2)
    for left, right in itertools.product(lefts, rights)
]


def relation(left: str, right: str) -> str:
    a, b = package_versions.sort_key(left), package_versions.sort_key(right)
    return "lt" if a < b else "eq" if a == b else "gt"


def test_order() -> None:
    assert [pair for pair in PAIRS if relation(pair[0], pair[2]) != pair[1]] == []


@pytest.mark.parametrize("left", [row[0] for row in ASCENDING])
def test_order_is_that_of_dpkg(left: str) -> None:
    assert shutil.which("dpkg"), "the tests run on Debian"
    for one, expected, right in PAIRS:
        if one == left:
            assert subprocess.run(["dpkg", "--compare-versions", one, expected, right], check=False).returncode == 0


@pytest.mark.parametrize(
    ("version", "number", "series"),
    [
        ("5:20.10.24~3-0~ubuntu-jammy", "20.10.24", "20.10"),
        ("5:27.5.1-1~ubuntu.22.04~jammy", "27.5.1", "27.5"),
        ("2.40.3-1~debian.12~bookworm", "2.40.3", "2.40"),
        ("2.3.3~ubuntu-focal", "2.3.3", "2.3"),
        ("1.6.20-1", "1.6.20", "1.6"),
        ("27", "27", "27"),
        ("none", "", ""),
    ],
)
def test_number_and_series(version: str, number: str, series: str) -> None:
    assert (package_versions.number(version), package_versions.series(version)) == (number, series)


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        ("20.10", True),
        ("20", True),
        ("20.10.24", True),
        ("5:20.10.24~3-0~ubuntu-jammy", True),
        ("20.1", False),
        ("20.10.2", False),
        ("20.10.24~3", False),
        ("2", False),
        ("5", False),
        ("", False),
    ],
)
def test_matches(requested: str, expected: bool) -> None:
    assert package_versions.matches("5:20.10.24~3-0~ubuntu-jammy", requested) is expected
