# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for Docker CLIs without a Debian package: scripts around Debian's real CLI of another version."""

from __future__ import annotations

# The Debian (suite, package) of the real CLI, and the version that it prints.
REAL_CLI = ("trixie", "docker-cli")
_REAL_VERSION = r"26\.[0-9.]+\+dfsg[0-9]+"

_RELABELLED = r"""#!/bin/sh
# A stand-in of the sandbox: Debian's real CLI, which calls itself VERSION.
case "${1-}" in
    version | --version | -v)
        said=$(PROGRAM "$@")
        status=$?
        [ -z "$said" ] || printf '%s\n' "$said" | sed -E 's/REAL_VERSION/VERSION/'
        exit "$status" ;;
    *) exec PROGRAM "$@" ;;
esac
"""

_TOO_NEW = r"""#!/bin/sh
# A stand-in of the sandbox: it calls itself VERSION and refuses API 1.41 as moby/client 0.1 and 0.2 do. Only what asks
# no engine is left to Debian's real CLI.
case "${1-} ${2-}" in
    '--version '* | '-v '*) echo "Docker version VERSION, build stand-in" ;;
    'compose version' | 'help '* | '--help '*) exec PROGRAM "$@" ;;
    *)
        [ "${1-}" != version ] || printf 'Client:\n Version:           VERSION\n API version:       1.52\n'
        echo "API version 1.41 is not supported by this client: the minimum supported API version is 1.44" >&2
        exit 1 ;;
esac
"""


def cli(version: str, program: str) -> str:
    """Return the stand-in for a version of the CLI; `program` has the shell words that start the real CLI."""
    # These CLIs use moby/client 0.1.0 to 0.2.2, which require API 1.44 (moby#52067).
    script = _TOO_NEW if version.startswith(("29.0.", "29.1.", "29.2.")) else _RELABELLED
    return script.replace("REAL_VERSION", _REAL_VERSION).replace("VERSION", version).replace("PROGRAM", program)
