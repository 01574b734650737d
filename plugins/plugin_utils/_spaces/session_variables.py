# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""What the inventory file says of its caller, as variables of the connection: a session has the same caller. Pure."""

from __future__ import annotations

import typing as t

PROFILE, ROLE, EXTERNAL_ID, ENDPOINT = (
    f"studio_ssh_{name}" for name in ("profile", "assume_role_arn", "assume_role_external_id", "endpoint_url")
)
# The options of the inventory, and the variables of the environment that the connection reads itself: those of the job
# that opens the session, not of the one that updated the inventory.
_OPTIONS = {
    "profile": (PROFILE, ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")),
    "assume_role_arn": (ROLE, ("STUDIO_ROLE_ARN",)),
    "assume_role_external_id": (EXTERNAL_ID, ("STUDIO_ROLE_EXTERNAL_ID",)),
    "endpoint_url": (ENDPOINT, ()),
}


def session_variables(get_option: t.Callable[[str], t.Any], environment: t.Mapping[str, str]) -> dict[str, str]:
    """Return the variables of every host."""
    values = {option: get_option(option) for option in _OPTIONS}
    return {
        variable: str(values[option])
        for option, (variable, names) in _OPTIONS.items()
        if values[option] and values[option] not in (environment.get(name) for name in names)
    }
