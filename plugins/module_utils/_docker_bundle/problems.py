# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What is wrong with a bundle that was carried over: everything at once, not only the first finding."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.checksum import sha256_of
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest, Package
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.requested_packages import refusal


def mismatches(manifest: Manifest, expected: Mapping[str, str | None]) -> list[str]:
    """Return in which words the manifest is for something else than expected; None expects nothing.

    Args:
        expected: by the name of the option: distribution, codename, architecture, key_fingerprint.
    """
    made_for = {**manifest.target._asdict(), "key_fingerprint": manifest.key_fingerprint}
    return [
        f"the bundle is for {name} {made_for[name]}, not {value}"
        for name, value in expected.items()
        if value not in (None, made_for[name])
    ]


def unmet(manifest: Manifest, wanted: Mapping[str, str]) -> list[str]:
    """Return which of the wanted packages the bundle does not hold in the wanted series, and which it must not hold."""
    held = {package.name: package.version for package in manifest.packages}
    missing = [f"{name} {version} is not in it" for name, version in wanted.items() if name not in held]
    other = [
        f"{name} is in it as {held[name]}, not {version}"
        for name, version in wanted.items()
        if name in held and not package_versions.matches(held[name], version)
    ]
    return [*missing, *other, *filter(None, map(refusal, held))]


def damage(dest: Path, manifest: Manifest) -> list[str]:
    """Return every file of the bundle that is missing, truncated or altered."""
    return list(filter(None, (_damage(dest / package.file, package) for package in manifest.packages)))


def unlisted(dest: Path, manifest: Manifest) -> list[str]:
    """Return every .deb in the folder that is not of the bundle."""
    listed = {package.file for package in manifest.packages}
    extra = sorted(path.name for path in dest.glob("*.deb") if path.name not in listed)
    return [f"{name} is not listed in the manifest" for name in extra]


def _damage(path: Path, package: Package) -> str:
    if not path.is_file():
        return f"{path.name} is missing"
    size = path.stat().st_size
    if size < package.size:
        return f"{path.name} is truncated: {size} of {package.size} bytes"
    if size > package.size or sha256_of(path) != package.sha256:
        return f"{path.name} is altered: its size or SHA-256 differs"
    return ""
