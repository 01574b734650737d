# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""A signed Debian package index: which files it vouches for, and which packages it offers.

Everything here is pure and reads text whose signature is already verified.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target

COMPONENT = "stable"
_CLOCK_SKEW = 24 * 3600  # Seconds a signer's clock may run ahead of this machine's.


class IndexFile(NamedTuple):
    """A file the Release vouches for; the path is relative to the Release, the size in bytes."""

    path: str
    sha256: str
    size: int


class Offer(NamedTuple):
    """A .deb the index vouches for; the path is relative to the distribution's URL, the size in bytes."""

    name: str
    version: str
    path: str
    sha256: str
    size: int


def stanzas(text: str) -> Iterator[dict[str, str]]:
    """Yield the paragraphs of a Debian control file (deb822(5)); continuation lines are joined by newlines."""
    fields: dict[str, str] = {}
    name = ""
    for line in [*text.splitlines(), ""]:
        if line[:1] in (" ", "\t") and line.strip():
            fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
        elif line.strip():
            name, _colon, value = line.partition(":")
            fields[name] = value.strip()
        elif fields:
            yield fields
            fields = {}


def check_release(release: Mapping[str, str], codename: str, now: float, origin: str) -> None:
    """Refuse a Release that is of another suite, expired, or from the future.

    Args:
        release: the fields of the signed text.
        codename: the one asked for; the Codename or the Suite must be it.
        now: seconds since the epoch.
        origin: where it comes from, for the message.

    Source: the rules of apt (apt.conf(5), Acquire::Check-Date). Raises PackageError.
    """
    names = [release.get("Codename"), release.get("Suite")]
    if codename not in names:
        raise PackageError(f"{origin} is signed, but for {names[0] or names[1] or 'no release'} instead of {codename}.")
    clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    if _seconds(release, "Date", origin) > now + _CLOCK_SKEW:
        raise PackageError(f"{origin} is dated {release['Date']}, but here it is {clock}: set this machine's clock.")
    if "Valid-Until" in release and _seconds(release, "Valid-Until", origin) < now:
        raise PackageError(
            f"{origin} expired on {release['Valid-Until']} (here it is {clock}). Either the mirror no longer follows "
            "Docker's repository, which its operator has to repair, or this machine's clock is wrong."
        )


def _seconds(release: Mapping[str, str], field: str, origin: str) -> float:
    parsed = parsedate_tz(release.get(field, ""))
    if parsed is None:
        raise PackageError(f"{origin} has no readable {field}: {release.get(field)!r}.")
    return mktime_tz(parsed)


def packages_file(release: Mapping[str, str], target: Target, origin: str) -> IndexFile:
    """Return the package index of the target's architecture, the compressed one where there is one.

    Raises PackageError when the repository has no packages for that architecture.
    """
    listed = {path: IndexFile(path, sha256, int(size)) for sha256, size, path in _listing(release.get("SHA256", ""))}
    path = f"{COMPONENT}/binary-{target.architecture}/Packages"
    found = listed.get(f"{path}.gz") or listed.get(path)
    if found is None:
        there = sorted(
            {name.split("/")[1][len("binary-") :] for name in listed if name.startswith(f"{COMPONENT}/binary-")}
        )
        raise PackageError(
            f"{origin} lists no packages for {target.architecture} on {target.distribution} {target.codename}; it has: "
            f"{', '.join(there) or 'nothing'}."
        )
    return found


def _listing(field: str) -> Iterator[list[str]]:
    return (words for words in map(str.split, field.splitlines()) if len(words) == 3)


def offers(text: str, target: Target, origin: str) -> list[Offer]:
    """Return every package of the index that installs on the target's architecture. Raises PackageError."""
    try:
        return [
            Offer(fields["Package"], fields["Version"], fields["Filename"], fields["SHA256"], int(fields["Size"]))
            for fields in stanzas(text)
            if fields["Architecture"] in (target.architecture, "all")
        ]
    except KeyError as error:
        raise PackageError(f"{origin} is incomplete: a package has no {error.args[0]}.") from error


def choose(available: list[Offer], wanted: Mapping[str, str], target: Target) -> list[Offer]:
    """Return, by name, the newest version of each wanted package that belongs to the wanted series.

    Raises PackageError naming every package for which there is none, and what there is instead.
    """
    fitting = {
        name: [offer for offer in available if offer.name == name and package_versions.matches(offer.version, version)]
        for name, version in wanted.items()
    }
    problems = [_not_offered(available, name, wanted[name], target) for name, found in fitting.items() if not found]
    if problems:
        raise PackageError(" ".join(problems))
    return [max(fitting[name], key=lambda offer: package_versions.sort_key(offer.version)) for name in sorted(fitting)]


def _not_offered(available: list[Offer], name: str, version: str, target: Target) -> str:
    there = sorted({offer.version for offer in available if offer.name == name}, key=package_versions.sort_key)
    if not there:
        names = ", ".join(sorted({offer.name for offer in available}))
        return f"The repository has no package {name} for {target}; it has: {names or 'none'}."
    series = ", ".join(dict.fromkeys(map(package_versions.series, there)))
    # The branches of docker/docker-ce-packaging: 20.10 was built for these and never for a later release.
    hint = (
        " Docker built 20.10 for ubuntu focal, ubuntu jammy and debian bullseye." if version.startswith("20.10") else ""
    )
    return f"{name} {version} is not offered for {target}; offered there: {series}.{hint} Ask for one of these series."
