# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Verify a staged bundle in its folder, without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def verify(params: dict[str, Any], *, allow_unlisted: bool = False) -> dict[str, Any]:
    """Return the bundle in dest after verifying it against its manifest and the options. Raises PackageError.

    Args:
        params: the options of docker_deb_bundle.
        allow_unlisted: whether the folder may hold other .debs, which will not be installed.
    """
    dest = Path(params["dest"])
    manifest = manifests.read(dest)
    damaged = problems.file_problems(dest, manifest)
    unlisted = [] if allow_unlisted else problems.unlisted_files(dest, manifest)
    _refuse(dest, [*_mismatches(params, manifest), *damaged, *unlisted])
    return {"changed": False, "bundle": manifests.as_returned(dest, manifest)}


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
