# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""The part of the user agent that names this collection: CloudTrail keeps the user agent of each call. Pure."""

from __future__ import annotations

import re
import typing as t

_COLLECTION = "mlops.studio_local_mode"
_MADE_HERE = re.compile(rf"(?:^|\s){re.escape(_COLLECTION)}(?: awx-job/(?P<job>\d+))?(?:\s|$)")


def user_agent_extra(environment: t.Mapping[str, str]) -> str:
    """Return what a client adds to its user agent: the collection, and the job in which AWX runs it.

    AWX sets JOB_ID and AWX_HOST for its jobs; other programs set JOB_ID, too.
    """
    job = environment.get("JOB_ID", "") if "AWX_HOST" in environment else ""
    return f"{_COLLECTION} awx-job/{job}" if job.isdigit() else _COLLECTION


def made_by_this_collection(user_agent: str) -> bool:
    """Whether a call with this user agent came from this collection."""
    return bool(_MADE_HERE.search(user_agent))


def awx_job_of(user_agent: str) -> int | None:
    """Return the ID of the AWX job that made the call, if it came from this collection in AWX."""
    found = _MADE_HERE.search(user_agent)
    return int(found["job"]) if found and found["job"] else None
