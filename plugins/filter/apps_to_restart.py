# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which apps of which domains have to be restarted, for the jobs that follow in a workflow."""

from __future__ import annotations

import typing as t


def apps_to_restart(
    report: list[dict[str, t.Any]], restarts: list[dict[str, t.Any]] | None = None
) -> dict[str, list[dict[str, t.Any]]]:
    """Return the apps to restart by domain ID, without those that C(restarts) have restarted.

    C(report) is what domain_report returns, C(restarts) the results of sagemaker_studio_app. A module that failed as a
    whole has no apps in its result: nothing of it was restarted.
    """
    restarted = {_identity(app) for result in restarts or [] for app in result.get("apps", []) if "error" not in app}
    return {
        domain["domain_id"]: [
            app
            for app in domain["apps_to_restart"]
            if _identity({**app, "domain_id": domain["domain_id"]}) not in restarted
        ]
        for domain in report
    }


def _identity(app: dict[str, t.Any]) -> tuple[str, ...]:
    return tuple(app[part] for part in ("domain_id", "owner_type", "owner", "type", "name"))


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"apps_to_restart": apps_to_restart}
