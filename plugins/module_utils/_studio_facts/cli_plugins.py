# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Finds the plugins of Docker's CLI as the CLI does: the first file of the name counts, whether or not it runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

# docker/cli, cli-plugins/manager/manager_unix.go: searched in this order, after the user's folders.
SYSTEM_PLUGINS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)
# docker/cli, cli-plugins/manager: the CLI runs a plugin with this argument before it uses it.
METADATA = "docker-cli-plugin-metadata"


def plugin_folders(config: str, extra: Iterable[str]) -> list[str]:
    """Return the folders that Docker's CLI searches for plugins, in order.

    Args:
        config: the folder of Docker's configuration.
        extra: C(cliPluginsExtraDirs) of the configuration.
    """
    return [*extra, str(Path(config, "cli-plugins")), *SYSTEM_PLUGINS]


def plugin_files(name: str, folders: Iterable[str]) -> list[str]:
    """Return the files of a plugin in those folders; the CLI takes the first one, even if it is not executable."""
    return [str(path) for path in (Path(folder, name) for folder in folders) if _exists(path)]


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # The CLI stops there, too.
    return True


def metadata_problem(output: str) -> str:
    """Return why Docker's CLI ignores a program that prints this as the metadata of a plugin; empty if it does not.

    Source: docker/cli, cli-plugins/manager/plugin.go (newPlugin).
    """
    try:
        metadata = json.loads(output)
        accepted = metadata["SchemaVersion"] == "0.1.0" and bool(metadata["Vendor"])
    except (ValueError, TypeError, KeyError):
        accepted = False
    return "" if accepted else "it is not a plugin of Docker's CLI: it prints no metadata of one"
