# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""List everything that is wrong with a staged bundle, so that one run names it all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import documented_cli, package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.deb_package import control_fields
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import (
    IndexFile,
    Manifest,
    Package,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.requested_packages import refusal
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index


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
    """Return the packages that are missing, have a version that was not requested, or must not be in a bundle.

    Whether another CLI may replace the documented one depends on the index; see index_problems.
    """
    versions = {package.name: package.version for package in manifest.packages}
    missing = [f"{name} {version} is missing" for name, version in requested.items() if name not in versions]
    other = [
        f"{name} has version {versions[name]}, not {version}"
        for name, version in requested.items()
        if name in versions and not _may_be(name, versions[name], version)
    ]
    return [*missing, *other, *filter(None, map(refusal, versions))]


def _may_be(name: str, version: str, requested: str) -> bool:
    return package_versions.matches(version, requested) or (
        documented_cli.may_be_replaced(name, requested) and documented_cli.can_replace(version)
    )


def index_problems(
    manifest: Manifest, requested: Mapping[str, str], available: list[package_index.AvailablePackage]
) -> list[str]:
    """Return the packages that the signed index does not list as the manifest does, or would not select."""
    listed = {(one.name, one.version, one.size, one.sha256) for one in available}
    return [
        f"{one.file} is not in the signed index with this version, size and SHA-256"
        for one in manifest.packages
        if (one.name, one.version, one.size, one.sha256) not in listed
    ] + [
        f"{one.name} has version {one.version}, although the signed index has {requested[one.name]}"
        for one in manifest.packages
        if one.name in requested
        and not package_index.is_candidate(available, one.name, one.version, requested[one.name])
    ]


def file_problems(dest: Path, manifest: Manifest) -> list[str]:
    """Return the files of the bundle that are missing, truncated or altered, and .debs with another content."""
    damaged = list(filter(None, (_file_problem(dest / one.file, one) for one in manifest.contents)))
    return damaged or list(filter(None, (deb_problem(dest / one.file, one, manifest) for one in manifest.packages)))


def deb_problem(path: Path, package: Package, manifest: Manifest) -> str:
    """Return in what the control fields inside a .deb differ from the manifest, or an empty text."""
    try:
        fields = control_fields(path)
    except PackageError as error:
        return str(error).rstrip(".")
    architectures = (manifest.target.architecture, "all")
    wrong = [
        f"{name} {fields.get(name)}"
        for name, expected in (
            ("Package", (package.name,)),
            ("Version", (package.version,)),
            ("Architecture", architectures),
        )
        if fields.get(name) not in expected
    ]
    if not wrong:
        return ""
    return (
        f"{package.file} contains {', '.join(wrong)} instead of {package.name} {package.version} ({architectures[0]})"
    )


def unlisted_files(dest: Path, manifest: Manifest) -> list[str]:
    """Return the .debs in the folder that the manifest does not list."""
    listed = {package.file for package in manifest.packages}
    extra = sorted(path.name for path in dest.glob("*.deb") if path.name not in listed)
    return [f"{name} is not listed in the manifest" for name in extra]


def _file_problem(path: Path, expected: Package | IndexFile) -> str:
    if path.is_symlink():
        return f"{path.name} is a symlink"
    if not path.is_file():
        return f"{path.name} is missing"
    size = path.stat().st_size
    if size < expected.size:
        return f"{path.name} is truncated: {size} of {expected.size} bytes"
    if size > expected.size or sha256_of(path) != expected.sha256:
        return f"{path.name} is altered: its size or SHA-256 differs"
    return ""
