# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Whether ssh has started over a session: the server in the app has answered what ssh asks before a command. Pure.

Most of it is encrypted. But ssh waits for the answer to each of its messages: version, key exchange, request to log in,
login, channel. So counting answers is enough: with the fourth, the key exchange is over in any case. From then on ssh
itself notices a server that does not answer, by its keepalive messages.
"""

from __future__ import annotations

_ANSWERS = 4


class SshStart:
    """Counts how often the server answered, by the directions of the bytes."""

    def __init__(self) -> None:
        self._answers = 0
        self._has_asked = False

    @property
    def is_over(self) -> bool:
        """Whether the server has answered often enough. From then on, silence may be a command that takes its time."""
        return self._answers >= _ANSWERS

    def ask(self) -> None:
        """ssh sends something."""
        self._has_asked = True

    def answer(self) -> None:
        """The server sends something."""
        self._answers += self._has_asked
        self._has_asked = False
