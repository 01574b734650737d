# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The state of Docker's packages in dpkg's database: installed, or interrupted during an installation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

# Read directly, because starting dpkg-query takes longer than this.
_STATUS = Path("/var/lib/dpkg/status")
DOCKER_PACKAGES = frozenset(
    {"docker-ce-cli", "docker-compose-plugin", "docker.io", "docker-ce", "containerd.io", "docker-buildx-plugin"}
)


def installed_packages(names: Collection[str] = DOCKER_PACKAGES) -> dict[str, str]:
    """Return name -> version of the named packages that are installed; empty without dpkg."""
    try:
        return parse_status(_STATUS.read_text(encoding="utf-8", errors="replace"), names)
    except OSError:
        return {}


def unfinished_packages(names: Collection[str]) -> set[str]:
    """Return the named packages whose installation dpkg has begun and not finished."""
    try:
        status = _STATUS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    finished = (" installed", " not-installed", " config-files")
    return {fields["Package"] for fields in _stanzas(status, names) if not fields["Status"].endswith(finished)}


def parse_status(status: str, names: Collection[str]) -> dict[str, str]:
    """Return name -> version of the named packages that dpkg's status file calls installed (deb822 stanzas)."""
    return {
        fields["Package"]: fields["Version"]
        for fields in _stanzas(status, names)
        if fields.get("Status", "").endswith(" installed")
    }


def _stanzas(status: str, names: Collection[str]) -> Iterator[dict[str, str]]:
    return (
        dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and not line.startswith(" "))
        for stanza in status.split("\n\n")
        if stanza.partition("\n")[0].partition(": ")[2] in names
    )
