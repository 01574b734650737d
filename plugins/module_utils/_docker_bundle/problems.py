# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""List everything that is wrong with a staged bundle, so that one run names it all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.documented_cli import satisfies
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest, Package
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.requested_packages import refusal


def mismatches(manifest: Manifest, expected: Mapping[str, str | None]) -> list[str]:
    """Return the fields in which a manifest differs from the expected values; None matches everything.

    Args:
        expected: by the name of the option: distribution, codename, architecture, key_fingerprint.
    """
    actual = {**manifest.target._asdict(), "key_fingerprint": manifest.key_fingerprint}
    return [
        f"its {name} is {actual[name]}, not {value}"
        for name, value in expected.items()
        if value not in (None, actual[name])
    ]


def package_problems(manifest: Manifest, requested: Mapping[str, str]) -> list[str]:
    """Return the packages that are missing, have a version that was not requested, or must not be in a bundle."""
    versions = {package.name: package.version for package in manifest.packages}
    codename = manifest.target.codename
    missing = [f"{name} {version} is missing" for name, version in requested.items() if name not in versions]
    other = [
        f"{name} has version {versions[name]}, not {version}"
        for name, version in requested.items()
        if name in versions and not satisfies(name, versions[name], version, codename)
    ]
    return [*missing, *other, *filter(None, map(refusal, versions))]


def file_problems(dest: Path, manifest: Manifest) -> list[str]:
    """Return the files of the bundle that are missing, truncated or altered."""
    return list(filter(None, (_file_problem(dest / package.file, package) for package in manifest.packages)))


def unlisted_files(dest: Path, manifest: Manifest) -> list[str]:
    """Return the .debs in the folder that the manifest does not list."""
    listed = {package.file for package in manifest.packages}
    extra = sorted(path.name for path in dest.glob("*.deb") if path.name not in listed)
    return [f"{name} is not listed in the manifest" for name in extra]


def _file_problem(path: Path, package: Package) -> str:
    if not path.is_file():
        return f"{path.name} is missing"
    size = path.stat().st_size
    if size < package.size:
        return f"{path.name} is truncated: {size} of {package.size} bytes"
    if size > package.size or sha256_of(path) != package.sha256:
        return f"{path.name} is altered: its size or SHA-256 differs"
    return ""
