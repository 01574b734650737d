# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The user of an app, where the facts are those of another one. Pure."""

from __future__ import annotations

from typing import Any


def user_instead(app: dict[str, Any]) -> str | None:
    """Return the app's user if the facts are another one's, who has another PATH and home; None if they are the user's.

    Another one is whoever has become it by sudo, or root by su or by the connection. That the app's first process runs
    as root says nothing of its user: whoever has become root by sudo is.
    """
    name, sudo_user = app["user"]["name"], app["sudo_user"]
    if app["app_user"] not in (None, "root"):
        is_privileged = app["become"] or app["user"]["uid"] == 0
        return app["app_user"] if is_privileged and app["app_user"] != name else None
    return sudo_user if app["user"]["uid"] == 0 and sudo_user not in (None, "root") else None
