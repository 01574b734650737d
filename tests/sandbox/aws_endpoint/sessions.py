# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""StartSession for a space: its refusals here, the session itself in the session gateway.

AWS documents ResourceNotFound and ResourceLimitExceeded. The refusal of a space without remote access is what users
report; that of a space without a running app is a guess.
"""

from __future__ import annotations

from typing import Any

from ..session_gateway.client import GatewayClient
from .errors import internal_failure, invalid, limit_exceeded, not_found
from .lifecycle import Moment
from .studio import Studio


def start_session(studio: Studio, request: dict[str, Any], moment: Moment) -> dict[str, Any]:
    arn = request["ResourceIdentifier"]
    space = next((space for space in studio.spaces.values() if space.arn == arn), None)
    if space is None:
        raise not_found(f"Space [{arn.rpartition('/')[2]}] does not exist.")
    if space.settings.get("SpaceSettings", {}).get("RemoteAccess") != "ENABLED":
        raise invalid(f"Space {arn} does not have remote access enabled.")
    if not _has_running_app(studio, arn):
        raise invalid(f"Space {arn} has no app in InService state.")
    if moment.desk.take_session_failure():
        raise internal_failure()
    answer = GatewayClient(moment.desk.controls.session_gateway).ask("start", arn=arn)
    if answer.get("error") == "limit":
        raise limit_exceeded("The maximum number of 10 remote connections of this space is reached.")
    if "error" in answer:
        raise internal_failure()
    return answer


def _has_running_app(studio: Studio, space_arn: str) -> bool:
    domain_id, name = space_arn.split("/")[1:]
    return any(
        app.status == "InService" and (app.settings["DomainId"], app.settings.get("SpaceName")) == (domain_id, name)
        for app in studio.apps.values()
    )


OPERATIONS = (start_session,)
