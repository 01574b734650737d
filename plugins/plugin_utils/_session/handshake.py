# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The handshake: the agent asks for actions, and the client answers which of them it did."""

from __future__ import annotations

import json
import typing as t

from .errors import SessionError

CLIENT_VERSION = "1.2.0.0"
"""The version of AWS's client whose protocol this client has."""

_SUCCESS = 1
_UNSUPPORTED = 3


class HandshakeError(SessionError):
    """The agent wants a session that this client does not have, or is too old to say what it wants."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{problem}. The image of the app needs SageMaker Distribution 2.7 or later: select a newer one for the "
            "space, and start its app again."
        )


def response(request: bytes) -> bytes:
    """Return the payload that answers the agent's request. Raises HandshakeError for a session without a port."""
    try:
        actions = json.loads(request)["RequestedClientActions"]
        processed = [_process(action) for action in actions]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise HandshakeError(f"The agent's handshake cannot be read ({error!r})") from error
    answer = {"ClientVersion": CLIENT_VERSION, "ProcessedClientActions": processed, "Errors": None}
    return json.dumps(answer).encode()


def _process(action: dict[str, t.Any]) -> dict[str, t.Any]:
    kind = action["ActionType"]
    if kind != "SessionType":
        return {"ActionType": kind, "ActionStatus": _UNSUPPORTED, "ActionResult": None, "Error": f"Unsupported: {kind}"}
    session_type = action["ActionParameters"]["SessionType"]
    if session_type != "Port":
        raise HandshakeError(f"The agent started a session of type {session_type!r}, not a port session")
    return {"ActionType": kind, "ActionStatus": _SUCCESS, "ActionResult": None, "Error": ""}
