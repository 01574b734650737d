# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Joins what was done to the domains with the apps that run in them."""

from __future__ import annotations

import typing as t

from ansible_collections.mlops.studio_local_mode.plugins.module_utils._sagemaker.app_decisions import (
    LOCAL_MODE_APPS,
    RUNNING,
)


def domain_report(settings: list[dict[str, t.Any]], info: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Return each domain of C(settings) with C(apps_to_restart): the running apps that have not got its settings.

    C(settings) is what sagemaker_domain_docker_settings returns as C(domains), C(info) what sagemaker_domain_info
    returns with include_apps. A domain that was changed has them all to restart; one that was right before, if it has
    Docker access, those older than its last update.
    """
    apps = {domain["domain_id"]: domain.get("apps", []) for domain in info}
    return [
        {**domain, "apps_to_restart": [app for app in apps.get(domain["domain_id"], []) if _to_restart(app, domain)]}
        for domain in settings
    ]


def _to_restart(app: dict[str, t.Any], domain: dict[str, t.Any]) -> bool:
    if app["type"] not in LOCAL_MODE_APPS or app["status"] not in RUNNING:
        return False
    if domain["changed"]:
        return True
    return app["predates_domain_update"] and domain["docker_settings"]["enable_docker_access"]


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"domain_report": domain_report}
