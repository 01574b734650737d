# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the base images of a build in its context."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Mapping
from posixpath import normpath
from typing import BinaryIO

_ARG = re.compile(r"ARG\s+(\w+)(?:=(\S*))?", re.IGNORECASE)
_FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))")


def base_images(context: BinaryIO, query: Mapping[str, str]) -> tuple[str, ...]:
    """Return the images that the Dockerfile of a build context names; none without a Dockerfile.

    Args:
        context: the tar archive of POST /build.
        query: its parameters, of which "dockerfile" and "buildargs" are used.
    """
    dockerfile = _member(context, normpath(query.get("dockerfile") or "Dockerfile"))
    return parse(dockerfile, json.loads(query.get("buildargs") or "{}"))


def parse(dockerfile: str, arguments: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the images of FROM that are not an earlier stage of the same Dockerfile."""
    values: dict[str, str] = {}
    stages: set[str] = set()
    images: dict[str, None] = {}
    for line in dockerfile.splitlines():
        if (argument := _ARG.match(line.strip())) and not stages:
            name, default = argument.groups()
            values[name] = arguments.get(name) or (default or "").strip("\"'")
        elif start := _FROM.match(line.strip()):
            image = _VARIABLE.sub(lambda found: values.get(found[1] or found[3]) or found[2] or "", start[1])
            if image.lower() not in stages:
                images[image] = None
            stages.add((start[2] or "").lower())
    return tuple(images)


def _member(context: BinaryIO, name: str) -> str:
    try:
        with tarfile.open(fileobj=context, mode="r|*") as archive:
            for member in archive:
                if normpath(member.name) == name and member.isfile():
                    return archive.extractfile(member).read().decode(errors="replace")
    except tarfile.TarError:
        pass
    return ""
