# Copyright (c) 2026, the mlops.studio_local_mode maintainers
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says of what was done to domains which of their apps have to be restarted."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.mlops.studio_local_mode.plugins.module_utils._apps.select import LOCAL_MODE_APPS, RUNNING


def domain_report(domains: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Return each domain with C(apps_to_restart), the running apps that have not got its settings, instead of C(apps).

    C(domains) is what sagemaker_domain_docker_settings returns with include_apps. A domain that was changed has them
    all to restart; one that was right before, if it has Docker access, those older than its last update. Raises
    AnsibleFilterError where the apps are missing.
    """
    if any("apps" not in domain for domain in domains):
        raise AnsibleFilterError(
            "domain_report takes the domains of sagemaker_domain_docker_settings with their apps: "
            "give the module include_apps: true."
        )
    return [
        {
            **{key: value for key, value in domain.items() if key != "apps"},
            "apps_to_restart": [app for app in domain["apps"] if _to_restart(app, domain)],
        }
        for domain in domains
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
