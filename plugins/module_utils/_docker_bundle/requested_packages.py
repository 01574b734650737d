# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Validate the option packages."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError

# AWS guide: install docker-ce-cli and docker-compose-plugin only; the engine is Studio's, outside the app.
REFUSED = {
    "containerd.io": "it belongs to the engine, which Studio runs outside the app",
    "docker-ce": "it is the engine, which Studio runs outside the app",
    "docker-ce-rootless-extras": "it belongs to the engine, which Studio runs outside the app",
    "docker-buildx-plugin": "BuildKit needs privileged mode, which Studio denies: builds run with DOCKER_BUILDKIT=0",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+")  # Debian Policy, section 5.6.7


def requested_packages(packages: dict[str, Any]) -> dict[str, str]:
    """Return the requested packages as name -> version series.

    Raises PackageError for a package that must not be in a Studio app, and for a version that is not a text: YAML reads
    an unquoted 20.10 as the number 20.1.
    """
    if not packages:
        raise PackageError('packages is empty. Name at least one, for example {docker-compose-plugin: "2"}.')
    problems = [_problem(name, version) for name, version in packages.items()]
    if any(problems):
        raise PackageError(" ".join(filter(None, problems)))
    return {name: str(version) for name, version in packages.items()}


def refusal(name: str) -> str:
    """Return why a package must not be in a Studio app, or an empty text."""
    return f"{name} is never part of a bundle: {REFUSED[name]}." if name in REFUSED else ""


def _problem(name: str, version: Any) -> str:
    if not _NAME.fullmatch(name):
        return f"{name!r} in packages is not the name of a Debian package."
    if isinstance(version, float):
        return f'The version of {name} in packages was read as the number {version}: put it in quotes, such as "20.10".'
    if isinstance(version, bool) or not isinstance(version, (str, int)) or not str(version):
        return f'The version of {name} in packages must be a series such as "20.10", not {version!r}.'
    return refusal(name)
