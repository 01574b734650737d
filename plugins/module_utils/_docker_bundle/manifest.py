# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read and write the manifest of a bundle: its packages, their operating system and their repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import own_files
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target, validate_target

FILE_NAME = "manifest.json"
LIMIT = 1 << 20  # bytes
_FORMAT = 2
_INDEX_FILES = ("key.gpg", "InRelease", *(f"Packages{suffix}" for suffix in (".gz", ".xz", ".bz2", "")))
_DEB = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~%_-]*\.deb")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Package(NamedTuple):
    """A .deb of the bundle; file is its bare name, size is in bytes."""

    name: str
    version: str
    file: str
    size: int
    sha256: str


class IndexFile(NamedTuple):
    """A file that verifies the packages: the key, InRelease, or the package index; size is in bytes."""

    file: str
    size: int
    sha256: str


class Manifest(NamedTuple):
    """The content of manifest.json. Without a date: the same files give the same manifest."""

    target: Target
    repository_url: str
    key_fingerprint: str
    packages: tuple[Package, ...]
    index_files: tuple[IndexFile, ...] = ()

    @property
    def contents(self) -> list[Package | IndexFile]:
        """The files that the manifest lists."""
        return [*self.packages, *self.index_files]

    @property
    def files(self) -> list[str]:
        """The names of the bundle's files in the order to copy them: the manifest last, when the bundle is complete."""
        return [*(one.file for one in self.contents), FILE_NAME]


def is_safe_name(file: Any) -> bool:
    """Tell whether a file name is the bare name of a .deb, so that it cannot refer to a file outside of the bundle."""
    return isinstance(file, str) and _DEB.fullmatch(file) is not None


def to_json(manifest: Manifest) -> str:
    """Return the text of manifest.json; equal manifests give equal text."""
    content = {
        "format": _FORMAT,
        **manifest.target._asdict(),
        "repository_url": manifest.repository_url,
        "key_fingerprint": manifest.key_fingerprint,
        "packages": [package._asdict() for package in sorted(manifest.packages)],
        "index_files": [one._asdict() for one in sorted(manifest.index_files)],
    }
    return json.dumps(content, indent=2) + "\n"


def as_returned(dest: Path, manifest: Manifest) -> dict[str, Any]:
    """Return the bundle in a folder as docker_deb_bundle returns it."""
    packages = [package._asdict() for package in manifest.packages]
    return {"path": str(dest), **manifest.target._asdict(), "packages": packages, "files": manifest.files}


def read(dest: Path) -> Manifest:
    """Return the manifest of the bundle in a folder.

    Raises PackageError if it is missing or malformed. Every file name in the returned manifest is a bare name.
    """
    path = dest / FILE_NAME
    try:
        text = own_files.read(path, LIMIT).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PackageError(
            f"{dest} has no bundle: {FILE_NAME} is missing. On a machine with internet access, run "
            "mlops.studio_local_mode.stage_docker_debs, and copy the whole folder here."
        ) from error
    except OSError as error:
        raise PackageError(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PackageError(f"{path} is not a manifest of a bundle: {error}. Stage the bundle again.") from error
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PackageError(f"{path} is not a manifest of a bundle: {error}. Stage the bundle again.") from error
    return parse(content, str(path))


def parse(content: Any, origin: str) -> Manifest:
    """Return a manifest from its JSON content; the origin is for the message. Raises PackageError as read does."""
    try:
        return _parse(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackageError(
            f"{origin} is not a manifest of a bundle: {_describe(error)}. Stage the bundle again."
        ) from error


def _parse(content: dict[str, Any]) -> Manifest:
    if content["format"] != _FORMAT:
        raise ValueError(f"its format is {content['format']}, this version of the collection reads {_FORMAT}")
    texts = {name: content[name] for name in (*Target._fields, "repository_url", "key_fingerprint")}
    _check_texts(texts)
    return Manifest(
        target=validate_target({field: texts[field] for field in Target._fields}),
        repository_url=texts["repository_url"],
        key_fingerprint=texts["key_fingerprint"],
        packages=tuple(_package(entry) for entry in content["packages"]),
        index_files=tuple(_index_file(entry) for entry in content["index_files"]),
    )


def _package(entry: dict[str, Any]) -> Package:
    package = Package(**{field: entry[field] for field in Package._fields})
    _check_texts({"name": package.name, "version": package.version})
    if not is_safe_name(package.file):
        raise ValueError(f"{package.file!r} is not the bare name of a .deb inside the bundle")
    _check_digest(package)
    return package


def _index_file(entry: dict[str, Any]) -> IndexFile:
    one = IndexFile(**{field: entry[field] for field in IndexFile._fields})
    if one.file not in _INDEX_FILES:
        raise ValueError(f"{one.file!r} is not a file of a package index")
    _check_digest(one)
    return one


def _check_texts(fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if not isinstance(value, str):
            raise ValueError(f"its {name} is {value!r}, which is not a text")


def _check_digest(one: Package | IndexFile) -> None:
    has_size = isinstance(one.size, int) and not isinstance(one.size, bool) and one.size >= 0
    if not has_size or not isinstance(one.sha256, str) or not _SHA256.fullmatch(one.sha256):
        raise ValueError(f"the size or sha256 of {one.file} is malformed")


def _describe(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)
