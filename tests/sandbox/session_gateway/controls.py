# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test may request of the gateway."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Controls:
    """The gateway's behaviour; the defaults are a healthy service without a limit of its throughput."""

    loss: float = 0.0
    """Share of the frames, in both directions, that are lost."""
    duplication: float = 0.0
    """Share of the frames that arrive twice."""
    reordering: float = 0.0
    """Share of the frames that arrive after the next one."""
    delay: float = 0.0
    """Seconds that each frame takes in each direction."""
    late_tcp: float = 0.0
    """Seconds after the handshake until the agent is connected to the ssh server. It acknowledges nothing before."""
    late_handshake: float = 0.0
    """Seconds until the agent begins the handshake."""
    silent_after: int = 0
    """Bytes of the ssh server after which nothing more of it arrives; 0 is never. 12 are its banner."""
    silent_agent: bool = False
    """Whether the agent never answers."""
    without_handshake: bool = False
    """Whether the agent is an old one: it begins the stream without a handshake."""
    paused: bool = False
    """Whether the service pauses the publication after the handshake, and never starts it again."""
    stalled: bool = False
    """Whether the service takes no more frames from the client, nor acknowledges any."""
    bytes_per_second: int = 0
    """The throughput in each direction; 0 is without a limit."""
    cut_after: int = 0
    """Bytes from the client after which the connection is cut, once; 0 is never."""
    end_at: str = ""
    """When the service ends a session, once: `opened`, after the first frame of the client; in the `handshake`, after
    the agent's request; when the stream is `ready`."""
    end_by: str = "cut"
    """How it does: the connection is `cut`, the WebSocket gets a `close`, or a `channel_closed` message before that."""
    junk: int = 0
    """Bytes of a message that is none of the protocol, after the handshake."""
    expired_tokens: bool = False
    """Whether the service refuses every token."""
    exit_status: str = "zero"
    """What the ssh server tells of a command: `zero` whatever it was, its `true` status, or `none`."""
    sftp: bool = False
    """Whether the ssh server has sftp. Read when a space is added."""

    def changed(self, changes: dict[str, Any]) -> Controls:
        """Return these controls with `changes`; ValueError names an unknown one."""
        if unknown := set(changes) - {item.name for item in fields(self)}:
            raise ValueError(f"unknown controls {', '.join(sorted(unknown))}")
        return replace(self, **changes)
