# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""How an app is created again: its tags and its CreateApp request. Pure.

SageMaker does not record who deleted an app, nor why. Two tags do:

- The space or user profile has the tag C(restarting) from before its app is deleted until the new app is in service.
  Its value is the creation time of the app to delete, and C(recreated) with the time once the new app exists. An app
  that its user stopped has no such tag or another value, so it is never started. A Failed app whose owner has the tag
  was created by a restart, unless it is younger than that: an interrupted run leaves its tag for ever. SageMaker does
  not return the tags of a Failed app itself.
- The new app has the tag C(restarted_for) with the time of the domain update that it was restarted for. An app that is
  created again within a day may keep its creation time (botocore, CreationTime), and would be restarted in every run.
  The tag C(restarted_for_space) has the time of the update of its space, if it was restarted for that.
"""

from __future__ import annotations

import typing as t
from datetime import datetime, timedelta, timezone

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.identity import identity
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._domains.apps import iso_time

_TAG = "studio_local_mode:"
_RESTARTING = _TAG + "restarting"
RESTARTED_FOR = _TAG + "restarted_for"
RESTARTED_FOR_SPACE = _TAG + "restarted_for_space"
_RECREATED = "recreated "
# AWS refuses calls of a controller whose clock differs by more.
_CLOCK_SKEW = timedelta(minutes=5)
# AWS and Studio set these themselves; AWS refuses the first two from anyone else.
_AUTOMATIC_TAGS = ("aws:", "sagemaker:", _TAG)


def restarting_tag(app: dict[str, t.Any]) -> dict[str, str]:
    """Return the owner's tag while this app is deleted; a later app of the same name has another value."""
    return {_restarting_key(app): iso_time(app.get("CreationTime")) or "unknown"}


def recreated_tag(app: dict[str, t.Any]) -> dict[str, str]:
    """Return the owner's tag while the new app, which was created just now, is not yet in service."""
    return {_restarting_key(app): f"{_RECREATED}{iso_time(datetime.now(timezone.utc))}"}


def _restarting_key(app: dict[str, t.Any]) -> str:
    return f"{_RESTARTING}:{app['AppType']}:{app['AppName']}"


def is_half_restarted(app: dict[str, t.Any], owner_tags: dict[str, str]) -> bool:
    """Whether an earlier run deleted the app and did not get it into service again."""
    if app["Status"] == "Failed":
        value = owner_tags.get(_restarting_key(app))
        return value is not None and _existed_at(app, value.removeprefix(_RECREATED))
    return app["Status"] in ("Deleted", "Deleting") and restarting_tag(app).items() <= owner_tags.items()


def _existed_at(app: dict[str, t.Any], time: str) -> bool:
    """Whether the app existed at the time in a tag; an app without a creation time may have."""
    created = app.get("CreationTime")
    if not created:
        return True
    try:
        return bool(created <= datetime.fromisoformat(time) + _CLOCK_SKEW)
    except ValueError:
        return False


def create_request(app: dict[str, t.Any], own_tags: dict[str, str], domain: dict[str, t.Any]) -> dict[str, t.Any]:
    """Build the CreateApp request for the described app: the same tags and the same ResourceSpec, which has the image,
    the instance type and the lifecycle configuration."""
    kept = {key: value for key, value in own_tags.items() if not key.startswith(_AUTOMATIC_TAGS)}
    modified = iso_time(domain.get("LastModifiedTime"))
    tags = {**kept, **({RESTARTED_FOR: modified} if modified else {})}
    request: dict[str, t.Any] = identity(app)
    if spec := app.get("ResourceSpec"):
        request["ResourceSpec"] = spec
    if app.get("RecoveryMode"):
        request["RecoveryMode"] = True
    return {**request, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
