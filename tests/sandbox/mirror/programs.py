# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files inside the mirror's packages: Debian's binaries where Docker would have its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..console import run
from .deb import File

if TYPE_CHECKING:
    from pathlib import Path

    from .contents import Package

_CLI = "usr/bin/docker"
_PLUGINS = "usr/libexec/docker/cli-plugins"
_COMPOSE = f"{_PLUGINS}/docker-compose"
_COMPOSE_BINARY = "usr/libexec/docker/docker-compose.debian"

# Docker's Compose prints "v2.26.1", Debian's build of it "2.26.1-4"; the SageMaker SDK v2 looks for the "v2".
_COMPOSE_WRAPPER = r"""#!/bin/sh
# Debian's build of Compose, made to print its version as Docker's own build does.
case " $* " in
    *" compose version "* | *" docker-cli-plugin-metadata "*)
        /BINARY "$@" | sed -E \
            -e 's/^([0-9.]+)-[0-9]+$/\1/' \
            -e 's/\b([Vv]ersion"?:? ?"?)([0-9.]+)(-[0-9]+)?/\1v\2/' ;;
    *) exec /BINARY "$@" ;;
esac
""".replace("BINARY", _COMPOSE_BINARY)

# Stands for Compose 5.1.0, whose client library refuses every engine below API 1.44 (moby/client 0.2.2).
_COMPOSE_TOO_NEW = """#!/bin/sh
# A decoy of the sandbox: it introduces itself as Compose 5.1.0 and, like that, cannot speak to Studio's engine.
case " $* " in
    *" docker-cli-plugin-metadata "*)
        echo '{"SchemaVersion":"0.1.0","Vendor":"Docker Inc.","Version":"v5.1.0"}' ;;
    *" version "*--short*) echo 5.1.0 ;;
    *" version "*) echo "Docker Compose version v5.1.0" ;;
    *)
        echo "API version 1.41 is not supported by this client: the minimum supported API version is 1.44" >&2
        exit 1 ;;
esac
"""


def files_of(package: Package, unpacked: Path | None) -> list[File]:
    """Return a package's files; `unpacked` is the content of the Debian package its program comes from."""
    if package.name == "docker-ce-cli" and unpacked:
        return [File(_CLI, (unpacked / _CLI).read_bytes(), executable=True)]
    if package.name == "docker-compose-plugin":
        return _compose(unpacked)
    text = f"A decoy of the sandbox: {package.name} {package.upstream} without its program.\n"
    return [File(f"usr/share/doc/{package.name}/README", text.encode())]


def _compose(unpacked: Path | None) -> list[File]:
    if not unpacked:
        return [File(_COMPOSE, _COMPOSE_TOO_NEW.encode(), executable=True)]
    return [
        File(_COMPOSE, _COMPOSE_WRAPPER.encode(), executable=True),
        File(_COMPOSE_BINARY, (unpacked / _COMPOSE).read_bytes(), executable=True),
    ]


def libc_of(deb: Path) -> str:
    """Return the C library that Debian's package asks for, e.g. "libc6 (>= 2.34)": the binary's true need."""
    depends = run(["dpkg-deb", "--field", deb, "Depends"]).split(",")
    return next(relation.strip() for relation in depends if relation.strip().startswith("libc6"))
