# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Whether the facts of an app are those of its user. Pure."""

from __future__ import annotations

from typing import Any


def is_another_user(app: dict[str, Any]) -> bool:
    """Whether they are another user's, who has another PATH and home: by sudo, or root by su or by the connection.

    That the app's first process runs as root says nothing of its user.
    """
    is_privileged = app["become"] or app["user"]["uid"] == 0
    return is_privileged and app["app_user"] not in (None, app["user"]["name"])
