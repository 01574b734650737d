# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The shell commands that an installation in the system runs as root, besides dpkg and apt-get."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

# Where Docker's packages and dpkg itself write, all of which may be mounted read-only.
_WRITTEN = (
    "/usr/bin",
    "/usr/libexec/docker/cli-plugins",
    "/usr/share/bash-completion/completions",
    "/usr/share/doc",
    "/usr/share/man/man1",
    "/var/lib/dpkg",
    "/var/log",
)
# What failed_command recognizes.
READ_ONLY = "is not writable for root"

_COPY = f"""
for folder in {" ".join(_WRITTEN)}; do
    while [ ! -e "$folder" ]; do folder=${{folder%/*}}; done
    [ -w "$folder" ] || {{ echo "E: $folder {READ_ONLY}" >&2; exit 1; }}
done
umask 077
folder=$(mktemp --directory /var/tmp/studio_docker_cli.XXXXXX) || exit
cp -- "$@" "$folder" && cd "$folder" && sha256sum --check --strict --quiet >&2 && echo "$folder" && exit
rm --recursive --force -- "$folder"
exit 1
"""


def copy(files: list[str]) -> list[str]:
    """Return the command that copies files to a new folder of root's, checks them and prints the folder.

    Its input are the checksums as sha256sum reads them. First it makes sure that dpkg can write.
    """
    return ["sh", "-c", _COPY, "sh", *files]


def write(path: Path, replaces: str, then: Sequence[str] = ()) -> list[str]:
    """Return the command that writes its input to a file which everybody can read, at once or not at all.

    Args:
        path: the file.
        replaces: pattern of the names beside it that it replaces.
        then: a command to run afterwards, since each sudo takes a while.
    """
    folder = path.parent
    script = (
        f"umask 022 && mkdir -p {folder} && chmod 755 {folder} && cat > {path}.$$ && mv -f {path}.$$ {path} "
        f"&& rm -f {folder}/{replaces}"
    )
    return ["sh", "-c", f'{script} && exec "$@"', "sh", *then] if then else ["sh", "-c", script]
