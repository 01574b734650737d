# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AssumeRole and GetCallerIdentity, as far as moto does not keep accounts apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from .credentials import Caller

if TYPE_CHECKING:
    from .state import State

_MOTOS_ASSUME_ROLE = TokenResponse.assume_role


def install(state: State) -> None:
    """Make moto's STS know the callers of `state`, and register the credentials that it hands out."""
    TokenResponse.assume_role = lambda response: _assume_role(response, state)
    TokenResponse.get_caller_identity = lambda response: _get_caller_identity(response, state)


def _assume_role(response: TokenResponse, state: State) -> ActionResult:
    """The session lasts as asked for, unless the control `session_seconds` shortens it."""
    result = _MOTOS_ASSUME_ROLE(response)
    role = result.result["Credentials"]
    seconds = state.desks.at(response.current_account, response.region).controls.session_seconds
    if seconds:
        role.expiration = datetime.now(UTC) + timedelta(seconds=seconds)
    caller = Caller(
        account=role.account_id,
        arn=role.arn,
        principal_id=role.user_id,
        name=role.session_name,
        role_arn=role.role_arn,
        token=role.session_token,
        expires=role.expiration.replace(tzinfo=UTC).timestamp(),
    )
    state.credentials.add(role.access_key_id, caller)
    return result


def _get_caller_identity(response: TokenResponse, state: State) -> ActionResult:
    caller = state.credentials.caller(response.get_access_key(), response.headers.get("X-Amz-Security-Token", ""))
    assert caller is not None, "the front door lets no stranger in"
    return ActionResult({"UserId": caller.principal_id, "Account": caller.account, "Arn": caller.arn})
