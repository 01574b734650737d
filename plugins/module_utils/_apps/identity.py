# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Note that this file is private to the collection: do not use it from outside.
"""Names of a Studio app: the members that identify it, its owner, and the ARN of its owner. Pure."""

from __future__ import annotations

import typing as t


def identity(app: dict[str, t.Any]) -> dict[str, str]:
    """Return the members by which DescribeApp, CreateApp and DeleteApp identify the app."""
    owner = "SpaceName" if app.get("SpaceName") else "UserProfileName"
    return {member: app[member] for member in ("DomainId", owner, "AppType", "AppName")}


def owner_name(app: dict[str, t.Any]) -> str:
    """Return the name of the space or user profile that the app belongs to."""
    return app.get("SpaceName") or app["UserProfileName"]


def owner_type(app: dict[str, t.Any]) -> str:
    """Return C(space) or C(user_profile)."""
    return "space" if app.get("SpaceName") else "user_profile"


def owner_arn(app: dict[str, t.Any], domain: dict[str, t.Any]) -> str:
    """Derive the owner's ARN from that of its domain: ListApps, unlike DescribeApp, returns no ARN."""
    prefix, _colon, domain_id = domain["DomainArn"].partition(":domain/")
    return f"{prefix}:{owner_type(app).replace('_', '-')}/{domain_id}/{owner_name(app)}"
