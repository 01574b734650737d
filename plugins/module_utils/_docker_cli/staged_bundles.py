# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The bundles in a folder of the controller, and the files of one of them that an app needs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker.errors import PackageError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._docker_bundle.manifest import FILE_NAME

# The key for the folder itself, beside the names of the folders in it.
ITSELF = "."


def read_manifests(folder: Path) -> dict[str, Any]:
    """Return the content of manifest.json of each bundle in a folder, by the name of its folder.

    Raises PackageError if a manifest cannot be read.
    """
    found = {}
    for path in [folder / FILE_NAME, *sorted(folder.glob(f"*/{FILE_NAME}"))]:
        if path.is_file():
            found[ITSELF if path.parent == folder else path.parent.name] = _content(path)
    return found


def _content(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackageError(f"Cannot read {path}: {os.strerror(error.errno or 0)}.") from error
    except ValueError as error:
        raise PackageError(f"{path} is not a manifest of a bundle: {error}. Stage the bundle again.") from error


def files_to_copy(folder: Path, bundle: str, packages: list[str]) -> list[Path]:
    """Return the files that an app needs of a bundle: the named .debs, and whatever lies beside the .debs.

    Args:
        folder: the folder on the controller.
        bundle: name of the bundle's folder in it; otherwise the folder itself is the bundle.
        packages: file names of the .debs that the app lacks.
    """
    own = folder / bundle if (folder / bundle / FILE_NAME).is_file() else folder
    return [
        file
        for file in sorted(own.iterdir())
        if file.is_file() and not _is_temporary(file) and (file.suffix != ".deb" or file.name in packages)
    ]


def _is_temporary(file: Path) -> bool:
    return file.name.startswith(".") or file.suffix == ".part"
