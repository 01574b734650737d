# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The settings of the user's Docker client: its environment variables and its configuration file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

# docs.docker.com, CLI reference: the client's environment variables, without DOCKER_AUTH_CONFIG, which is a secret.
VARIABLES = (
    "DOCKER_API_VERSION",
    "DOCKER_BUILDKIT",
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTENT_TRUST",
    "DOCKER_DEFAULT_PLATFORM",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
)


def client_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the client's variables that are set; Docker's CLI treats an empty one as unset."""
    return {name: variables[name] for name in VARIABLES if variables.get(name)}


def folder(variables: Mapping[str, str], home: Path) -> Path:
    """Return the folder of the client's configuration."""
    return Path(variables.get("DOCKER_CONFIG") or home / ".docker")


def docker_config(variables: Mapping[str, str], home: Path, path: Sequence[str]) -> dict[str, Any]:
    """Return the facts of the configuration file as studio_app_info documents them.

    Args:
        variables: the user's environment variables.
        home: the user's home.
        path: the folders of the user's PATH.
    """
    file = folder(variables, home) / "config.json"
    content, error = _read(file)
    extra = content.get("cliPluginsExtraDirs")
    return {
        "path": str(file),
        "error": error,
        "writable": _writable(file.parent),
        "credential_helpers": [
            {"name": name, "registry": registry, "path": shutil.which(f"docker-credential-{name}", path=":".join(path))}
            for registry, name in _credential_helpers(content)
        ],
        "cli_plugins_extra_dirs": [str(one) for one in extra] if isinstance(extra, list) else [],
        "ignored_compose": _ignored_compose(file.parent, home),
    }


def _ignored_compose(used: Path, home: Path) -> str | None:
    """Return the Compose of the default folder if the client uses another folder."""
    default = home / ".docker"
    plugin = default / "cli-plugins/docker-compose"
    return str(plugin) if used != default and plugin.exists() else None


def _read(file: Path) -> tuple[dict[str, Any], str | None]:
    """Return the content of the file and why it is not usable; a missing file is usable."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        return {}, error.strerror or str(error)
    except ValueError as error:
        return {}, f"not valid JSON: {error}"
    return (content, None) if isinstance(content, dict) else ({}, "not a JSON object")


def _credential_helpers(content: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    """Yield (registry, name) of each helper; the registry is None for the helper of all other registries."""
    helpers = content.get("credHelpers")
    for registry, name in (helpers if isinstance(helpers, dict) else {}).items():
        if name and isinstance(name, str):
            yield registry, name
    store = content.get("credsStore")
    if store and isinstance(store, str):
        yield None, store


def _writable(path: Path) -> bool:
    """Return whether the user may write to the folder, or create it."""
    existing = next((one for one in (path, *path.parents) if os.path.lexists(one)), path)
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
