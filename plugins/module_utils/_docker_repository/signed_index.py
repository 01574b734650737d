# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The files that verify the packages of a repository, wherever they are: its key, InRelease and a package index."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.deb822 import stanzas
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_repository import package_index, signature

KEY = "key.gpg"
IN_RELEASE = "InRelease"
LIMIT = 1 << 20  # bytes of the key and of InRelease
_INDEX_LIMIT = 256 << 20  # bytes of a decompressed index
_OPEN: Mapping[str, Callable] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
_MALFORMED = (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error)


class SignedIndex(NamedTuple):
    """The verified packages of a repository, and the files that verify them by their name in a bundle."""

    packages: list[package_index.AvailablePackage]
    files: dict[str, bytes]
    date: float  # of InRelease, in seconds since the epoch


def iso_date(seconds: float) -> str:
    """Return a date in UTC, as C(2026-08-27T10:00:00Z)."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def date_in(folder: Path) -> float | None:
    """Return the date of the InRelease in a bundle, None if it cannot be read. Its signature is not verified."""
    try:
        text = signature.unverified_text(own_files.read(folder / IN_RELEASE, LIMIT), IN_RELEASE)
        return package_index.date_of(next(stanzas(text), {}), IN_RELEASE)
    except (OSError, PackageError):
        return None


def release_fields(text: str, target: Target, origin: str) -> Mapping[str, str]:
    """Return the fields of a verified Release file. Raises PackageError if it is of another suite."""
    release = next(stanzas(text), {})
    package_index.check_suite(release, target.codename, origin)
    return release


def read_index(data: bytes, entry: package_index.IndexFile, target: Target, url: str) -> list:
    """Return the packages of an index file that the Release file lists. Raises PackageError."""
    if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise PackageError(
            f"{url} differs from the file that InRelease lists (size or SHA-256). If the mirror is being updated, run "
            "again in some minutes; otherwise find out who changed the file."
        )
    suffix = entry.path[entry.path.rindex("Packages") + len("Packages") :]
    try:
        with _OPEN[suffix](io.BytesIO(data)) if suffix else io.BytesIO(data) as file:
            content = file.read(_INDEX_LIMIT + 1)
        if len(content) > _INDEX_LIMIT:
            raise ValueError(f"it is larger than {_INDEX_LIMIT} bytes")
        text = content.decode("utf-8")
    except _MALFORMED as error:
        raise PackageError(f"{url} is not a package index: {error}.") from error
    return package_index.available_packages(text, target, url)


def verify(files: Mapping[str, bytes], target: Target, fingerprint: str, gpgv: str | None, folder: str) -> SignedIndex:
    """Return the index of a bundle's files after verifying it. Raises PackageError.

    Args:
        files: the files by name: KEY, IN_RELEASE and one package index.
        target: the operating system of the bundle.
        fingerprint: the pin, normalized.
        gpgv: path of the gpgv program. None skips the signature, so that only accidental damage is found.
        folder: of the bundle, for messages.
    """
    origin = f"{folder}/{IN_RELEASE}"
    missing = [name for name in (KEY, IN_RELEASE) if name not in files]
    if missing:
        raise PackageError(f"The bundle in {folder} has no {' and no '.join(missing)}. Stage the bundle again.")
    keyring = signature.pinned_keyring(files[KEY], fingerprint, f"{folder}/{KEY}")
    if gpgv:
        text = signature.signed_text(files[IN_RELEASE], keyring, fingerprint, gpgv, origin)
    else:
        text = signature.unverified_text(files[IN_RELEASE], origin)
    release = release_fields(text, target, origin)
    name = next((name for name in files if name not in (KEY, IN_RELEASE)), "")
    entries = [one for one in package_index.index_files(release, target, origin) if one.path.endswith(f"/{name}")]
    if not entries:
        raise PackageError(f"{origin} does not list the package index {name} of {target}. Stage the bundle again.")
    packages = read_index(files[name], entries[0], target, f"{folder}/{name}")
    return SignedIndex(packages, dict(files), package_index.date_of(release, origin))
