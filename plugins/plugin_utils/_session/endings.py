# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The messages about a session that has ended: why, and the next step. Pure."""

from __future__ import annotations

from .request import SpaceName

NO_ANSWER = "The ssh server in the app does not answer"


def check_app(space: SpaceName) -> str:
    """Return the next step where the app or the service ended a session, whatever the reason was."""
    return (
        f"Check that its app is InService: `{space.list_apps}`. Then run the playbook again; if it fails again, "
        "restart the app."
    )


def explain_ssh(status: int, errors: bytes, space: SpaceName, no_log: bool) -> str:
    """Return the message for a command of ssh that ended before the command in the app did.

    C(errors) may be those of the command, and are hidden with C(no_log).
    """
    text = errors.decode("utf-8", "replace").strip()
    said = "(hidden by no_log)" if no_log and text else text
    if status != 255:
        reason = (
            "The command ended without its status: the session was cut, or the ssh server in the app did not run it "
            f"with a shell (ssh's status {status})"
        )
    elif not text or "timed out" in text.splitlines()[-1]:
        # ssh says nothing when its keepalive messages are not answered.
        reason = f"{NO_ANSWER} any more"
    else:
        reason = "Failed to connect to the space through its session"
    return f"{reason}{f': {said}' if said else ''}".rstrip(".") + f". {check_app(space)}"
