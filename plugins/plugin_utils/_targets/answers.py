# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The answers that a job of AWX has although nobody gave them. Pure.

AWX passes the default of each question of a form as an extra variable, which would hide the variables of all groups.
"""

from __future__ import annotations

import typing as t

Variables = t.Mapping[str, t.Any]

# The defaults of the forms that ask for nothing. Any other default is a value that the form shows.
NO_ANSWER = {
    "attach_lifecycle_config": "false",
    "domain_docker_access_all_domains": "false",
    "domain_docker_access_purge_accounts": "false",
    "domain_docker_access_rootless": "unchanged",
    "enable_remote_access": "false",
    "restart_apps": "false",
}
# They select domains together: one of them that is answered replaces the selection of the groups.
_ALL_DOMAINS = "domain_docker_access_all_domains"
_OTHER_SELECTIONS = ("domain_docker_access_domains", "domain_docker_access_domain_tags")


def answered(extra_variables: Variables) -> dict[str, t.Any]:
    """Return the extra variables without the unanswered questions of a form, of which only AWX has any."""
    if "awx_job_id" not in extra_variables and "tower_job_id" not in extra_variables:
        return dict(extra_variables)
    found = {name: value for name, value in extra_variables.items() if not _is_unanswered(name, value)}
    if any(name in found for name in _OTHER_SELECTIONS) and _ALL_DOMAINS in extra_variables:
        found[_ALL_DOMAINS] = extra_variables[_ALL_DOMAINS]
    return found


def _is_unanswered(name: str, value: t.Any) -> bool:
    text = "" if value is None else str(value).strip().lower() if isinstance(value, (str, bool)) else None
    return text == "" or (name in NO_ANSWER and text == NO_ANSWER[name])
