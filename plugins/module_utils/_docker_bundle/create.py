# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Create a bundle from Docker's repository, as the options of the module docker_deb_bundle request."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.fingerprint import (
    normalize_fingerprint,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import (
    Target,
    parse_os_release,
    resolve_target,
    validate_target,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import manifest as manifests
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle import write
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import (
    IndexFile,
    Manifest,
    Package,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.problems import deb_problem
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.requested_packages import (
    requested_packages,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.staged import writable
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import (
    package_index,
    signed_index,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.credentials import (
    Login,
    logins,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.download import (
    Downloader,
    check_url,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.repository import Repository
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.signed_index import SignedIndex

_OS_RELEASE = Path("/etc/os-release")
_HOMEBREW = ["/opt/homebrew/bin", "/usr/local/bin"]


class _Resolved(NamedTuple):
    """The requested bundle: its manifest, the files of its index, and the URL of each package."""

    manifest: Manifest
    signed: SignedIndex
    urls: dict[Package, str]
    warnings: list[str]


def create_bundle(module: AnsibleModule, params: dict[str, Any]) -> dict[str, Any]:
    """Create the bundle, or in check mode predict it. Raises PackageError.

    Args:
        module: finds programs, prints warnings and knows whether this is check mode.
        params: the options of docker_deb_bundle.
    """
    dest = Path(params["dest"])
    repository = _repository(module, params)
    downloader = Downloader(params["ca_path"], _logins(repository, params))
    resolved = _resolve(module, params, repository, downloader)
    manifest = resolved.manifest

    def fetch(package: Package, path: Path) -> None:
        downloader.save(resolved.urls[package], path, package.size, package.sha256)
        problem = deb_problem(path, package, manifest)
        if problem:
            path.unlink()
            raise PackageError(f"{resolved.urls[package]} was deleted: {problem}. The repository is damaged.")

    if module.check_mode:
        current = _inspect(dest, resolved, params)
    else:
        with write.locked(dest):
            current = _inspect(dest, resolved, params)
            if not current.is_bundle(manifest):
                write.write(dest, current, manifest, resolved.signed.files, fetch)
    return _result(module, dest, resolved, current)


def _inspect(dest: Path, resolved: _Resolved, params: dict[str, Any]) -> write.FolderState:
    """Return the current state of the folder. Raises PackageError for a downgrade of its index."""
    try:
        current = write.inspect_folder(dest, resolved.manifest)
    except OSError as error:
        raise PackageError(f"Cannot read {error.filename or dest}: {error.strerror or error}.") from error
    # The bundle of docker_cli has no such option: its folder is a cache.
    option = "set allow_downgrade: true, or " if "allow_downgrade" in params else ""
    if not params.get("allow_downgrade") and current.manifest and current.manifest.target == resolved.manifest.target:
        _refuse_downgrade(dest, resolved.signed.date, f"{option}remove the folder: rm -r {dest}")
    return current


def _refuse_downgrade(dest: Path, date: float, acceptance: str) -> None:
    present = signed_index.date_in(dest)
    if present is not None and date < present:
        raise PackageError(
            f"The repository's index is of {signed_index.iso_date(date)}, older than the one in {dest} of "
            f"{signed_index.iso_date(present)}: the mirror is out of date, or updates are withheld. "
            f"To accept it, {acceptance}"
        )


def _result(module: AnsibleModule, dest: Path, resolved: _Resolved, current: write.FolderState) -> dict[str, Any]:
    manifest = resolved.manifest
    bundle = {
        **manifests.as_returned(dest, manifest),
        "index_date": signed_index.iso_date(resolved.signed.date),
        "signature_verified": True,
    }
    for package, returned in zip(manifest.packages, bundle["packages"]):
        returned["url"] = resolved.urls[package]
    result = {
        "changed": not current.is_bundle(manifest),
        "bundle": bundle,
        "warnings": [*resolved.warnings, *writable(dest, manifest)],
    }
    if module._diff:
        before = _diff_view(current.manifest, current.packages) if current.manifest else {}
        result["diff"] = {"before": before, "after": _diff_view(manifest, manifest.packages)}
    return result


def _resolve(
    module: AnsibleModule, params: dict[str, Any], repository: Repository, downloader: Downloader
) -> _Resolved:
    """Return the requested bundle as the repository has it. Raises PackageError."""
    requested = requested_packages(params["packages"])
    target = _target(module, params)
    signed = repository.signed_index(target, downloader, time.time())
    selected = package_index.select(signed.packages, requested, target)
    urls = {_package(one): repository.deb_url(target, one.path) for one in selected}
    files = tuple(
        IndexFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in sorted(signed.files.items())
    )
    manifest = Manifest(target, repository.url, repository.key_fingerprint, tuple(urls), files)
    return _Resolved(manifest, signed, urls, package_index.replacements(selected, requested, target))


def _logins(repository: Repository, params: dict[str, Any]) -> list[Login]:
    urls = [url for url in (repository.url, repository.key_url) if url]
    return logins(urls, params.get("repository_username"), params.get("repository_password"))


def _target(module: AnsibleModule, params: dict[str, Any]) -> Target:
    requested = {name: params[name] for name in Target._fields}
    if all(requested.values()):
        return validate_target(requested)
    os_release = (
        parse_os_release(_OS_RELEASE.read_text(encoding="utf-8", errors="replace")) if _OS_RELEASE.is_file() else {}
    )
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
