# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading Release files and indexes, and selecting packages."""

from __future__ import annotations

import pytest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.package_index import (
    AvailablePackage,
)

JAMMY = Target("ubuntu", "jammy", "amd64")
NOON = 1_750_000_000  # Sun, 15 Jun 2025 15:06:40 UTC
RELEASE = {"Codename": "jammy", "Suite": "stable", "Date": "Sat, 14 Jun 2025 00:00:00 UTC"}


def check(release: dict[str, str]) -> None:
    package_index.check_suite(release, "jammy", "InRelease")
    package_index.check_dates(release, NOON, "InRelease")


def available(version: str, name: str = "docker-ce-cli") -> AvailablePackage:
    return AvailablePackage(name, version, f"pool/{name}_{version}.deb", "0" * 64, 1)


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
def test_accepted_release(changes: dict[str, str]) -> None:
    check({**RELEASE, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Codename": "noble"}, "for noble, not for jammy"),
        ({"Codename": "", "Suite": ""}, "for no suite, not for jammy"),
        (
            {"Date": "Mon, 16 Jun 2025 15:06:41 UTC"},
            r"is dated Mon, 16 Jun 2025 15:06:41 UTC, which is later than 2025-06-15 15:06",
        ),
        ({"Date": "yesterday"}, "no readable Date: 'yesterday'"),
        ({"Valid-Until": "Sun, 15 Jun 2025 15:06:39 UTC"}, "expired on Sun, 15 Jun 2025 15:06:39 UTC"),
        ({"Valid-Until": "never"}, "no readable Valid-Until"),
    ],
)
def test_refused_release(changes: dict[str, str], message: str) -> None:
    with pytest.raises(PackageError, match=message):
        check({**RELEASE, **changes})


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Packages", "Packages.gz", "Packages.bz2"], [".gz", ".bz2", ""]),
        (["Packages"], [""]),
        (["Packages.xz", "Packages.lz4", "Packages.zst"], [".xz"]),
    ],
)
def test_index_files(names: list[str], expected: list[str]) -> None:
    listing = "".join(f"\n{'A' * 64} {size} stable/binary-amd64/{name}" for size, name in enumerate(names))
    found = package_index.index_files({"SHA256": listing}, JAMMY, "InRelease")
    assert found == [
        (f"stable/binary-amd64/Packages{suffix}", "a" * 64, names.index(f"Packages{suffix}")) for suffix in expected
    ]


@pytest.mark.parametrize(
    ("listing", "there"),
    [
        ("\n0 1 stable/binary-arm64/Packages\n0 1 stable/binary-armhf/Packages.gz", "it has: arm64, armhf"),
        ("\n0 1 test/binary-amd64/Packages", "it has: none"),
        ("", "it has: none"),
    ],
)
def test_architecture_without_packages(listing: str, there: str) -> None:
    with pytest.raises(PackageError, match=f"no packages for amd64 on ubuntu jammy; {there}"):
        package_index.index_files({"SHA256": listing}, JAMMY, "InRelease")


def test_packages_of_other_architectures_are_not_available() -> None:
    fields = "Version: 1\nFilename: f\nSHA256: 0\nSize: 7\n"
    text = "\n".join(f"Package: {name}\nArchitecture: {name}\n{fields}" for name in ("amd64", "arm64", "all"))
    assert package_index.available_packages(text, JAMMY, "Packages") == [
        ("amd64", "1", "f", "0", 7),
        ("all", "1", "f", "0", 7),
    ]


@pytest.mark.parametrize("missing", ["Package", "Version", "Filename", "SHA256", "Size", "Architecture"])
def test_incomplete_index(missing: str) -> None:
    fields = {"Package": "x", "Version": "1", "Filename": "f", "SHA256": "0", "Size": "7", "Architecture": "amd64"}
    text = "\n".join(f"{name}: {value}" for name, value in fields.items() if name != missing)
    with pytest.raises(PackageError, match=f"a package has no {missing}"):
        package_index.available_packages(text, JAMMY, "Packages")


CLI_VERSIONS = ["5:20.10.24~3-0~ubuntu-jammy", "5:20.10.9~3-0~ubuntu-jammy", "5:27.5.1-1~ubuntu.22.04~jammy"]


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        ("20.10", "5:20.10.24~3-0~ubuntu-jammy"),
        ("20.10.9", "5:20.10.9~3-0~ubuntu-jammy"),
        ("5:20.10.9~3-0~ubuntu-jammy", "5:20.10.9~3-0~ubuntu-jammy"),
        ("27", "5:27.5.1-1~ubuntu.22.04~jammy"),
    ],
)
def test_select(requested: str, expected: str) -> None:
    index = [*map(available, CLI_VERSIONS), available("9.9", "docker-compose-plugin")]
    assert package_index.select(index, {"docker-ce-cli": requested}, JAMMY) == [available(expected)]


def test_selected_packages_are_sorted_by_name() -> None:
    index = [available("1", "b"), available("1", "a")]
    assert [one.name for one in package_index.select(index, {"b": "1", "a": "1"}, JAMMY)] == ["a", "b"]


NOBLE = Target("ubuntu", "noble", "amd64")
NOBLE_CLIS = [f"5:{number}-1~ubuntu.24.04~noble" for number in ("28.5.2", "27.5.1", "29.1.3", "29.3.0", "26.0.0")]


@pytest.mark.parametrize(
    ("versions", "expected"),
    [(NOBLE_CLIS, "5:29.3.0-1~ubuntu.24.04~noble"), (NOBLE_CLIS[:3], "5:28.5.2-1~ubuntu.24.04~noble")],
    ids=["29.3 speaks API 1.40", "29.1 does not speak API 1.41"],
)
def test_documented_cli_is_replaced_by_the_newest_that_speaks_its_api(versions: list[str], expected: str) -> None:
    requested = {"docker-ce-cli": "20.10"}
    selected = package_index.select([*map(available, versions)], requested, NOBLE)
    assert selected == [available(expected)]
    (warning,) = package_index.replacements(selected, requested, NOBLE)
    assert warning.startswith("The repository has no docker-ce-cli 20.10 for ubuntu noble (amd64).")
    assert expected in warning


def test_no_warning_without_replacement() -> None:
    requested = {"docker-ce-cli": "20.10"}
    selected = package_index.select([*map(available, CLI_VERSIONS)], requested, JAMMY)
    assert package_index.replacements(selected, requested, JAMMY) == []


@pytest.mark.parametrize("requested", ["20.10.24", "20", "19.03"])
def test_no_other_request_is_replaced(requested: str) -> None:
    with pytest.raises(PackageError, match=f"no docker-ce-cli {requested} for ubuntu noble"):
        package_index.select([*map(available, NOBLE_CLIS)], {"docker-ce-cli": requested}, NOBLE)


def test_missing_packages_are_all_named_with_the_available_series() -> None:
    index = [available("5:28.0.1-1~ubuntu.24.04~noble"), available("5:28.0.4-1~x"), available("5:27.5.1-1~x")]
    with pytest.raises(PackageError) as raised:
        package_index.select(index, {"docker-ce-cli": "24.0", "docker-compose-plugin": "2"}, NOBLE)
    assert str(raised.value) == (
        "The repository has no docker-ce-cli 24.0 for ubuntu noble (amd64). Request one of these series: 27.5, 28.0. "
        "The repository has no package docker-compose-plugin for ubuntu noble (amd64). Its packages are: docker-ce-cli."
    )
