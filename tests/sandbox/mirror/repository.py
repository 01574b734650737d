# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the mirror's files, in the layout of download.docker.com."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING

from .. import layout, stand_ins
from ..console import say
from ..inputs import fingerprint
from . import contents, deb, programs, signing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..packages import Archive

ARCHITECTURE = "amd64"
_MARKER = layout.MIRROR / "built-from"


def ensure(archive: Archive, packing: str) -> None:
    """Build the files unless they are current: Debian's binaries repacked as Docker's packages by one of deb.PACKINGS,
    with a signed index."""
    if _MARKER.exists() and _MARKER.read_text() == _inputs(packing):
        return
    say("build the package mirror")
    shutil.rmtree(layout.MIRROR_REPOSITORY, ignore_errors=True)
    _MARKER.unlink(missing_ok=True)
    stanzas: dict[contents.Release, list[str]] = {release: [] for release in contents.RELEASES}
    for package in contents.PACKAGES:
        for release, stanza in _repack(package, archive, packing):
            stanzas[release].append(stanza)
    with signing.signer() as signer:
        for release, index in stanzas.items():
            _publish(release, index, signer)
    _MARKER.write_text(_inputs(packing))


def _inputs(packing: str) -> str:
    sources = (contents, deb, programs, signing, stand_ins)
    return fingerprint(packing, Path(__file__), *(Path(str(module.__file__)) for module in sources))


def _system_folder(release: contents.Release) -> Path:
    return layout.MIRROR_REPOSITORY / "linux" / release.system


def _repack(package: contents.Package, archive: Archive, packing: str) -> Iterator[tuple[contents.Release, str]]:
    """Write the package for every release that has it; yield the release and the stanza of its index."""
    program = programs.fetch(package, archive)
    members: dict[bool, tuple[bytes, int]] = {}
    for release in filter(package.is_published_for, contents.RELEASES):
        too_old = program.needs_newer_libc(release.libc) if program else False
        if too_old not in members:
            files = programs.files_of(package, program, programs.c_library(archive) if too_old else {})
            members[too_old] = deb.data_member(files, packing), sum(len(file.content) for file in files) // 1024 + 1
        data, size = members[too_old]
        depends = {"Depends": f"libc6 (>= {program.libc})"} if program and not too_old else {}
        fields = _control(package, release, size) | depends | dict(package.fields)
        yield release, _write(fields, release, data, packing)


def _control(package: contents.Package, release: contents.Release, size: int) -> dict[str, str]:
    return {
        "Package": package.name,
        "Architecture": ARCHITECTURE,
        "Version": package.version(release),
        "Priority": "optional",
        "Section": "admin",
        "Maintainer": "Docker <support@docker.com>",
        "Installed-Size": str(size),
        "Homepage": "https://www.docker.com",
        "Description": f"{package.name}, repacked for the sandbox",
    }


def _write(fields: dict[str, str], release: contents.Release, data: bytes, packing: str) -> str:
    version = fields["Version"].partition(":")[2] or fields["Version"]
    name = f"{fields['Package']}_{version}_{ARCHITECTURE}.deb"
    location = f"dists/{release.codename}/pool/stable/{ARCHITECTURE}/{name}"
    path = _system_folder(release) / location
    deb.write(path, fields, data, packing)
    content = path.read_bytes()
    index = {
        **fields,
        "Filename": location,
        "Size": str(len(content)),
        "SHA256": hashlib.sha256(content).hexdigest(),
    }
    return "".join(f"{key}: {value}\n" for key, value in index.items())


def _publish(release: contents.Release, stanzas: Iterable[str], signer: signing.Signer) -> None:
    system = _system_folder(release)
    (system / "gpg").write_text(signer.public_key())
    dist = system / "dists" / release.codename
    index = dist / "stable" / f"binary-{ARCHITECTURE}" / "Packages"
    index.parent.mkdir(parents=True)
    packages = "\n".join(stanzas).encode()
    index.write_bytes(packages)
    index.with_suffix(".gz").write_bytes(gzip.compress(packages, mtime=0))
    (dist / "Release").write_text(_release_file(release, dist, [index, index.with_suffix(".gz")]))
    signer.clear_sign(dist / "Release", dist / "InRelease")
    signer.detach_sign(dist / "Release", dist / "Release.gpg")


def _release_file(release: contents.Release, dist: Path, indexes: Iterable[Path]) -> str:
    """Return the Release file; like Docker's it has a Date and no Valid-Until."""
    hashes = "".join(
        f" {hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_size:16} {path.relative_to(dist)}\n"
        for path in indexes
    )
    return (
        f"Origin: Docker\nLabel: Docker CE\nSuite: {release.codename}\nCodename: {release.codename}\n"
        f"Date: {formatdate(usegmt=True).replace('GMT', 'UTC')}\nArchitectures: {ARCHITECTURE}\nComponents: stable\n"
        f"SHA256:\n{hashes}"
    )
