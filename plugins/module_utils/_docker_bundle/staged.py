# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Verify a staged bundle in its folder, without the network."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.fingerprint import (
    normalize_fingerprint,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import problems
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.requested_packages import (
    requested_packages,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import signed_index

_GPGV_FOLDERS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")


def verify(params: dict[str, Any], *, allow_unlisted: bool = False) -> dict[str, Any]:
    """Return the bundle in dest after verifying it against its signed index and the options. Raises PackageError.

    Args:
        params: the options of docker_deb_bundle.
        allow_unlisted: whether the folder may hold other .debs, which will not be installed.
    """
    dest = Path(params["dest"])
    try:
        return _verify(dest, params, allow_unlisted)
    except OSError as error:
        raise PackageError(
            f"Cannot read {error.filename or 'the bundle in ' + str(dest)}: {error.strerror or error}."
        ) from error


def _verify(dest: Path, params: dict[str, Any], allow_unlisted: bool) -> dict[str, Any]:
    manifest = manifests.read(dest)
    damaged = problems.file_problems(dest, manifest)
    unlisted = [] if allow_unlisted else problems.unlisted_files(dest, manifest)
    _refuse(dest, [*_mismatches(params, manifest), *damaged, *unlisted])
    gpgv = _find_gpgv()
    files = {one.file: own_files.read(dest / one.file, one.size) for one in manifest.index_files}
    fingerprint = normalize_fingerprint(params["key_fingerprint"])
    index = signed_index.verify(files, manifest.target, fingerprint, gpgv, str(dest))
    _refuse(dest, problems.index_problems(manifest, requested_packages(params["packages"]), index.packages))
    bundle = manifests.as_returned(dest, manifest)
    return {
        "changed": False,
        "bundle": {**bundle, "index_date": signed_index.iso_date(index.date), "signature_verified": gpgv is not None},
        "warnings": [*_unsigned(dest, gpgv), *writable(dest, manifest)],
    }


def writable(dest: Path, manifest: Manifest) -> list[str]:
    """Return a warning if other users may write the folder or the files of a bundle."""
    found = own_files.writable_by_others(dest, *(dest / file for file in manifest.files))
    if not found:
        return []
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return [f"Other users may change the bundle: {found[0]}{more}. Use a folder that only you and root may write."]


def _find_gpgv() -> str | None:
    return shutil.which("gpgv") or shutil.which("gpgv", path=os.pathsep.join(_GPGV_FOLDERS))


def _unsigned(dest: Path, gpgv: str | None) -> list[str]:
    if gpgv:
        return []
    return [
        f"The signature of the bundle in {dest} could not be verified, because the program gpgv is missing. Its files "
        "agree with its index and with the fingerprint of its key, which does not protect against a forged bundle."
    ]


def predict(params: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return the bundle that will be in dest once the bundle of this manifest is copied there. Raises PackageError."""
    dest = Path(params["dest"])
    manifest = manifests.parse(content, "the manifest")
    _refuse(dest, _mismatches(params, manifest))
    return manifests.as_returned(dest, manifest)


def _mismatches(params: dict[str, Any], manifest: Manifest) -> list[str]:
    """Return in what a manifest differs from what the options request."""
    expected = {name: params[name] for name in Target._fields}
    expected["key_fingerprint"] = normalize_fingerprint(params["key_fingerprint"])
    requested = requested_packages(params["packages"])
    return [*problems.mismatches(manifest, expected), *problems.package_problems(manifest, requested)]


def _refuse(dest: Path, findings: list[str]) -> None:
    if findings:
        raise PackageError(
            f"The bundle in {dest} cannot be used: {'; '.join(findings)}. Copy it again, or stage it again with: "
            "ansible-playbook mlops.studio_local_mode.stage_docker_debs"
        )
