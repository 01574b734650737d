# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The true exit status of a command, behind an ssh server that may report another one or none. Pure."""

from __future__ import annotations

import re
import secrets
import shlex


class Marker:
    """A line that the app's shell prints after a command: a random word and the command's status."""

    def __init__(self) -> None:
        self._word = f"studio-ssh-{secrets.token_hex(16)}"
        self._line = re.compile(rb"%s:(\d{1,3})\r?\n" % self._word.encode())

    def wrap(self, command: str) -> str:
        """Return the command for the server's shell, which is bash.

        A shell of its own runs the command: whatever that does, the line is printed after it. The environment of a
        session lacks HOME and USER; bash knows the home, but does not export it.
        """
        return (
            'export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}" USER="${USER:-$(id -un)}"; '
            f'"${{BASH:-/bin/sh}}" -c {shlex.quote(command)}; printf "%s:%s\\n" {self._word} "$?"'
        )

    def split(self, output: bytes) -> tuple[int, bytes] | None:
        """Return the status and the command's own output; None without the line."""
        found = self._line.search(output)
        if found is None:
            return None
        return int(found.group(1)), output[: found.start()] + output[found.end() :]
