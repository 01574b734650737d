# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Create a bundle from Docker's repository, as the options of the module docker_deb_bundle request."""

from __future__ import annotations

import time
from pathlib import Path, PurePosixPath
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.fingerprint import (
    normalize_fingerprint,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import (
    Target,
    parse_os_release,
    resolve_target,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import write
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import Manifest, Package
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.requested_packages import (
    requested_packages,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.download import (
    Downloader,
    check_url,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.repository import Repository

_OS_RELEASE = Path("/etc/os-release")
_HOMEBREW = ["/opt/homebrew/bin", "/usr/local/bin"]


def create_bundle(module: AnsibleModule, params: dict[str, Any]) -> dict[str, Any]:
    """Create the bundle, or in check mode predict it. Raises PackageError.

    Args:
        module: finds programs, prints warnings and knows whether this is check mode.
        params: the options of docker_deb_bundle.
    """
    dest = Path(params["dest"])
    downloader = Downloader(params["ca_path"])
    manifest, urls, warnings = _resolve(module, params, downloader)

    def fetch(package: Package, path: Path) -> None:
        downloader.save(urls[package], path, package.size, package.sha256)

    if module.check_mode:
        current = write.inspect_folder(dest, manifest)
    else:
        with write.locked(dest):
            current = write.inspect_folder(dest, manifest)
            if not current.is_bundle(manifest):
                write.write(dest, current, manifest, fetch)
    bundle = manifests.as_returned(dest, manifest)
    for package, returned in zip(manifest.packages, bundle["packages"]):
        returned["url"] = urls[package]
    result = {"changed": not current.is_bundle(manifest), "bundle": bundle, "warnings": warnings}
    if module._diff:
        before = _diff_view(current.manifest, current.packages) if current.manifest else {}
        result["diff"] = {"before": before, "after": _diff_view(manifest, manifest.packages)}
    return result


def _resolve(
    module: AnsibleModule, params: dict[str, Any], downloader: Downloader
) -> tuple[Manifest, dict[Package, str], list[str]]:
    """Return the requested manifest, the URL of each of its packages, and warnings. Raises PackageError."""
    requested = requested_packages(params["packages"])
    target = _target(module, params)
    repository = _repository(module, params)
    available = repository.available_packages(target, downloader, time.time())
    selected = package_index.select(available, requested, target)
    urls = {_package(one): repository.deb_url(target, one.path) for one in selected}
    manifest = Manifest(target, repository.url, repository.key_fingerprint, tuple(urls))
    return manifest, urls, package_index.replacements(selected, requested, target)


def _target(module: AnsibleModule, params: dict[str, Any]) -> Target:
    requested = {name: params[name] for name in Target._fields}
    os_release = parse_os_release(_OS_RELEASE.read_text(encoding="utf-8")) if _OS_RELEASE.is_file() else {}
    dpkg = module.get_bin_path("dpkg")
    own = module.run_command([dpkg, "--print-architecture"], check_rc=True)[1].strip() if dpkg else None
    return resolve_target(requested, os_release, own)


def _repository(module: AnsibleModule, params: dict[str, Any]) -> Repository:
    url = check_url("repository_url", params["repository_url"])
    key_url = params["key_url"] and check_url("key_url", params["key_url"])
    for one in filter(None, (url, key_url)):
        if one.startswith("http:"):
            module.warn(
                f"{one} is downloaded without TLS. The signature protects the content, but others can see the request "
                "and can withhold updates."
            )
    gpgv = module.get_bin_path("gpgv", opt_dirs=_HOMEBREW)
    if gpgv is None:
        raise PackageError(
            "The program gpgv is missing, which verifies Docker's signature. Install it: apt-get install gpgv (Debian, "
            "Ubuntu), dnf install gnupg2 (Red Hat, AWX images), apk add gpgv (Alpine), brew install gnupg (macOS)."
        )
    return Repository(url, key_url, normalize_fingerprint(params["key_fingerprint"]), gpgv)


def _package(one: package_index.AvailablePackage) -> Package:
    file = PurePosixPath(one.path).name
    if not manifests.is_safe_name(file):
        raise PackageError(f"The signed index has an unusable file name for {one.name}: {one.path!r}.")
    return Package(one.name, one.version, file, one.size, one.sha256)


def _diff_view(manifest: Manifest, packages: list[Package] | tuple[Package, ...]) -> dict[str, Any]:
    return {
        **manifest.target._asdict(),
        "repository_url": manifest.repository_url,
        "key_fingerprint": manifest.key_fingerprint,
        "packages": {package.name: package.version for package in packages},
    }
