# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a signed index says, and what it must not say."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.package_index import Offer

JAMMY = Target("ubuntu", "jammy", "amd64")
NOON = 1_750_000_000  # Sun, 15 Jun 2025 15:06:40 UTC
RELEASE = {"Codename": "jammy", "Suite": "stable", "Date": "Sat, 14 Jun 2025 00:00:00 UTC"}


def offer(version: str, name: str = "docker-ce-cli") -> Offer:
    return Offer(name, version, f"pool/{name}_{version}.deb", "0" * 64, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", []),
        ("A: 1\nB: 2\n\n\nA: 3", [{"A": "1", "B": "2"}, {"A": "3"}]),
        ("SHA256:\n a 1 x\n\tb 2 y\nDate: now\n", [{"SHA256": "\na 1 x\nb 2 y", "Date": "now"}]),
        ("Description: one\n .\n two: three\n", [{"Description": "one\n.\ntwo: three"}]),
        (" stray\n", [{"": "\nstray"}]),
    ],
)
def test_stanzas(text: str, expected: list[dict[str, str]]) -> None:
    assert list(package_index.stanzas(text)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Codename": "bookworm", "Suite": "jammy"},
        {"Date": "Mon, 16 Jun 2025 00:00:00 UTC"},
        {"Date": "Sun, 15 Jun 2025 17:06:40 +0200"},
        {"Valid-Until": "Sun, 15 Jun 2025 15:06:41 UTC"},
    ],
)
def test_release_that_is_accepted(changes: dict[str, str]) -> None:
    package_index.check_release({**RELEASE, **changes}, "jammy", NOON, "InRelease")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Codename": "noble"}, "for noble instead of jammy"),
        ({"Codename": "", "Suite": ""}, "for no release instead of jammy"),
        (
            {"Date": "Mon, 16 Jun 2025 15:06:41 UTC"},
            r"is dated Mon, 16 Jun 2025 15:06:41 UTC, but here it is 2025-06-15 15:06",
        ),
        ({"Date": "yesterday"}, "no readable Date: 'yesterday'"),
        ({"Valid-Until": "Sun, 15 Jun 2025 15:06:39 UTC"}, "expired on Sun, 15 Jun 2025 15:06:39 UTC"),
        ({"Valid-Until": "never"}, "no readable Valid-Until"),
    ],
)
def test_release_that_is_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(PackageError, match=message):
        package_index.check_release({**RELEASE, **changes}, "jammy", NOON, "InRelease")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Packages", "Packages.gz", "Packages.bz2"], "stable/binary-amd64/Packages.gz"),
        (["Packages"], "stable/binary-amd64/Packages"),
    ],
)
def test_packages_file(names: list[str], expected: str) -> None:
    listing = "".join(f"\n{'0' * 64} {size} stable/binary-amd64/{name}" for size, name in enumerate(names))
    found = package_index.packages_file({"SHA256": listing}, JAMMY, "InRelease")
    assert found == (expected, "0" * 64, names.index(expected.rpartition("/")[2]))


@pytest.mark.parametrize(
    ("listing", "there"),
    [
        ("\n0 1 stable/binary-arm64/Packages\n0 1 stable/binary-armhf/Packages.gz", "it has: arm64, armhf"),
        ("\n0 1 test/binary-amd64/Packages", "it has: nothing"),
        ("", "it has: nothing"),
    ],
)
def test_architecture_without_packages(listing: str, there: str) -> None:
    with pytest.raises(PackageError, match=f"no packages for amd64 on ubuntu jammy; {there}"):
        package_index.packages_file({"SHA256": listing}, JAMMY, "InRelease")


def test_offers_are_those_of_the_architecture() -> None:
    fields = "Version: 1\nFilename: f\nSHA256: 0\nSize: 7\n"
    text = "\n".join(f"Package: {name}\nArchitecture: {name}\n{fields}" for name in ("amd64", "arm64", "all"))
    assert package_index.offers(text, JAMMY, "Packages") == [
        ("amd64", "1", "f", "0", 7),
        ("all", "1", "f", "0", 7),
    ]


@pytest.mark.parametrize("missing", ["Package", "Version", "Filename", "SHA256", "Size", "Architecture"])
def test_incomplete_index(missing: str) -> None:
    fields = {"Package": "x", "Version": "1", "Filename": "f", "SHA256": "0", "Size": "7", "Architecture": "amd64"}
    text = "\n".join(f"{name}: {value}" for name, value in fields.items() if name != missing)
    with pytest.raises(PackageError, match=f"a package has no {missing}"):
        package_index.offers(text, JAMMY, "Packages")


CLI_VERSIONS = ["5:20.10.24~3-0~ubuntu-jammy", "5:20.10.9~3-0~ubuntu-jammy", "5:27.5.1-1~ubuntu.22.04~jammy"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("20.10", "5:20.10.24~3-0~ubuntu-jammy"),
        ("20.10.9", "5:20.10.9~3-0~ubuntu-jammy"),
        ("5:20.10.9~3-0~ubuntu-jammy", "5:20.10.9~3-0~ubuntu-jammy"),
        ("27", "5:27.5.1-1~ubuntu.22.04~jammy"),
    ],
)
def test_choose(wanted: str, expected: str) -> None:
    available = [*map(offer, CLI_VERSIONS), offer("9.9", "docker-compose-plugin")]
    assert package_index.choose(available, {"docker-ce-cli": wanted}, JAMMY) == [offer(expected)]


def test_chosen_packages_are_in_the_order_of_their_names() -> None:
    available = [offer("1", "b"), offer("1", "a")]
    assert [one.name for one in package_index.choose(available, {"b": "1", "a": "1"}, JAMMY)] == ["a", "b"]


def test_nothing_to_choose_names_every_package_and_what_there_is() -> None:
    noble = Target("ubuntu", "noble", "amd64")
    available = [
        offer("5:28.0.1-1~ubuntu.24.04~noble"),
        offer("5:28.0.4-1~x"),
        offer("5:27.5.1-1~x"),
        offer("5:26.0.0-1~x"),
    ]
    with pytest.raises(PackageError) as raised:
        package_index.choose(available, {"docker-ce-cli": "20.10", "docker-compose-plugin": "2"}, noble)
    assert str(raised.value) == (
        "docker-ce-cli 20.10 is not offered for ubuntu noble (amd64); offered there: 26.0, 27.5, 28.0. Docker built "
        "20.10 for ubuntu focal, ubuntu jammy and debian bullseye. Ask for one of these series. The repository has no "
        "package docker-compose-plugin for ubuntu noble (amd64); it has: docker-ce-cli."
    )
