# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read Docker's package repository and verify it.

Each link of the chain verifies the next one: fingerprint, key, InRelease, Packages, .deb.
"""

from __future__ import annotations

import gzip
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import quote

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index, signature
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository.download import (
    Downloader,
    NotFound,
)

_MEBIBYTE = 1 << 20


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

    def available_packages(
        self, target: Target, downloader: Downloader, now: float
    ) -> list[package_index.AvailablePackage]:
        """Return the packages of the repository's verified index.

        Args:
            target: the operating system.
            downloader: downloads the files.
            now: seconds since the epoch.

        Raises PackageError if a file cannot be downloaded or verified.
        """
        dists = f"{self.url}/{target.distribution}/dists/{target.codename}"
        in_release = f"{dists}/InRelease"
        text = self._signed_text(target, in_release, downloader)
        release = next(package_index.stanzas(text), {})
        package_index.check_release(release, target.codename, now, in_release)
        entry = package_index.packages_file(release, target, in_release)
        url = f"{dists}/{entry.path}"
        return package_index.available_packages(_index(url, entry, downloader), target, url)

    def _signed_text(self, target: Target, in_release: str, downloader: Downloader) -> str:
        key_url = self.key_url or f"{self.url}/{target.distribution}/gpg"
        with ThreadPoolExecutor(max_workers=2) as pool:
            key = pool.submit(downloader.get, key_url, _MEBIBYTE)
            document = pool.submit(downloader.get, in_release, _MEBIBYTE)
        try:
            signed = document.result()
        except NotFound as error:
            raise PackageError(
                f"{error} The repository has no packages for {target.distribution} {target.codename}. Check "
                f"distribution, codename and repository_url against {self.url}/{target.distribution}/dists/."
            ) from error
        keyring = signature.pinned_keyring(key.result(), self.key_fingerprint, key_url)
        return signature.signed_text(signed, keyring, self.key_fingerprint, self.gpgv, in_release)


def _index(url: str, entry: package_index.IndexFile, downloader: Downloader) -> str:
    data = downloader.get(url, entry.size)
    if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise PackageError(
            f"{url} differs from the file that InRelease lists (size or SHA-256). If the mirror is being updated, run "
            "again in some minutes; otherwise find out who changed the file."
        )
    return (gzip.decompress(data) if url.endswith(".gz") else data).decode()
