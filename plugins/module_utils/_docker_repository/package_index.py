# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read a Release file and a package index, and select packages from it.

These functions are pure and read text that is already verified.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import documented_cli, package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import API_FLOOR
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target

COMPONENT = "stable"
_CLOCK_SKEW = 24 * 3600  # Seconds a signer's clock may run ahead of this machine's.


class IndexFile(NamedTuple):
    """An index file that the Release file lists; the path is relative to the Release file, the size in bytes."""

    path: str
    sha256: str
    size: int


class AvailablePackage(NamedTuple):
    """A .deb that the index lists; the path is relative to the distribution's URL, the size in bytes."""

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
    """Refuse a Release file of another suite, an expired one, and one from the future.

    Args:
        release: the fields of the signed text.
        codename: the requested codename, which must be the Codename or the Suite.
        now: seconds since the epoch.
        origin: its URL, for the message.

    Source: the rules of apt (apt.conf(5), Acquire::Check-Date). Raises PackageError.
    """
    names = [release.get("Codename"), release.get("Suite")]
    if codename not in names:
        raise PackageError(f"{origin} is signed for {names[0] or names[1] or 'no suite'}, not for {codename}.")
    clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    if _seconds(release, "Date", origin) > now + _CLOCK_SKEW:
        raise PackageError(
            f"{origin} is dated {release['Date']}, which is later than {clock} on this machine. Set the clock."
        )
    if "Valid-Until" in release and _seconds(release, "Valid-Until", origin) < now:
        raise PackageError(
            f"{origin} expired on {release['Valid-Until']}; this machine's clock says {clock}. If that is right, the "
            "mirror is out of date and its operator has to update it."
        )


def _seconds(release: Mapping[str, str], field: str, origin: str) -> float:
    parsed = parsedate_tz(release.get(field, ""))
    if parsed is None:
        raise PackageError(f"{origin} has no readable {field}: {release.get(field)!r}.")
    return mktime_tz(parsed)


def packages_file(release: Mapping[str, str], target: Target, origin: str) -> IndexFile:
    """Return the package index of the target's architecture, compressed if possible.

    Raises PackageError if the Release file lists no index of that architecture.
    """
    listed = {path: IndexFile(path, sha256, int(size)) for sha256, size, path in _listing(release.get("SHA256", ""))}
    path = f"{COMPONENT}/binary-{target.architecture}/Packages"
    found = listed.get(f"{path}.gz") or listed.get(path)
    if found is None:
        architectures = sorted(
            {name.split("/")[1][len("binary-") :] for name in listed if name.startswith(f"{COMPONENT}/binary-")}
        )
        raise PackageError(
            f"{origin} lists no packages for {target.architecture} on {target.distribution} {target.codename}; it has: "
            f"{', '.join(architectures) or 'none'}."
        )
    return found


def _listing(field: str) -> Iterator[list[str]]:
    return (words for words in map(str.split, field.splitlines()) if len(words) == 3)


def available_packages(text: str, target: Target, origin: str) -> list[AvailablePackage]:
    """Return the packages of the index that can be installed on the target's architecture. Raises PackageError."""
    try:
        return [
            AvailablePackage(
                fields["Package"], fields["Version"], fields["Filename"], fields["SHA256"], int(fields["Size"])
            )
            for fields in stanzas(text)
            if fields["Architecture"] in (target.architecture, "all")
        ]
    except KeyError as error:
        raise PackageError(f"{origin} is incomplete: a package has no {error.args[0]}.") from error


def select(available: list[AvailablePackage], requested: Mapping[str, str], target: Target) -> list[AvailablePackage]:
    """Return, sorted by name, the newest version of each requested package that belongs to the requested series.

    If the repository has no version of the documented CLI series, the newest CLI that speaks API 1.41 replaces it.

    Raises PackageError naming every package without a candidate, and the series that are available.
    """
    candidates = {name: _candidates(available, name, version) for name, version in requested.items()}
    problems = [
        _unavailable(available, name, requested[name], target) for name, found in candidates.items() if not found
    ]
    if problems:
        raise PackageError(" ".join(problems))
    return [
        max(candidates[name], key=lambda one: package_versions.sort_key(one.version)) for name in sorted(candidates)
    ]


def replacements(selected: list[AvailablePackage], requested: Mapping[str, str], target: Target) -> list[str]:
    """Return a warning for each selected package that replaces the requested series."""
    return [
        f"The repository has no {one.name} {requested[one.name]} for {target}. The bundle has {one.version}, the "
        f"newest that speaks API {API_FLOOR}, although AWS documents {requested[one.name]} only."
        for one in selected
        if not package_versions.matches(one.version, requested[one.name])
    ]


def _candidates(available: list[AvailablePackage], name: str, requested: str) -> list[AvailablePackage]:
    versions = [one for one in available if one.name == name]
    matching = [one for one in versions if package_versions.matches(one.version, requested)]
    if matching or not documented_cli.may_be_replaced(name, requested):
        return matching
    return [one for one in versions if documented_cli.can_replace(one.version)]


def _unavailable(available: list[AvailablePackage], name: str, version: str, target: Target) -> str:
    versions = sorted({one.version for one in available if one.name == name}, key=package_versions.sort_key)
    if not versions:
        names = ", ".join(sorted({one.name for one in available}))
        return f"The repository has no package {name} for {target}. Its packages are: {names or 'none'}."
    series = ", ".join(dict.fromkeys(map(package_versions.series, versions)))
    return f"The repository has no {name} {version} for {target}. Request one of these series: {series}."
