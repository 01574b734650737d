# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Read a Release file and a package index, and select packages from it.

These functions are pure and read text that is already verified.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker import documented_cli, package_versions
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.client_versions import API_FLOOR
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.deb822 import stanzas
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.target import Target

COMPONENT = "stable"
# By preference: decompressing gz is fastest, and every Python can do it.
_SUFFIXES = (".gz", ".xz", ".bz2", "")
_LAST_DATE = 253402300799  # the end of the year 9999
# Debian Policy, section 5.6.12, without its colons in the upstream version, which Docker does not use.
_VERSION = re.compile(r"(?:[0-9]{1,9}:)?[0-9A-Za-z.+~-]{1,256}")
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


def check_suite(release: Mapping[str, str], codename: str, origin: str) -> None:
    """Refuse a Release file of another suite: the requested codename must be its Codename or its Suite.

    Args:
        release: the fields of the signed text.
        codename: the requested codename.
        origin: its URL, for the message.
    """
    names = [release.get("Codename"), release.get("Suite")]
    if codename not in names:
        raise PackageError(f"{origin} is signed for {names[0] or names[1] or 'no suite'}, not for {codename}.")


def check_dates(release: Mapping[str, str], now: float, origin: str) -> None:
    """Refuse an expired Release file, and one from the future.

    Args:
        release: the fields of the signed text.
        now: seconds since the epoch.
        origin: its URL, for the message.

    Source: the rules of apt (apt.conf(5), Acquire::Check-Date). Raises PackageError.
    """
    clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    if date_of(release, origin) > now + _CLOCK_SKEW:
        raise PackageError(
            f"{origin} is dated {release['Date']}, which is later than {clock} on this machine. Set the clock."
        )
    if "Valid-Until" in release and date_of(release, origin, "Valid-Until") < now:
        raise PackageError(
            f"{origin} expired on {release['Valid-Until']}; this machine's clock says {clock}. If that is right, the "
            "mirror is out of date and its operator has to update it."
        )


def date_of(release: Mapping[str, str], origin: str, field: str = "Date") -> float:
    """Return a date of the Release file in seconds since the epoch. Raises PackageError."""
    try:
        parsed = parsedate_tz(release.get(field, ""))
        if parsed is not None and 0 <= mktime_tz(parsed) <= _LAST_DATE:
            return float(mktime_tz(parsed))
    except (ValueError, OverflowError, IndexError, TypeError):
        pass  # parsedate_tz accepts some numbers that are not dates
    raise PackageError(f"{origin} has no readable {field}: {release.get(field)!r}.")


def index_files(release: Mapping[str, str], target: Target, origin: str) -> list[IndexFile]:
    """Return the package indexes of the target's architecture, in the order to try them.

    Raises PackageError if the Release file lists none of that architecture.
    """
    listed = {one.path: one for one in _listing(release.get("SHA256", ""))}
    path = f"{COMPONENT}/binary-{target.architecture}/Packages"
    found = [listed[f"{path}{suffix}"] for suffix in _SUFFIXES if f"{path}{suffix}" in listed]
    if not found:
        folder = f"{COMPONENT}/binary-"
        architectures = sorted({name.split("/")[1][len("binary-") :] for name in listed if name.startswith(folder)})
        raise PackageError(
            f"{origin} lists no packages for {target.architecture} on {target.distribution} {target.codename}; it has: "
            f"{', '.join(architectures) or 'none'}."
        )
    return found


def _listing(field: str) -> Iterator[IndexFile]:
    for words in map(str.split, field.splitlines()):
        if len(words) == 3 and _is_size(words[1]):
            yield IndexFile(words[2], words[0].lower(), int(words[1]))


def _is_size(text: str) -> bool:
    return text.isdecimal() and len(text) < 16


def available_packages(text: str, target: Target, origin: str) -> list[AvailablePackage]:
    """Return the packages of the index that can be installed on the target's architecture. Raises PackageError."""
    try:
        return [
            _available(fields) for fields in stanzas(text) if fields["Architecture"] in (target.architecture, "all")
        ]
    except KeyError as error:
        raise PackageError(f"{origin} is incomplete: a package has no {error.args[0]}.") from error
    except ValueError as error:
        raise PackageError(f"{origin} is malformed: {error}.") from error


def _available(fields: Mapping[str, str]) -> AvailablePackage:
    if not _VERSION.fullmatch(fields["Version"]):
        raise ValueError(f"{fields['Version'][:80]!r} is not a version of a package")
    if not _is_size(fields["Size"]):
        raise ValueError(f"{fields['Size'][:80]!r} is not a size in bytes")
    return AvailablePackage(
        fields["Package"], fields["Version"], fields["Filename"], fields["SHA256"].lower(), int(fields["Size"])
    )


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


def is_candidate(available: list[AvailablePackage], name: str, version: str, requested: str) -> bool:
    """Tell whether a version of a package is one that the request allows, as select has it."""
    return any(one.version == version for one in _candidates(available, name, requested))


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
