# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The errors that end a session."""

from __future__ import annotations


class SessionError(Exception):
    """The session cannot be started, or it ended. The text says why and what to do next."""


class SessionEnded(SessionError):
    """The app or the service ended the session. The text says why; the next step is that of endings.check_app."""
