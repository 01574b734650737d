# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The operating system that a bundle is for."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

_UPSTREAM = ("ubuntu", "debian")
_WORD = re.compile(r"[a-z0-9][a-z0-9.-]*")


class Target(NamedTuple):
    """An operating system as Docker's repository names it: C(ubuntu), C(jammy), C(amd64)."""

    distribution: str
    codename: str
    architecture: str

    @property
    def folder(self) -> str:
        """The name of its folder among those of other systems."""
        return "-".join(self)

    def __str__(self) -> str:
        return f"{self.distribution} {self.codename} ({self.architecture})"


def parse_os_release(text: str) -> dict[str, str]:
    """Return the assignments of /etc/os-release (os-release(5): shell syntax, one a line); skip malformed lines."""
    words = (word for line in text.splitlines() for word in _shell_words(line))
    return dict(word.split("=", 1) for word in words if "=" in word)


def _shell_words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


def docker_release(os_release: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the distribution and codename under which Docker publishes packages for an operating system."""
    upstream = upstream_release(os_release)
    return upstream or (os_release.get("ID"), os_release.get("VERSION_CODENAME"))


def upstream_release(os_release: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the release of Ubuntu or Debian that a derivative is built on; None for any other operating system.

    A derivative names it, such as Linux Mint in UBUNTU_CODENAME. Ubuntu itself has that variable, too.
    """
    if os_release.get("ID") in _UPSTREAM:
        return None
    named = ((upstream, os_release.get(f"{upstream.upper()}_CODENAME")) for upstream in _UPSTREAM)
    return next(((upstream, codename) for upstream, codename in named if codename), None)


def resolve_target(
    requested: Mapping[str, str | None], os_release: Mapping[str, str], architecture: str | None
) -> Target:
    """Return the requested target, with the machine's own values for omitted options.

    Args:
        requested: the options distribution, codename and architecture, None where omitted.
        os_release: of the machine that makes the bundle; empty if the machine has no such file (macOS).
        architecture: Debian's name of the machine's architecture, None without dpkg.

    Raises PackageError when a value is missing or unusable in a URL.
    """
    distribution, codename = docker_release(os_release) if architecture else (None, None)
    own = {"distribution": distribution, "codename": codename, "architecture": architecture}
    if requested["distribution"] not in (None, own["distribution"]):
        own["codename"] = None  # The machine's codename means nothing to another distribution.
    found = {name: requested[name] or own[name] for name in Target._fields}
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise PackageError(
            f"The operating system of the bundle is unknown, because this machine "
            f"({os_release.get('PRETTY_NAME', 'not Linux')}) is not a Debian or Ubuntu system. Set "
            f"{', '.join(missing)}; for example distribution: ubuntu, codename: jammy, architecture: amd64."
        )
    return validate_target({name: value for name, value in found.items() if value})


def validate_target(found: Mapping[str, str]) -> Target:
    """Return the target, after checking that each value is a single word. Raises PackageError."""
    for name, value in found.items():
        if not _WORD.fullmatch(value):
            raise PackageError(f"{name} {value!r} is not a name such as ubuntu, jammy or amd64.")
    return Target(**found)
