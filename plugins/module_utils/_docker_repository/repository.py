# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read Docker's package repository and verify it.

Each link of the chain verifies the next one: fingerprint, key, InRelease, Packages, .deb.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index, signature
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.download import (
    Downloader,
    NotFound,
)
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.signed_index import (
    IN_RELEASE,
    KEY,
    LIMIT,
    SignedIndex,
    read_index,
    release_fields,
)


class Repository(NamedTuple):
    """A repository and its key.

    url: base of all distributions, such as C(https://download.docker.com/linux).
    key_url: URL of the signing key; None for the file gpg of the distribution.
    key_fingerprint: the pin, normalized.
    gpgv: path of the gpgv program.
    """

    url: str
    key_url: str | None
    key_fingerprint: str
    gpgv: str

    def deb_url(self, target: Target, path: str) -> str:
        """Return the URL of a .deb from its path in the index."""
        return f"{self.url}/{target.distribution}/{quote(path)}"

    def signed_index(self, target: Target, downloader: Downloader, now: float) -> SignedIndex:
        """Return the repository's verified index.

        Args:
            target: the operating system.
            downloader: downloads the files.
            now: seconds since the epoch.

        Raises PackageError if a file cannot be downloaded or verified.
        """
        dists = f"{self.url}/{target.distribution}/dists/{target.codename}"
        in_release = f"{dists}/{IN_RELEASE}"
        keyring, document = self._signed(target, in_release, downloader)
        text = signature.signed_text(document, keyring, self.key_fingerprint, self.gpgv, in_release)
        release = release_fields(text, target, in_release)
        package_index.check_dates(release, now, in_release)
        entries = package_index.index_files(release, target, in_release)
        by_hash = release.get("Acquire-By-Hash", "").lower() == "yes"
        entry, url, data = _download(dists, entries, by_hash, downloader)
        packages = read_index(data, entry, target, url)
        files = {KEY: keyring, IN_RELEASE: document, PurePosixPath(entry.path).name: data}
        return SignedIndex(packages, files, package_index.date_of(release, in_release))

    def _signed(self, target: Target, in_release: str, downloader: Downloader) -> tuple[bytes, bytes]:
        """Return the pinned keyring and the document that is to be verified with it."""
        key_url = self.key_url or f"{self.url}/{target.distribution}/gpg"
        with ThreadPoolExecutor(max_workers=2) as pool:
            key = pool.submit(downloader.get, key_url, LIMIT)
            document = pool.submit(downloader.get, in_release, LIMIT)
        try:
            signed = document.result()
        except NotFound as error:
            raise PackageError(
                f"{error} The repository has no packages for {target.distribution} {target.codename}. Check "
                f"distribution, codename and repository_url against {self.url}/{target.distribution}/dists/."
            ) from error
        return signature.pinned_keyring(key.result(), self.key_fingerprint, key_url), signed


def _download(
    dists: str, entries: list[package_index.IndexFile], by_hash: bool, downloader: Downloader
) -> tuple[package_index.IndexFile, str, bytes]:
    """Return the first index file that the server has: a mirror may lack some that the Release file lists."""
    missing: list[str] = []
    for entry in entries:
        for path in _paths(entry, by_hash):
            url = f"{dists}/{path}"
            try:
                return entry, url, downloader.get(url, entry.size)
            except NotFound:
                missing.append(url)
    raise PackageError(f"The mirror is incomplete, because it has none of: {', '.join(missing)}.")


def _paths(entry: package_index.IndexFile, by_hash: bool) -> list[str]:
    """Return where an index file may be; by its hash first, as apt does (Debian's repository format, by-hash)."""
    hashed = f"{PurePosixPath(entry.path).parent}/by-hash/SHA256/{entry.sha256}"
    return [hashed, entry.path] if by_hash else [entry.path, hashed]
