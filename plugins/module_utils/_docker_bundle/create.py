# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""From a module's options to a bundle that is made from Docker's repository."""

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
    complete,
    parse_os_release,
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
    """Make the bundle, or in check mode predict it. Raises PackageError.

    Args:
        module: finds programs, warns, and knows whether this is check mode.
        params: the options of docker_deb_bundle.
    """
    dest = Path(params["dest"])
    downloader = Downloader(params["ca_path"])
    manifest, urls = _resolve(module, params, downloader)

    def fetch(package: Package, path: Path) -> None:
        downloader.save(urls[package], path, package.size, package.sha256)

    if module.check_mode:
        state = write.state_of(dest, manifest)
    else:
        with write.locked(dest):
            state = write.state_of(dest, manifest)
            if not state.is_bundle(manifest):
                write.write(dest, state, manifest, fetch)
    bundle = manifests.as_returned(dest, manifest)
    for package, returned in zip(manifest.packages, bundle["packages"]):
        returned["url"] = urls[package]
    result = {"changed": not state.is_bundle(manifest), "bundle": bundle}
    if module._diff:
        before = _shown(state.manifest, state.packages) if state.manifest else {}
        result["diff"] = {"before": before, "after": _shown(manifest, manifest.packages)}
    return result


def _resolve(
    module: AnsibleModule, params: dict[str, Any], downloader: Downloader
) -> tuple[Manifest, dict[Package, str]]:
    """Return the manifest of the wanted bundle and the URL of each of its packages. Raises PackageError."""
    wanted = requested_packages(params["packages"])
    target = _target(module, params)
    repository = _repository(module, params)
    available = repository.offers(target, downloader, time.time())
    chosen = package_index.choose(available, wanted, target)
    urls = {_package(offer): repository.deb_url(target, offer.path) for offer in chosen}
    return Manifest(target, repository.url, repository.key_fingerprint, tuple(urls)), urls


def _target(module: AnsibleModule, params: dict[str, Any]) -> Target:
    given = {name: params[name] for name in Target._fields}
    os_release = parse_os_release(_OS_RELEASE.read_text(encoding="utf-8")) if _OS_RELEASE.is_file() else {}
    dpkg = module.get_bin_path("dpkg")
    own = module.run_command([dpkg, "--print-architecture"], check_rc=True)[1].strip() if dpkg else None
    return complete(given, os_release, own)


def _repository(module: AnsibleModule, params: dict[str, Any]) -> Repository:
    url = check_url("repository_url", params["repository_url"])
    key_url = params["key_url"] and check_url("key_url", params["key_url"])
    for one in filter(None, (url, key_url)):
        if one.startswith("http:"):
            module.warn(
                f"{one} is fetched without TLS: signatures protect its content, but others can see and withhold it."
            )
    gpgv = module.get_bin_path("gpgv", opt_dirs=_HOMEBREW)
    if gpgv is None:
        raise PackageError(
            "The program gpgv, which checks Docker's signature, is missing. Install it: apt-get install gpgv (Debian, "
            "Ubuntu), dnf install gnupg2 (Red Hat, AWX images), apk add gpgv (Alpine), brew install gnupg (macOS)."
        )
    return Repository(url, key_url, normalize_fingerprint(params["key_fingerprint"]), gpgv)


def _package(offer: package_index.Offer) -> Package:
    file = PurePosixPath(offer.path).name
    if not manifests.is_safe_name(file):
        raise PackageError(f"The signed index has an unusable file name for {offer.name}: {offer.path!r}.")
    return Package(offer.name, offer.version, file, offer.size, offer.sha256)


def _shown(manifest: Manifest, packages: list[Package] | tuple[Package, ...]) -> dict[str, Any]:
    return {
        **manifest.target._asdict(),
        "repository_url": manifest.repository_url,
        "key_fingerprint": manifest.key_fingerprint,
        "packages": {package.name: package.version for package in packages},
    }
