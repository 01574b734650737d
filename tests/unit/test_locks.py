# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is installed from PyPI is locked: the locks suit the requirements, and each package has hashes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[2]
SOURCES = sorted((CHECKOUT / "tests/locks").glob("*.in"))


def requirements(source: Path) -> list[str]:
    """Return the lines of a requirements file and of those that it includes."""
    found = []
    for line in source.read_text().splitlines():
        if line.startswith("-r "):
            found += requirements(source.parent / line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            found.append(line)
    return found


def locked(source: Path) -> dict[str, list[str]]:
    """Return the versions of each package, of which there are several if they depend on the Python."""
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9._-]+)==([^ ;\\]+)", source.with_suffix(".txt").read_text(), re.MULTILINE
    ):
        versions.setdefault(name, []).append(version)
    return versions


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_requirement_is_locked_in_its_range(source):
    versions = locked(source)
    for line in requirements(source):
        requirement = Requirement(line)
        found = versions.get(re.sub(r"[._-]+", "-", requirement.name).lower())
        suits = found and all(requirement.specifier.contains(version, prereleases=True) for version in found)
        assert suits, f"tests/locks/{source.stem}.txt has {found} for {line!r}. Lock it: make lock"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_locked_package_has_hashes(source):
    for block in re.split(r"^(?=\S)", source.with_suffix(".txt").read_text(), flags=re.MULTILINE):
        assert "==" not in block or "--hash=sha256:" in block, block


def test_the_image_has_the_versions_of_its_lock():
    source = CHECKOUT / "tests/locks/execution-environment.in"
    written = source.with_name("execution-environment-versions.txt").read_text().splitlines()
    found = [f"{name}=={version}" for name, [version] in locked(source).items()]
    assert written == found, "Write it: make lock"
